/** Which runtime's arithmetic is simulated. */
export type PersonaName = 'tflite' | 'tflite-old' | 'tflm';

export const PERSONA_NAMES: readonly PersonaName[] = ['tflite', 'tflite-old', 'tflm'];
