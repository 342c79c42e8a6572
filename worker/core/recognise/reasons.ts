import type { RecognisedLstm } from './recognised';

/** What of the cell's own making UNIDIRECTIONAL_SEQUENCE_LSTM cannot do, or cannot be made from. */
export function makingReason({ kind, sigmoid, numbers }: Pick<RecognisedLstm, 'kind' | 'sigmoid' | 'numbers'>): string | null {
  if (kind === 'gru') return 'It is a GRU; TensorFlow Lite has no operator for it.';
  if (sigmoid === 'hard') return 'Its gates are hard sigmoids; UNIDIRECTIONAL_SEQUENCE_LSTM has the logistic one only.';
  if (numbers === 'int8') return 'Its values are int8 already, the cell included; fuse the float model, then quantize.';
  if (numbers === 'hybrid') return 'Its weights are int8 and its values float; fuse the float model, then quantize.';
  return null;
}

export const WEIGHTS_MISSING = 'The weights and biases of all four gates cannot be found in it.';
