import type { GraphMatch } from '../analysis/matchFloat';
import { plainRun } from '../analysis/probedRun';
import type { PersonaOverrides } from '../lstm/persona';
import { switchQuirk, type QuirkName } from '../compare/quirks';
import type { Graph } from '../model/model';
import { prepareOperator } from '../ops/prepareOperator';
import { bindInput } from '../run/bindInput';
import type { GraphRunner } from '../run/graphRunner';
import { sameValues, toCodes, toReal } from '../run/gridValues';
import type { KeptState, PreparedOp } from '../run/preparedOp';
import type { Value } from '../run/value';
import { LstmEmulation, type EmulatedLstm } from './lstmEmulation';
import { FLOAT, modeKey, OWN, type Mixture, type OperatorMode } from './mixture';

export interface MixedGraphParts {
  /** The file's own arithmetic. */
  readonly own: GraphRunner;
  /** Float arithmetic of the same graph, with the file's weights as reals. */
  readonly real: GraphRunner;
  /** A float model of the same network; null: there are no other weights. */
  readonly partner: { readonly runner: GraphRunner; readonly match: GraphMatch } | null;
  /** Last operator that has to run. */
  readonly last: number;
  readonly state: 'reset' | 'carry';
  readonly personaOverrides?: PersonaOverrides;
  /** Whether emulated LSTMs try each weight matrix on its own. */
  readonly eachOperand: boolean;
}

export type Values = ReadonlyMap<number, Value>;

/** By position among the graph's inputs: what an input has been fed back from the call before. */
export type FedBack = ReadonlyMap<number, Value>;

const NOTHING_FED: FedBack = new Map();

/** States of one mixture that run on from sample to sample, or from call to call. */
interface Kept {
  readonly operators: Map<string, KeptState | null>;
  readonly emulations: Map<number, EmulatedLstm>;
  /** Positions of operators that may read something else than on the mixture's ground. */
  readonly reached: ReadonlySet<number>;
}

/**
 * One graph run over and over on the same sample, each time in another mixture of quantized and float. What is computed in no other
 * way than on the mixture's ground is taken from the ground's own run, so that only operators behind a difference run.
 */
export class MixedGraph {
  readonly graph: Graph;
  readonly #emulations: ReadonlyMap<number, LstmEmulation>;
  /** All variants of an emulated LSTM side by side, on what the ground `own` feeds it. */
  readonly #sideBySide = new Map<number, EmulatedLstm>();
  readonly #sideOutputs = new Map<number, ReadonlyMap<string, Value>>();
  /** Of emulated LSTMs that are fed with something else. */
  readonly #single = new Map<number, EmulatedLstm>();
  readonly #kept = new Map<string, Kept>();
  readonly #withoutQuirks = new Map<string, PreparedOp>();
  #grounds: { own: Values; float: Values } | null = null;
  #isStepped = false;

  constructor(readonly parts: MixedGraphParts) {
    this.graph = parts.own.graph;
    this.#emulations = emulationsOf(parts);
  }

  /** The emulation of the operator at `position`; null where it is no LSTM that can be emulated. */
  emulation(position: number): LstmEmulation | null {
    return this.#emulations.get(position) ?? null;
  }

  /** Whether the float model has a counterpart of the operator. */
  hasPartner(position: number): boolean {
    return (this.parts.partner?.match.partners[position] ?? null) !== null;
  }

  /**
   * Comes before the first `begin` of a sample.
   * @param isStepped `begin` is called for every call of the sample: states then run on from call to call
   */
  beginSample(isStepped: boolean): void {
    this.#isStepped = isStepped;
    if (!isStepped || this.parts.state === 'carry') return;
    const { own, real, partner } = this.parts;
    for (const runner of [own, real, ...(partner === null ? [] : [partner.runner])]) runner.resetState();
    for (const emulation of this.#sideBySide.values()) emulation.reset();
    for (const { operators, emulations } of this.#kept.values()) {
      operators.clear();
      for (const emulation of emulations.values()) emulation.reset();
    }
  }

  get #isCarried(): boolean {
    return this.#isStepped || this.parts.state === 'carry';
  }

  /**
   * Runs a sample, or a call of one, on both grounds.
   * @param floatInputs where states have been fed back, the float path has its own
   * @returns every value, by tensor: on the file's own path and on the float path
   * @throws InputShapeError
   */
  *begin(
    inputs: readonly Value[],
    floatInputs: readonly Value[] = inputs,
  ): Generator<void, { readonly own: Values; readonly float: Values }> {
    const { graph, parts } = this;
    this.#sideOutputs.clear();
    const bound = (path: 'own' | 'float') =>
      graph.inputs.map((tensor, position): [number, Value] => {
        const to = path === 'own' ? parts.own.options.path : 'float';
        const given = path === 'own' ? inputs : floatInputs;
        return [tensor, bindInput(graph, position, given[position], to, parts.own.options.inputRounding)];
      });
    const grounds = { own: new Map(bound('own')), float: new Map(bound('float')) };
    this.#grounds = grounds;
    for (const [values, mode] of [
      [grounds.own, OWN],
      [grounds.float, FLOAT],
    ] as const) {
      for (let position = 0; position <= parts.last; position++) {
        const outputs = yield* this.#prepared(position, mode, null, values);
        graph.operators[position]?.outputs.forEach((index, output) => {
          const value = outputs[output];
          if (value !== undefined) values.set(index, value);
        });
      }
    }
    return grounds;
  }

  /**
   * The values of a mixture, on the sample that was begun.
   * @param key of the mixture (see mixtureKey); with states carried, what it keeps is kept under it
   */
  *values(mixture: Mixture, key: string, fed: FedBack = NOTHING_FED): Generator<void, Pick<Values, 'get'>> {
    const grounds = this.#grounds;
    if (grounds === null) throw new Error('No sample has begun.');
    const { graph, parts } = this;
    const { path, inputRounding } = parts.own.options;
    const isCarried = this.#isCarried;
    const ground = grounds[mixture.ground];
    const kept = isCarried ? this.#keep(key, mixture, fed) : null;
    const changed = new Map<number, Value>();
    const values = new Overlay(changed, ground);
    const put = (index: number, value: Value) => {
      const stored = this.#treat(mixture, index, value);
      const before = ground.get(index) ?? null;
      if (!sameValues(stored, before)) changed.set(index, stored);
    };
    graph.inputs.forEach((index, position) => {
      const isOther = mixture.tensors.has(index);
      const state = fed.get(position);
      const real = grounds.float.get(index);
      if (state !== undefined) {
        // What is computed with reals stays so when it comes back, but for what the input itself is.
        put(index, bindInput(graph, position, state, (mixture.ground === 'float') === isOther ? path : 'float', inputRounding));
      } else if (isOther && real !== undefined) {
        put(index, mixture.ground === 'own' ? real : toCodes(graph.tensors[index], real, path));
      }
    });
    for (let position = 0; position <= parts.last; position++) {
      const operator = graph.operators[position]!;
      const mode = mixture.operators.get(position);
      const isChanged = operator.inputs.some((index) => changed.has(index));
      const isTreated = operator.outputs.some((index) => mixture.tensors.has(index));
      // What keeps states may have others than on the ground although it reads the same.
      const isReached = kept === null ? isChanged : kept.reached.has(position);
      const isSame = !isChanged && !(isReached && this.#keepsStates(position));
      if (mode === undefined && isSame && !isTreated) continue;
      const groundMode = mixture.ground === 'own' ? OWN : FLOAT;
      const outputs = yield* this.#outputs(position, mode ?? groundMode, kept, values, isReached);
      operator.outputs.forEach((index, output) => {
        const value = outputs[output];
        if (value !== undefined) put(index, value);
      });
    }
    return values;
  }

  *#outputs(
    position: number,
    mode: OperatorMode,
    kept: Kept | null,
    values: Overlay,
    isReached: boolean,
  ): Generator<void, readonly Value[]> {
    if (mode.kind !== 'emulated' || !this.#emulations.has(position)) {
      return yield* this.#prepared(position, mode, kept, values);
    }
    if (!isReached) {
      const value = (yield* this.#sideBySideOutputs(position)).get(mode.variant);
      return value === undefined ? [] : [value];
    }
    const emulation = yield* this.#singleEmulation(position, kept);
    const output = (yield* emulation.run(this.#operand(position, 0, values)!)).get('plain');
    return output === undefined ? [] : [output];
  }

  /** Runs an operator that is not emulated as an LSTM is: its operands as codes, or as reals. */
  *#prepared(
    position: number,
    mode: OperatorMode,
    kept: Kept | null,
    values: Overlay | Values,
  ): Generator<void, readonly Value[]> {
    const { graph, parts } = this;
    const operator = graph.operators[position]!;
    const { path } = parts.own.options;
    const takesCodes = mode.kind === 'own' || mode.kind === 'without';
    const operands = operator.inputs.map((index) => {
      const value = values.get(index);
      if (value === undefined) return null;
      const tensor = graph.tensors[index];
      return takesCodes ? toCodes(tensor, value, path) : toReal(tensor, value, path);
    });
    const { runner, at } = this.#runnerFor(position, mode);
    const prepared = mode.kind === 'without' ? this.#withoutQuirk(position, mode.quirk) : runner.operators[at]!;
    if (!this.#isCarried) prepared.resetState();
    const key = `${position} ${modeKey(mode)}`;
    const others = kept === null ? null : prepared.exchangeState?.(kept.operators.get(key) ?? null);
    const outputs = yield* plainRun(prepared, runner.graph, operands);
    if (kept !== null && others !== undefined) kept.operators.set(key, prepared.exchangeState?.(others) ?? null);
    yield;
    return outputs;
  }

  /** Prepares an operator once more, with a state of its own. */
  #prepare(position: number, mode: OperatorMode): PreparedOp {
    const { runner, at } = this.#runnerFor(position, mode);
    const { persona } = runner.options;
    const off = mode.kind === 'without' ? switchQuirk(mode.quirk, false, persona) : {};
    const options = { ...runner.options, personaOverrides: { ...runner.options.personaOverrides, ...off } };
    return prepareOperator(runner.graph, runner.operators[at]!.operator, options);
  }

  #withoutQuirk(position: number, quirk: QuirkName): PreparedOp {
    const key = `${position} ${quirk}`;
    const prepared = this.#withoutQuirks.get(key) ?? this.#prepare(position, { kind: 'without', quirk });
    this.#withoutQuirks.set(key, prepared);
    return prepared;
  }

  #runnerFor(position: number, mode: OperatorMode): { readonly runner: GraphRunner; readonly at: number } {
    const { own, real, partner } = this.parts;
    if (mode.kind === 'own' || mode.kind === 'without') return { runner: own, at: position };
    const counterpart = partner?.match.partners[position] ?? null;
    const wantsFloat = mode.kind === 'float' || (mode.kind === 'emulated' && mode.variant === 'W');
    return wantsFloat && partner !== null && counterpart !== null
      ? { runner: partner.runner, at: counterpart }
      : { runner: real, at: position };
  }

  #operand(position: number, operand: number, values: Overlay | Values): Value | undefined {
    const index = this.graph.operators[position]?.inputs[operand] ?? -1;
    const value = values.get(index);
    return value === undefined ? undefined : toReal(this.graph.tensors[index], value, this.parts.own.options.path);
  }

  /** Once for each sample. */
  *#sideBySideOutputs(position: number): Generator<void, ReadonlyMap<string, Value>> {
    const known = this.#sideOutputs.get(position);
    if (known !== undefined) return known;
    const emulation = this.#sideBySide.get(position) ?? (yield* this.#emulations.get(position)!.open());
    this.#sideBySide.set(position, emulation);
    if (!this.#isCarried) emulation.reset();
    const outputs = yield* emulation.run(this.#operand(position, 0, this.#grounds!.own)!);
    this.#sideOutputs.set(position, outputs);
    return outputs;
  }

  *#singleEmulation(position: number, kept: Kept | null): Generator<void, EmulatedLstm> {
    const place = kept === null ? this.#single : kept.emulations;
    const emulation = place.get(position) ?? (yield* this.#emulations.get(position)!.open(['plain']));
    place.set(position, emulation);
    if (kept === null) emulation.reset();
    return emulation;
  }

  /** A computed value as the mixture keeps it. */
  #treat(mixture: Mixture, index: number, value: Value): Value {
    const tensor = this.graph.tensors[index];
    const { path } = this.parts.own.options;
    const isOther = mixture.tensors.has(index);
    if (mixture.ground === 'own') return isOther ? value : toCodes(tensor, value, path);
    return toReal(tensor, isOther ? toCodes(tensor, value, path) : value, path);
  }

  #keep(key: string, mixture: Mixture, fed: FedBack): Kept {
    const known = this.#kept.get(key) ?? {
      operators: new Map(),
      emulations: new Map(),
      reached: reachedBy(this.graph, mixture, fed),
    };
    this.#kept.set(key, known);
    return known;
  }

  #keepsStates(position: number): boolean {
    const { own, real, partner } = this.parts;
    const counterpart = partner?.runner.operators[partner.match.partners[position] ?? -1];
    return [own.operators[position], real.operators[position], counterpart].some((one) => one?.exchangeState !== undefined);
  }
}

/** Positions of operators that read what a mixture computes otherwise than its ground does, whatever the values are. */
function reachedBy({ inputs, operators }: Graph, { operators: modes, tensors }: Mixture, fed: FedBack): ReadonlySet<number> {
  const changed = new Set(inputs.filter((index, position) => fed.has(position) || tensors.has(index)));
  const reached = new Set<number>();
  operators.forEach((operator, position) => {
    const isReached = operator.inputs.some((index) => changed.has(index));
    if (isReached) reached.add(position);
    const isOther = isReached || modes.has(position) || operator.outputs.some((index) => tensors.has(index));
    if (isOther) for (const index of operator.outputs) changed.add(index);
  });
  return reached;
}

/** Values that differ over those of the ground. */
class Overlay {
  constructor(
    private readonly changed: Values,
    private readonly ground: Values,
  ) {}

  get(tensor: number): Value | undefined {
    return this.changed.get(tensor) ?? this.ground.get(tensor);
  }
}

function emulationsOf({
  own,
  partner,
  last,
  personaOverrides,
  eachOperand,
}: MixedGraphParts): ReadonlyMap<number, LstmEmulation> {
  const emulations = new Map<number, LstmEmulation>();
  if (own.options.path !== 'int8') return emulations;
  own.operators.slice(0, last + 1).forEach(({ operator, cells }, position) => {
    const counterpart = partner?.runner.operators[partner.match.partners[position] ?? -1]?.operator;
    if (cells.length !== 1 || (partner !== null && counterpart === undefined)) return;
    const float = partner === null || counterpart === undefined ? null : { graph: partner.runner.graph, operator: counterpart };
    const overrides = personaOverrides === undefined ? {} : { personaOverrides };
    const options = { persona: own.options.persona, ...overrides, float, eachOperand };
    const emulation = LstmEmulation.of({ graph: own.graph, operator }, options);
    if (emulation !== null) emulations.set(position, emulation);
  });
  return emulations;
}
