import fc from 'fast-check';
import type { OperatorSpec, TensorSpec } from '../../lstmBuilder';
import { GATES, type Gate } from '../../../worker/core/lstm/signals';

/** The four switches and the sizes of an LSTM. */
export interface Topology {
  readonly cifg: boolean;
  readonly layerNorm: boolean;
  readonly projection: boolean;
  readonly peephole: boolean;
  readonly input: number;
  readonly cell: number;
  readonly output: number;
  readonly projectionBias: boolean;
  readonly cellClip: number;
  readonly projectionClip: number;
}

/** Real weights by role; absent kinds are null. */
export interface RealLstm {
  readonly topology: Topology;
  readonly inputToGate: Record<Gate, Float32Array>;
  readonly recurrentToGate: Record<Gate, Float32Array>;
  readonly peephole: Record<Gate, Float32Array> | null;
  readonly bias: Record<Gate, Float32Array>;
  readonly layerNorm: Record<Gate, Float32Array> | null;
  readonly projection: Float32Array | null;
  readonly projectionBias: Float32Array | null;
}

/** Which parts a cell has. */
export type Switches = Pick<Topology, 'cifg' | 'layerNorm' | 'projection' | 'peephole'>;

/** All 16 combinations of the four switches. */
export const SWITCHES: readonly Switches[] = Array.from({ length: 16 }, (_, bits) => ({
  cifg: (bits & 8) !== 0,
  layerNorm: (bits & 4) !== 0,
  projection: (bits & 2) !== 0,
  peephole: (bits & 1) !== 0,
}));

/** Random sizes and clips; switches are random where they are not given. */
export function topologiesWith(given: Partial<Switches>): fc.Arbitrary<Topology> {
  const flag = (value: boolean | undefined) => (value === undefined ? fc.boolean() : fc.constant(value));
  return fc
    .record({
      cifg: flag(given.cifg),
      layerNorm: flag(given.layerNorm),
      projection: flag(given.projection),
      peephole: flag(given.peephole),
      input: fc.integer({ min: 1, max: 19 }),
      cell: fc.integer({ min: 1, max: 21 }),
      output: fc.integer({ min: 1, max: 21 }),
      projectionBias: fc.boolean(),
      cellClip: fc.constantFrom(0, 0.5, 3),
      projectionClip: fc.constantFrom(0, 0.25),
    })
    .map((topology) => ({
      ...topology,
      output: topology.projection ? topology.output : topology.cell,
      projectionBias: topology.projection && topology.projectionBias,
      projectionClip: topology.projection ? topology.projectionClip : 0,
    }));
}

export const topologies: fc.Arbitrary<Topology> = topologiesWith({});

/** Uniform numbers in [-1, 1), the same for the same seed (mulberry32). */
export function uniform(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2147483648 - 1;
  };
}

/** Weights of a size that keeps gates off their ends most of the time. */
export function randomLstm(topology: Topology, seed: number): RealLstm {
  const random = uniform(seed);
  const { input, cell, output } = topology;
  const values = (length: number, scale: number, offset = 0) => Float32Array.from({ length }, () => offset + scale * random());
  const perGate = (make: () => Float32Array): Record<Gate, Float32Array> => ({
    input: make(),
    forget: make(),
    cell: make(),
    output: make(),
  });
  return {
    topology,
    inputToGate: perGate(() => values(cell * input, 2 / Math.sqrt(input))),
    recurrentToGate: perGate(() => values(cell * output, 1.5 / Math.sqrt(output))),
    peephole: topology.peephole ? perGate(() => values(cell, 0.5)) : null,
    bias: perGate(() => values(cell, 0.5)),
    layerNorm: topology.layerNorm ? perGate(() => values(cell, 0.3, 1)) : null,
    projection: topology.projection ? values(output * cell, 2 / Math.sqrt(cell)) : null,
    projectionBias: topology.projectionBias ? values(output, 0.2) : null,
  };
}

/** How each kind of operand is stored. */
export interface OperandForms {
  readonly input: Omit<TensorSpec, 'shape'>;
  readonly matrix: (values: Float32Array, shape: readonly number[]) => TensorSpec;
  readonly peephole: (values: Float32Array, shape: readonly number[]) => TensorSpec;
  readonly bias: (values: Float32Array, gate: Gate) => TensorSpec;
  readonly layerNorm: (values: Float32Array, shape: readonly number[]) => TensorSpec;
  readonly projectionBias: (values: Float32Array) => TensorSpec;
  readonly outputState: Omit<TensorSpec, 'shape'>;
  readonly cellState: Omit<TensorSpec, 'shape'>;
}

export interface OperatorLayout {
  readonly batch: number;
  readonly timeMajor: boolean;
  /** 20 or 24; 24 with layer norm. */
  readonly operands?: 20 | 24;
  /** Static number of steps; 1 where it does not matter. */
  readonly steps?: number;
}

/** UNIDIRECTIONAL_SEQUENCE_LSTM over these weights. */
export function sequenceSpec(lstm: RealLstm, forms: OperandForms, layout: OperatorLayout): OperatorSpec {
  const { topology } = lstm;
  const { input, cell, output, cifg } = topology;
  const { batch, timeMajor, steps = 1 } = layout;
  const sequence = (size: number) => (timeMajor ? [steps, batch, size] : [batch, steps, size]);
  const perGate = (gates: readonly Gate[], make: (gate: Gate) => TensorSpec): (TensorSpec | null)[] =>
    gates.map((gate) => (cifg && gate === 'input' ? null : make(gate)));
  const { peephole, layerNorm, projection, projectionBias } = lstm;
  const peepholeGates: readonly Gate[] = ['input', 'forget', 'output'];
  const operands: (TensorSpec | null)[] = [
    { ...forms.input, shape: sequence(input) },
    ...perGate(GATES, (gate) => forms.matrix(lstm.inputToGate[gate], [cell, input])),
    ...perGate(GATES, (gate) => forms.matrix(lstm.recurrentToGate[gate], [cell, output])),
    ...(peephole === null ? [null, null, null] : perGate(peepholeGates, (gate) => forms.peephole(peephole[gate], [cell]))),
    ...perGate(GATES, (gate) => forms.bias(lstm.bias[gate], gate)),
    projection === null ? null : forms.matrix(projection, [output, cell]),
    projectionBias === null ? null : forms.projectionBias(projectionBias),
    { ...forms.outputState, shape: [batch, output], isVariable: true },
    { ...forms.cellState, shape: [batch, cell], isVariable: true },
  ];
  if (layerNorm !== null) operands.push(...perGate(GATES, (gate) => forms.layerNorm(layerNorm[gate], [cell])));
  else if (layout.operands !== 20) operands.push(null, null, null, null);
  return {
    name: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    operands,
    outputs: [{ ...forms.outputState, shape: sequence(output) }],
    options: {
      fused_activation_function: 'TANH',
      cell_clip: topology.cellClip,
      proj_clip: topology.projectionClip,
      time_major: timeMajor,
      asymmetric_quantize_inputs: false,
    },
  };
}

const real = (values: Float32Array, shape: readonly number[]): TensorSpec => ({ dtype: 'float32', shape, values });

/** Everything in float32. */
export const FLOAT_FORMS: OperandForms = {
  input: { dtype: 'float32' },
  matrix: real,
  peephole: real,
  bias: (values) => real(values, [values.length]),
  layerNorm: real,
  projectionBias: (values) => real(values, [values.length]),
  outputState: { dtype: 'float32' },
  cellState: { dtype: 'float32' },
};
