import { VECTORS } from '../kernels/int8Matrix';

/** The product of inputs with one gate's weights. */
export interface InputProduct<X, Y> {
  readonly columns: number;
  /** y[v, r] = bias[r] + (w x[v])[r] for `count` vectors from `at` on. y: [count, hidden]. */
  multiply(x: X, at: number, count: number, y: Y): void;
}

/** Products of inputs with their weights. All inputs are known, so that one pass over the weights serves several steps. */
export class InputAhead<X, Y extends Float32Array | Int32Array> {
  readonly #stepsAhead: number;
  readonly #results: readonly Y[];

  /** @param allocate makes an array of so many values */
  constructor(
    private readonly products: readonly InputProduct<X, Y>[],
    private readonly batch: number,
    private readonly hidden: number,
    allocate: (length: number) => Y,
  ) {
    this.#stepsAhead = Math.max(1, Math.floor(VECTORS / Math.max(1, batch)));
    this.#results = products.map(() => allocate(this.#stepsAhead * batch * hidden));
  }

  /** Computes the products that `step` and those after it need; steps must ascend one by one. */
  reach(x: X, step: number, steps: number): void {
    if (step % this.#stepsAhead !== 0) return;
    const count = Math.min(this.#stepsAhead, steps - step) * this.batch;
    this.products.forEach((product, gate) => {
      product.multiply(x, step * this.batch * product.columns, count, this.#results[gate]!);
    });
  }

  /** Of one gate, [batch, hidden]. */
  of(gate: number, step: number): Y {
    const at = (step % this.#stepsAhead) * this.batch * this.hidden;
    return this.#results[gate]!.subarray(at, at + this.batch * this.hidden) as Y;
  }
}
