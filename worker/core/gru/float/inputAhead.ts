import { VECTORS } from '../../kernels/int8Matrix';
import type { FloatMatrices } from './floatGruParameters';

/** Products of inputs with their weights. All inputs are known, so that one pass over the weights serves several steps. */
export class InputAhead {
  readonly #stepsAhead: number;
  readonly #products: readonly Float32Array[];

  constructor(
    private readonly gates: readonly FloatMatrices[],
    private readonly batch: number,
    private readonly hidden: number,
  ) {
    this.#stepsAhead = Math.max(1, Math.floor(VECTORS / Math.max(1, batch)));
    this.#products = gates.map(() => new Float32Array(this.#stepsAhead * batch * hidden));
  }

  /** Computes the products that `step` and those after it need; steps must ascend one by one. */
  reach(x: Float32Array, step: number, steps: number): void {
    if (step % this.#stepsAhead !== 0) return;
    const vectors = Math.min(this.#stepsAhead, steps - step) * this.batch;
    for (const [index, { input, bias }] of this.gates.entries()) {
      input.multiply(x, step * this.batch * input.columns, input.columns, vectors, bias, this.#products[index]!);
    }
  }

  /** W x + bias of one gate, [batch, hidden]. */
  of(gate: number, step: number): Float32Array {
    const at = (step % this.#stepsAhead) * this.batch * this.hidden;
    return this.#products[gate]!.subarray(at, at + this.batch * this.hidden);
  }
}
