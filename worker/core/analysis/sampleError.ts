/** A sample that could not be run; `cause` says why. */
export class SampleError extends Error {
  override readonly name = 'SampleError';

  constructor(
    readonly sample: string,
    override readonly cause: unknown,
  ) {
    super(`Sample ${sample}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}
