/** What was asked for is not there, is too much, or is no longer wanted (`CANCELLED`). */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    /** Stable, upper-case. */
    readonly code:
      | 'NO_RUN'
      | 'NO_SUCH_OPERATOR'
      | 'NO_SUCH_SIGNAL'
      | 'NO_SUCH_SAMPLE'
      | 'NO_SUCH_TENSOR'
      | 'TOO_MUCH'
      | 'NOTHING_TO_FUSE'
      | 'CANCELLED',
    message: string,
    readonly limit: string | null = null,
  ) {
    super(message);
  }
}

export function cancelled(): RequestError {
  return new RequestError('CANCELLED', 'The question was withdrawn.');
}
