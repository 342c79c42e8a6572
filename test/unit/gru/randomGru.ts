import fc from 'fast-check';
import type { GruGate } from '../../../worker/core/lstm/signals';
import { GRU_OPERANDS } from '../../../worker/core/model/gruOperands';
import type { OptionValue } from '../../../worker/core/model/model';
import type { OperatorSpec, TensorSpec } from '../../lstmBuilder';
import { uniform } from '../lstm/randomLstm';

export const GATES: readonly GruGate[] = ['update', 'reset', 'candidate'];

export interface GruShape {
  readonly input: number;
  readonly hidden: number;
  readonly linearBeforeReset: boolean;
  readonly clip: number;
}

export const gruShapes: fc.Arbitrary<GruShape> = fc.record({
  input: fc.integer({ min: 1, max: 19 }),
  hidden: fc.integer({ min: 1, max: 21 }),
  linearBeforeReset: fc.boolean(),
  clip: fc.constantFrom(0, 0, 0.75),
});

/** Real weights by role. */
export interface RealGru {
  readonly shape: GruShape;
  readonly input: Record<GruGate, Float32Array>;
  readonly recurrent: Record<GruGate, Float32Array>;
  readonly bias: Record<GruGate, Float32Array>;
  readonly recurrentBias: Float32Array | null;
}

export function randomGru(shape: GruShape, seed: number): RealGru {
  const random = uniform(seed);
  const { input, hidden } = shape;
  const values = (length: number, scale: number) => Float32Array.from({ length }, () => scale * random());
  const perGate = (make: () => Float32Array): Record<GruGate, Float32Array> => ({
    update: make(),
    reset: make(),
    candidate: make(),
  });
  return {
    shape,
    input: perGate(() => values(hidden * input, 2 / Math.sqrt(input))),
    recurrent: perGate(() => values(hidden * hidden, 1.5 / Math.sqrt(hidden))),
    bias: perGate(() => values(hidden, 0.5)),
    recurrentBias: shape.linearBeforeReset ? values(hidden, 0.5) : null,
  };
}

export interface GruLayout {
  readonly timeMajor: boolean;
  readonly initial?: TensorSpec;
  readonly lengths?: readonly number[];
  readonly options?: Record<string, OptionValue>;
}

/** The float operator, with both outputs. */
export function gruSpec({ shape, input, recurrent, bias, recurrentBias }: RealGru, layout: GruLayout): OperatorSpec {
  const { hidden } = shape;
  const constant = (values: Float32Array, size: readonly number[]): TensorSpec => ({ dtype: 'float32', shape: size, values });
  const operands: (TensorSpec | null)[] = Array.from({ length: 13 }, () => null);
  operands[GRU_OPERANDS.input] = { dtype: 'float32', shape: [1, 1, shape.input] };
  for (const gate of GATES) {
    operands[GRU_OPERANDS.inputToGate[gate]] = constant(input[gate], [hidden, shape.input]);
    operands[GRU_OPERANDS.recurrentToGate[gate]] = constant(recurrent[gate], [hidden, hidden]);
    operands[GRU_OPERANDS.gateBias[gate]] = constant(bias[gate], [hidden]);
  }
  operands[GRU_OPERANDS.recurrentCandidateBias] = recurrentBias === null ? null : constant(recurrentBias, [hidden]);
  operands[GRU_OPERANDS.initialHidden] = layout.initial ?? null;
  if (layout.lengths !== undefined) {
    const values = Int32Array.from(layout.lengths);
    operands[GRU_OPERANDS.sequenceLengths] = { dtype: 'int32', shape: [values.length], values };
  }
  return {
    name: 'GRU',
    operands,
    outputs: [
      { dtype: 'float32', shape: [1, 1, hidden] },
      { dtype: 'float32', shape: [1, hidden] },
    ],
    options: {
      time_major: layout.timeMajor,
      linear_before_reset: shape.linearBeforeReset,
      gate_clip: shape.clip,
      ...layout.options,
    },
  };
}
