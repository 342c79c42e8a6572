/** A data file that cannot be used: what is wrong, where, and what would have been acceptable. */
export class DataFormatError extends Error {
  override readonly name = 'DataFormatError';

  constructor(
    /** Stable, upper-case, such as NPY_TRUNCATED. */
    readonly code: string,
    readonly file: string,
    message: string,
    /** Offset in the file of what is wrong; null where no single byte is. */
    readonly byteOffset: number | null = null,
    readonly limit: string | null = null,
  ) {
    super(message);
  }
}
