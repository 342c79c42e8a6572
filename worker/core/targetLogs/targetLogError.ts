/** A log that cannot be used: what is wrong, in which line, and what would have been acceptable. */
export class TargetLogError extends Error {
  override readonly name = 'TargetLogError';

  constructor(
    /** Stable, upper-case, such as LOG_UNKNOWN. */
    readonly code: string,
    message: string,
    /** From 1; null where it is about the file as a whole. */
    readonly line: number | null,
    readonly limit: string | null,
  ) {
    super(message);
  }
}
