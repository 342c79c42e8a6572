import { isConversion } from '../analysis/matchFloat';
import { hasQuirk, QUIRKS, type QuirkName } from '../compare/quirks';
import type { LstmInfo } from '../report/overview';
import type { LstmPart } from '../report/report';
import { weightOperands } from '../model/parameters';
import type { Operator } from '../model/model';
import { isQuantized } from '../run/runtimeDtype';
import { gridOf } from '../run/gridValues';
import type { MixedGraph } from './mixedGraph';
import { ALL_OWN, DEQUANTIZED, EMULATED, FLOAT, OWN, type Mixture, type OperatorMode, type Variant } from './mixture';
import { isMove, realReach } from './realReach';
import type { SubjectKind } from './subjectKinds';

/** One thing that can be put back to float alone, and how. */
export interface Subject {
  readonly kind: SubjectKind;
  /** Layers: whether the output stays on its tensor's grid. */
  readonly output: 'grid' | 'real' | null;
  /** Position of the operator; null for inputs of the graph. */
  readonly position: number | null;
  /** Of the tensor, or of the weights where they are one operand's. */
  readonly tensor: number | null;
  readonly part: LstmPart | null;
  readonly quirk: QuirkName | null;
  /** The subject is float, all else is the file's own arithmetic. */
  readonly back: Mixture;
  /** The same operators emulated, and nothing float: what `back` is measured against. */
  readonly control: Mixture;
  /** Only the subject is quantized, all else is float; null where that is not measured. */
  readonly alone: Mixture | null;
}

/**
 * Everything in a graph that can be put back to float, and what its runtime departs from the recipe in, in the order of the graph.
 * @param lstms of the graph, by operator index
 */
export function subjectsOf(graph: MixedGraph, kinds: ReadonlySet<SubjectKind>, lstms: ReadonlyMap<number, LstmInfo>): Subject[] {
  const { parts } = graph;
  const operators = graph.graph.operators.slice(0, parts.last + 1);
  const subjects = [
    ...graph.graph.inputs.flatMap((tensor) => tensorSubjects(graph, tensor, null)),
    ...operators.flatMap((operator, position) => [
      ...operatorSubjects(graph, operator, position),
      ...quirkSubjects(graph, lstms.get(operator.index), position),
    ]),
  ];
  return subjects.filter(({ kind }) => kinds.has(kind));
}

function operatorSubjects(graph: MixedGraph, operator: Operator, position: number): Subject[] {
  if (isMove(operator)) return [];
  const tensors = operator.outputs.flatMap((tensor) => tensorSubjects(graph, tensor, position));
  if (isConversion(operator)) return tensors;
  return [
    ...layerSubjects(graph, operator, position),
    ...partSubjects(graph, operator, position),
    ...weightSubjects(graph, operator, position),
    ...tensors,
  ];
}

function layerSubjects(graph: MixedGraph, operator: Operator, position: number): Subject[] {
  const { own } = graph.parts;
  const isInteger = operator.outputs.some((index) => gridOf(graph.graph.tensors[index], own.options.path) !== null);
  const hasIntegerWeights = operator.inputs.some((index) => {
    const tensor = graph.graph.tensors[index];
    return tensor !== undefined && tensor.data !== null && isQuantized(tensor);
  });
  if (!isInteger && !hasIntegerWeights) return [];
  const base = { kind: 'layer', position, tensor: null, part: null, quirk: null } as const;
  const back = mix([[position, FLOAT]]);
  const onGrid: Subject = {
    ...base,
    output: 'grid',
    back,
    control: ALL_OWN,
    alone: onFloat([[position, OWN]]),
  };
  if (!isInteger) return [onGrid];
  const reaches = operator.outputs.map((tensor) => reachOf(graph, tensor));
  const real = reaches.every((reach) => reach !== null) ? reaches : null;
  if (real === null) return [onGrid];
  const emulated = real.flatMap(({ modes }) => modes);
  const tensors = new Set(real.flatMap(({ tensors }) => [...tensors]));
  return [
    onGrid,
    { ...base, output: 'real', back: mix([[position, FLOAT], ...emulated], tensors), control: mix(emulated), alone: null },
  ];
}

/** A computed value or an input of the graph without its rounding and clamping. */
function tensorSubjects(graph: MixedGraph, tensor: number, position: number | null): Subject[] {
  if (gridOf(graph.graph.tensors[tensor], graph.parts.own.options.path) === null) return [];
  const reach = reachOf(graph, tensor);
  if (reach === null) return [];
  const producer = position === null ? [] : producerModes(graph, position);
  if (producer === null) return [];
  return [
    {
      kind: 'tensor',
      output: null,
      position,
      tensor,
      part: null,
      quirk: null,
      back: mix([...producer.map(({ back }) => back), ...reach.modes], reach.tensors),
      control: mix([...producer.map(({ control }) => control), ...reach.modes]),
      alone: onFloat([], new Set([tensor])),
    },
  ];
}

/** How the operator that computes a tensor gives it unrounded; null where it cannot. */
function producerModes(graph: MixedGraph, position: number): { back: Mode; control: Mode }[] | null {
  const prepared = graph.parts.own.operators[position];
  if (prepared === undefined || prepared.cells.length === 0) {
    return [{ back: [position, EMULATED], control: [position, EMULATED] }];
  }
  if (graph.emulation(position) === null) return null;
  return [{ back: [position, variant('h')], control: [position, EMULATED] }];
}

function partSubjects(graph: MixedGraph, { inputs }: Operator, position: number): Subject[] {
  const emulation = graph.emulation(position);
  return (emulation?.variants ?? []).flatMap((name): Subject[] => {
    if (name === 'plain') return [];
    const base = {
      output: null,
      position,
      back: mix([[position, variant(name)]]),
      control: mix([[position, EMULATED]]),
      alone: null,
    };
    if (name.startsWith('operand')) {
      return [{ ...base, kind: 'weights', tensor: inputs[Number(name.slice(8))] ?? null, part: null, quirk: null }];
    }
    const alone = name === 'W' ? onFloat([[position, DEQUANTIZED]]) : null;
    return [{ ...base, kind: 'part', tensor: null, part: name as LstmPart, quirk: null, alone }];
  });
}

/** Where the runtime departs from the recipe; how it was built is no departure. */
function quirkSubjects({ parts }: MixedGraph, lstm: LstmInfo | undefined, position: number): Subject[] {
  if (lstm === undefined || (lstm.scheme !== 'int8' && lstm.scheme !== '16x8')) return [];
  const { persona, personaOverrides } = parts.own.options;
  const present = QUIRKS.filter(
    ({ name, matters }) => name !== 'double-rounding' && matters(lstm) && hasQuirk(name, persona, personaOverrides),
  );
  return present.map(({ name }) => ({
    kind: 'quirk',
    output: null,
    position,
    tensor: null,
    part: null,
    quirk: name,
    back: mix([[position, { kind: 'without', quirk: name }]]),
    control: ALL_OWN,
    alone: null,
  }));
}

/** Weights of operators other than LSTMs, where a float model has others. */
function weightSubjects(graph: MixedGraph, operator: Operator, position: number): Subject[] {
  const [operand] = weightOperands(operator)?.weights ?? [];
  const tensor = operator.inputs[operand ?? -1];
  const weights = graph.graph.tensors[tensor ?? -1];
  const isPlain = graph.parts.own.operators[position]?.cells.length === 0;
  if (!isPlain || weights === undefined || weights.data === null || !isQuantized(weights) || !graph.hasPartner(position))
    return [];
  if (gridOf(graph.graph.tensors[operator.outputs[0] ?? -1], graph.parts.own.options.path) === null) return [];
  return [
    {
      kind: 'weights',
      output: null,
      position,
      tensor: weights.index,
      part: null,
      quirk: null,
      back: mix([[position, variant('W')]]),
      control: mix([[position, EMULATED]]),
      alone: onFloat([[position, DEQUANTIZED]]),
    },
  ];
}

type Mode = readonly [position: number, mode: OperatorMode];

/** Operators that have to be emulated so that they can read a tensor as reals; null where one cannot be. */
function reachOf(graph: MixedGraph, tensor: number): { readonly tensors: ReadonlySet<number>; readonly modes: Mode[] } | null {
  const { own, last } = graph.parts;
  const reach = realReach(graph.graph, tensor, own.options.path, last);
  const isPossible = reach.consumers.every((position) => {
    const { operator, cells } = own.operators[position]!;
    return cells.length === 0 || (graph.emulation(position) !== null && reach.tensors.has(operator.inputs[0] ?? -1));
  });
  const modes = [...reach.movers, ...reach.consumers].map((position): Mode => [position, EMULATED]);
  return isPossible ? { tensors: reach.tensors, modes } : null;
}

function variant(name: Variant): OperatorMode {
  return { kind: 'emulated', variant: name };
}

function mix(modes: readonly Mode[], tensors: ReadonlySet<number> = new Set()): Mixture {
  return { ground: 'own', operators: new Map(modes), tensors };
}

function onFloat(modes: readonly Mode[], tensors: ReadonlySet<number> = new Set()): Mixture {
  return { ground: 'float', operators: new Map(modes), tensors };
}
