import type { ReplyError } from '../worker/api';
import type { ModelErrorInfo } from './protocol/messages';

/** Bytes shown around an error: three rows of sixteen, the row of the error in the middle. */
const ROW = 16;
const ROWS = 3;

/** What the broken-file screen shows of an error; `bytes` is the whole file, or null where it could not be read. */
export function modelErrorInfo(error: ReplyError, bytes: Uint8Array | null): ModelErrorInfo {
  const length = bytes?.byteLength ?? 0;
  const offset = error.byteOffset;
  const lastRow = Math.max(0, Math.ceil(length / ROW) - ROWS) * ROW;
  const start = offset === null ? 0 : Math.min(Math.max(0, Math.floor(offset / ROW) - 1) * ROW, lastRow);
  return {
    code: error.code,
    message: error.message,
    byteLength: length,
    byteOffset: offset,
    limit: error.limit,
    bytes: bytes === null ? [] : [...bytes.subarray(start, start + ROW * ROWS)],
    bytesStart: start,
  };
}

/** A file that the editor itself could not read (gone, no permission, too large for it). */
export function unreadable(cause: unknown): ReplyError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return {
    kind: 'model',
    code: 'FILE_NOT_READ',
    message: `The file could not be read: ${message}`,
    file: null,
    byteOffset: null,
    limit: null,
  };
}
