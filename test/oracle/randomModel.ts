import fc from 'fast-check';
import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import { ABSENT } from '../../worker/core/model/model';
import type { Value } from '../../worker/core/run/value';
import type { OperatorSpec, TensorSpec } from '../lstmBuilder';
import { HYBRID_FORMS, integerSpec, quantizeInput } from '../unit/lstm/quantizeLstm';
import {
  FLOAT_FORMS,
  randomLstm,
  sequenceSpec,
  topologiesWith,
  uniform,
  type OperatorLayout,
  type Switches,
  type Topology,
} from '../unit/lstm/randomLstm';

/** What a random model is made from. */
export interface Recipe {
  readonly topology: Topology;
  readonly layout: Required<OperatorLayout>;
  readonly seed: number;
}

/** A model of one operator, and the inputs of successive runs of it. */
export interface RandomModel {
  readonly spec: OperatorSpec;
  /** Per run, one value per input of the graph. */
  readonly runs: readonly (readonly Value[])[];
}

export type RealPath = 'float' | 'hybrid';

const RUNS = 3;
const FORMS = { float: FLOAT_FORMS, hybrid: HYBRID_FORMS };

/**
 * Random sizes and layouts. The output is never larger than the cell: there TensorFlow Lite writes past its scratch memory
 * (float cells, and integer ones with a peephole), which breaks the runtime for all models after.
 */
export function recipesOf(switches: Switches): fc.Arbitrary<Recipe> {
  return fc.record({
    topology: topologiesWith(switches).map((topology) => ({ ...topology, output: Math.min(topology.output, topology.cell) })),
    layout: fc.record({
      batch: fc.integer({ min: 1, max: 3 }),
      timeMajor: fc.boolean(),
      steps: fc.integer({ min: 1, max: 6 }),
      operands: switches.layerNorm ? fc.constant<24>(24) : fc.constantFrom<20 | 24>(20, 24),
    }),
    seed: fc.integer(),
  });
}

export const labelOf = ({ cifg, layerNorm, projection, peephole }: Switches): string =>
  [cifg ? 'cifg' : 'lstm', layerNorm && 'layer norm', projection && 'projection', peephole && 'peephole']
    .filter((part) => part !== false)
    .join(', ');

/** Float weights, or int8 weights and float activations. */
export function realModel(path: RealPath, recipe: Recipe): RandomModel {
  const { topology, layout, seed } = recipe;
  return { spec: sequenceSpec(randomLstm(topology, seed), FORMS[path], layout), runs: randomInputs(recipe).map((x) => [x]) };
}

/** As a converter would make it: calibrated on the first run's input. */
export function calibratedModel(recipe: Recipe): RandomModel {
  const { topology, layout, seed } = recipe;
  const inputs = randomInputs(recipe);
  const { spec, input } = integerSpec(randomLstm(topology, seed), inputs[0], layout);
  return { spec, runs: inputs.map((x) => [quantizeInput(x, input)]) };
}

/**
 * As no converter would make it, so that every stage reaches its ends: inputs over all codes, zero points anywhere, scales up to
 * 4 times off, any format of the cell.
 */
export function roughModel(recipe: Recipe): RandomModel {
  const { spec, runs } = calibratedModel(recipe);
  const random = uniform(recipe.seed ^ 0x3c6ef372);
  const code = () => Math.floor(128 * random());
  const scaled = (scale = 1) => Math.fround(scale * 4 ** random());
  const rough = (tensor: TensorSpec, zeroPoint: number): TensorSpec =>
    tensor.scale === undefined ? tensor : { ...tensor, scale: scaled(tensor.scale), zeroPoint };
  const output = { scale: scaled(spec.outputs[0]?.scale), zeroPoint: code() };
  const cellScale = 2 ** (-12 + Math.round(3 * random()));
  const operands = spec.operands.map((operand, position) => {
    if (operand === null) return null;
    if (position === 0) return rough(operand, code());
    if (position === 18) return { ...operand, ...output };
    return position === 19 ? { ...operand, scale: cellScale } : rough(operand, 0);
  });
  return {
    spec: {
      ...spec,
      operands,
      intermediates: (spec.intermediates ?? []).map((tensor, position) => rough(tensor, position === 4 ? code() : 0)),
      outputs: spec.outputs.map((tensor) => ({ ...tensor, ...output })),
    },
    runs: runs.map((values) => values.map((x) => ({ ...x, data: Int8Array.from({ length: x.data.length }, code) }))),
  };
}

/** LSTM with the full kernel: the same cell, one step a run, on an input of rank 2. */
export function singleStep({ spec, runs }: RandomModel): RandomModel {
  const flat = (tensor: TensorSpec): TensorSpec => ({
    ...tensor,
    shape: [tensor.shape[0]! * tensor.shape[1]!, tensor.shape[2]!],
  });
  const { fused_activation_function, cell_clip = 0, proj_clip = 0 } = spec.options;
  return {
    spec: {
      ...spec,
      name: 'LSTM',
      operands: spec.operands.map((operand, position) => (position === 0 && operand !== null ? flat(operand) : operand)),
      outputs: spec.outputs.map(flat),
      options: { fused_activation_function: fused_activation_function ?? 'TANH', cell_clip, proj_clip, kernel_type: 'FULL' },
    },
    runs: runs.map((values) => values.map((x) => ({ ...x, shape: [x.shape[0]! * x.shape[1]!, x.shape[2]!] }))),
  };
}

/** LSTM with the basic kernel: one packed matrix over [x, h], gates i, g, f, o; h and c come from outside and go there. */
export function basicModel({ topology: { input, cell }, layout: { batch }, seed }: Recipe): RandomModel {
  const random = uniform(seed);
  const value = (size: number): Value => ({
    dtype: 'float32',
    shape: [batch, size],
    data: Float32Array.from({ length: batch * size }, random),
  });
  const open = (size: number): TensorSpec => ({ dtype: 'float32', shape: [batch, size] });
  const weights = (shape: readonly number[], length: number): TensorSpec => ({
    dtype: 'float32',
    shape,
    values: Float32Array.from({ length }, random),
  });
  return {
    spec: {
      name: 'LSTM',
      operands: [
        open(input),
        open(cell),
        weights([4 * cell, input + cell], 4 * cell * (input + cell)),
        weights([4 * cell], 4 * cell),
        open(cell),
      ],
      outputs: [open(cell), open(cell), open(input + cell), open(4 * cell)],
      options: { fused_activation_function: 'TANH', cell_clip: 0, proj_clip: 0, kernel_type: 'BASIC' },
    },
    runs: Array.from({ length: RUNS }, () => [value(input), value(cell), value(cell)]),
  };
}

export type AuxInput = 'none' | 'own weights' | 'stacked';

/**
 * BIDIRECTIONAL_SEQUENCE_LSTM of two cells of one topology. Its auxiliary input has weights of its own, or is the backward
 * cell's input.
 */
export function bidirectionalModel(path: RealPath, recipe: Recipe, aux: AuxInput, isMerged: boolean): RandomModel {
  const { topology, layout, seed } = recipe;
  const forms = FORMS[path];
  const [forward, backward] = [seed, seed + 1].map((own) => sequenceSpec(randomLstm(topology, own), forms, layout));
  if (forward === undefined || backward === undefined) throw new Error('two cells are needed');
  const auxWeights = [seed + 2, seed + 3].flatMap((own) =>
    aux === 'own weights'
      ? sequenceSpec(randomLstm(topology, own), forms, layout).operands.slice(1, 5)
      : Array.from({ length: 4 }, () => null),
  );
  const [input = null] = forward.operands;
  const y = forward.outputs[0];
  if (y === undefined) throw new Error('an output is needed');
  const merged: TensorSpec = { ...y, shape: [...y.shape.slice(0, 2), 2 * topology.output] };
  const { time_major = false, ...options } = forward.options;
  const inputs = randomInputs(recipe);
  const auxInputs = randomInputs({ ...recipe, seed: seed + 4 });
  return {
    spec: {
      name: 'BIDIRECTIONAL_SEQUENCE_LSTM',
      operands: [
        input,
        ...forward.operands.slice(1, 18),
        ...backward.operands.slice(1, 18),
        ...forward.operands.slice(18, 20),
        ...backward.operands.slice(18, 20),
        aux === 'none' ? null : input,
        ...auxWeights,
      ],
      outputs: isMerged ? [merged] : [y, y],
      options: { ...options, merge_outputs: isMerged, time_major },
    },
    runs: inputs.map((x, run) => (aux === 'none' ? [x] : [x, auxInputs[run] ?? x])),
  };
}

/** Inputs over all codes for the first graph of an int8 model file with one input. */
export function randomCodes(bytes: Uint8Array, runs: number): Value[][] {
  const [graph] = readTflite(bytes, 'random codes').graphs;
  const shape = graph?.tensors[graph.inputs[0] ?? ABSENT]?.shape ?? [];
  const random = uniform(runs);
  const length = shape.reduce((product, size) => product * size, 1);
  const data = () => Int8Array.from({ length }, () => Math.floor(128 * random()));
  return Array.from({ length: runs }, () => [{ dtype: 'int8', shape, data: data() }]);
}

function randomInputs({ topology, layout: { batch, timeMajor, steps }, seed }: Recipe): [Value, ...Value[]] {
  const shape = timeMajor ? [steps, batch, topology.input] : [batch, steps, topology.input];
  const make = (run: number): Value => ({
    dtype: 'float32',
    shape,
    data: Float32Array.from({ length: steps * batch * topology.input }, uniform(seed + 7919 * run)),
  });
  return [make(1), ...Array.from({ length: RUNS - 1 }, (_, more) => make(more + 2))];
}
