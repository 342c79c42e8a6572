import { GEMMLOWP_TABLES, LUT_TABLES, type ActivationTables } from '../quantization/activationTables';
import type { MultiplierRounding } from '../quantization/fixedPoint';

/** Which runtime's arithmetic is simulated. */
export type PersonaName = 'tflite' | 'tflite-old' | 'tflm';

export const PERSONA_NAMES: readonly PersonaName[] = ['tflite', 'tflite-old', 'tflm'];

/**
 * What a runtime decides where the recipe leaves a choice, or departs from it. Each can be overridden on its own, so that a
 * run with and a run without it show what it costs.
 */
export interface IntegerDecisions {
  /** How int32 accumulators are rescaled; a build option of TensorFlow Lite and TFLM. */
  readonly multiplierRounding: MultiplierRounding;
  /** The recurrent matmul saturates at int16 on its own before it is added to the input's; otherwise only the sum does. */
  readonly recurrentSaturatesAlone: boolean;
  /** f*c and i*g: rounded right shifts, or quantized multipliers as in element-wise MUL. */
  readonly cellProducts: 'shift' | 'multiplier';
  /** Whose scale and zero point m has: intermediate 4's (effective scale in float32), or the output state's (in float64). */
  readonly hiddenParameters: 'intermediate' | 'output-state';
  /** When m is stored with the negated zero point, which clamps the wrong end for a zero point other than 0. */
  readonly negatedHiddenZeroPoint: 'never' | 'with-projection' | 'always';
  /**
   * How many cells of a row the peephole covers. `output`: the runtime passes the output size where the cell size belongs, so
   * with a smaller output cells are left out, and rows that are computed together shift into each other.
   */
  readonly peepholeWidth: 'cell' | 'output';
  /** What the projection clip is centred on: code 0, or the output's zero point, which stands for real 0. */
  readonly projectionClipCentre: 'code-zero' | 'zero-point';
  /** A cell clip below half a code becomes 0. TFLite then does not clip; TFLM, which looks at the real clip, clamps all to 0. */
  readonly cellClipOfZeroCodes: 'off' | 'clamps-to-zero';
  /** Layer norm with a gate's intermediate lacking its scale: set-up fails silently and all outputs are one constant; or Q3.12 is assumed. */
  readonly missingGateScale: 'constant-output' | 'q3.12';
}

/** A runtime's integer LSTM. */
export interface IntegerPersona extends IntegerDecisions {
  readonly activations: ActivationTables;
  /** log2 of the cell scales that its tanh takes: Q0.15 to Q6.9 is -15..-9. */
  readonly cellExponents: readonly [low: number, high: number];
}

/** Decisions to take otherwise than the persona does. */
export type PersonaOverrides = Partial<IntegerDecisions>;

/** TensorFlow Lite 2.21 and LiteRT: kernels/lstm_eval.cc, "8x8_16". */
const TFLITE: IntegerPersona = {
  activations: GEMMLOWP_TABLES,
  cellExponents: [-15, -9],
  multiplierRounding: 'double',
  recurrentSaturatesAlone: false,
  cellProducts: 'shift',
  hiddenParameters: 'intermediate',
  negatedHiddenZeroPoint: 'with-projection',
  peepholeWidth: 'output',
  projectionClipCentre: 'code-zero',
  cellClipOfZeroCodes: 'off',
  missingGateScale: 'constant-output',
};

/** TensorFlow Lite Micro and CMSIS-NN: micro/kernels/lstm_eval.h. */
const TFLM: IntegerPersona = {
  activations: LUT_TABLES,
  // The runtime checks nothing; beyond, its table's input leaves int32.
  cellExponents: [-15, 0],
  multiplierRounding: 'double',
  recurrentSaturatesAlone: true,
  cellProducts: 'multiplier',
  hiddenParameters: 'output-state',
  negatedHiddenZeroPoint: 'never',
  peepholeWidth: 'cell',
  projectionClipCentre: 'zero-point',
  cellClipOfZeroCodes: 'clamps-to-zero',
  missingGateScale: 'q3.12',
};

const PERSONAS: Readonly<Record<PersonaName, IntegerPersona>> = {
  tflite: TFLITE,
  // @tensorflow/tfjs-tflite 0.0.1-alpha.10, which test/oracle compares in every topology: nothing else differs.
  'tflite-old': { ...TFLITE, negatedHiddenZeroPoint: 'always' },
  tflm: TFLM,
};

export function integerPersona(name: PersonaName, overrides: PersonaOverrides = {}): IntegerPersona {
  return { ...PERSONAS[name], ...overrides };
}
