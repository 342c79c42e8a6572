import type { RecognisedLstm } from './recognised';

/** Why no .tflite file can hold the one operator that a cell would become; null where one can. In memory it can be made all the same. */
export function noFileReason({ kind, sigmoid }: Pick<RecognisedLstm, 'kind' | 'sigmoid'>): string | null {
  if (kind === 'gru') return 'It is a GRU; TensorFlow Lite has no fused GRU.';
  if (sigmoid === 'hard') return 'Its gates are hard sigmoids; UNIDIRECTIONAL_SEQUENCE_LSTM has the logistic one only.';
  return null;
}

export const WEIGHTS_MISSING = 'The weights and biases of all four gates cannot be found in it.';

export const INT8_ALREADY =
  'Its values are int8 already, the cell included, and the fused operator has a cell of 16 bits. With all values made float (--float) it can be fused, and then quantized.';
