/** Data that a graph cannot take: wrong rank, size or type of an input, or a number of time steps that an operator's constants exclude. */
export class InputShapeError extends Error {
  override readonly name = 'InputShapeError';

  constructor(
    message: string,
    /** Operator that cannot take it; null where the graph's own input says so. */
    readonly operatorIndex: number | null = null,
  ) {
    super(message);
  }
}
