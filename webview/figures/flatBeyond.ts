import type { PersonaName } from '../../worker/core/lstm/persona';

interface FlatBeyond {
  readonly sigmoid: number;
  readonly tanh: number;
}

const GEMMLOWP: FlatBeyond = { sigmoid: 7.9541015625, tanh: 4.57275390625 };
const LUT: FlatBeyond = { sigmoid: 7.95849609375, tanh: 5.30224609375 };

/**
 * |z| in Q3.12 from which on a runtime's int16 activation keeps its end value, so that clamping there changes nothing.
 * Read off the activation tables of worker/core/quantization (a test compares).
 */
export const FLAT_BEYOND: Readonly<Record<PersonaName, FlatBeyond>> = { tflite: GEMMLOWP, 'tflite-old': GEMMLOWP, tflm: LUT };
