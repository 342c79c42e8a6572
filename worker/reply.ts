import type { Reply, ReplyError } from './api';
import { HelperLost } from './core/analysis/crew';
import { RequestError } from './core/analysis/detail/requestError';
import { SampleError } from './core/analysis/sampleError';
import { NotFiniteError } from './core/calibration/notFiniteError';
import { DataFormatError } from './core/data/dataFormatError';
import { ModelFormatError } from './core/formats/modelFormatError';
import { RecipeError } from './core/recipe/recipeError';
import { InputShapeError } from './core/run/inputShapeError';
import { UnsupportedOperatorError } from './core/run/preparedOp';
import { TargetLogError } from './core/targetLogs/targetLogError';
import { FileError } from './fileError';

/** Turns an answer or an exception into a Reply, which survives the way to another thread. */
export async function replyTo<T>(work: () => T | Promise<T>): Promise<Reply<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

/** What another thread answered, as an error again. */
export class ReplyFailure extends Error {
  override readonly name = 'ReplyFailure';

  constructor(readonly error: ReplyError) {
    super(error.message);
  }
}

/** What went wrong, in plain data: kind, stable code, message, file, byte and limit where known. */
export function describeError(error: unknown): ReplyError {
  if (error instanceof ReplyFailure) return error.error;
  if (error instanceof FileError) return { ...describeError(error.cause), file: error.file };
  if (error instanceof SampleError) return { ...describeError(error.cause), message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const plain = { message, file: null, byteOffset: null, limit: null };
  if (error instanceof ModelFormatError) {
    return { ...plain, kind: 'model', code: error.code, byteOffset: error.byteOffset, limit: error.limit };
  }
  if (error instanceof DataFormatError) {
    const { code, file, byteOffset, limit } = error;
    return { kind: 'data', code, message, file, byteOffset, limit };
  }
  if (error instanceof RequestError) return { ...plain, kind: 'request', code: error.code, limit: error.limit };
  if (error instanceof InputShapeError) return { ...plain, kind: 'data', code: 'INPUT_SHAPE' };
  if (error instanceof NotFiniteError) {
    return { ...plain, kind: error.operatorIndex === null ? 'data' : 'model', code: 'NOT_FINITE' };
  }
  if (error instanceof RecipeError) {
    const { code, path, limit } = error;
    const place = path === null || path === '' ? message : `${path}: ${message}`;
    return { ...plain, kind: path === null ? 'model' : 'data', code, message: place, limit };
  }
  if (error instanceof TargetLogError) {
    const { code, line, limit } = error;
    const place = line === null ? message : `Line ${line}: ${message}`;
    return { ...plain, kind: 'data', code, message: limit === null ? place : `${place} Expected: ${limit}.`, limit };
  }
  if (error instanceof HelperLost) return { ...plain, kind: 'internal', code: 'THREAD_LOST' };
  if (error instanceof UnsupportedOperatorError) return { ...plain, kind: 'unsupported', code: 'UNSUPPORTED_OPERATOR' };
  return { ...plain, kind: 'internal', code: 'INTERNAL' };
}
