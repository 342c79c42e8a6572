/**
 * A file that cannot be read as what it claims to be. `message` says what is wrong in words a user can act on;
 * `byteOffset` where; `limit` what would have been acceptable.
 */
export class ModelFormatError extends Error {
  override readonly name = 'ModelFormatError';

  constructor(
    /** Stable, upper-case, such as BUFFER_INDEX_OUT_OF_RANGE. */
    readonly code: string,
    message: string,
    /** Offset in the file of the value that is wrong; null where no single byte is. */
    readonly byteOffset: number | null = null,
    readonly limit: string | null = null,
  ) {
    super(message);
  }
}
