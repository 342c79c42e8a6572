import { ModelFormatError } from '../formats/modelFormatError';
import { UnsupportedOperatorError } from '../run/preparedOp';

/** What is told of an operator; null where its operands contradict each other. */
export function whereComputed<T>(tell: () => T | null): T | null {
  try {
    return tell();
  } catch (error) {
    if (error instanceof UnsupportedOperatorError || error instanceof ModelFormatError || error instanceof RangeError)
      return null;
    throw error;
  }
}
