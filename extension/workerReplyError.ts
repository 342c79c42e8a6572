import type { ReplyError } from '../worker/api';

/** What the worker answered in place of what it was asked for, in words for people. */
export class WorkerReplyError extends Error {
  override readonly name = 'WorkerReplyError';
  /** Stable, upper-case. */
  readonly code: string;

  constructor(error: ReplyError) {
    super(describeReply(error));
    this.code = error.code;
  }
}

/** File, sentence and byte. */
export function describeReply(error: ReplyError): string {
  const place = error.byteOffset === null ? '' : ` (at byte ${error.byteOffset.toLocaleString('en-US')})`;
  return `${error.file === null ? '' : `${error.file}: `}${error.message}${place}`;
}
