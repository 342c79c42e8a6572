/** Places of the gates among a GRU's products, in the order of `GRU_GATES`. */
export const [UPDATE, RESET, CANDIDATE] = [0, 1, 2];

/** What a GRU's step is made of, in one arithmetic, over all batch rows. */
interface GruOperations<V> {
  /** xh = x + R h. */
  addRecurrent(gate: number, h: V): void;
  /** activated = f(clip(xh)). */
  activate(gate: number): void;
  /** @returns r * h */
  resetBefore(h: V): V;
  /** The candidate's xh = x + r * (R h + bias). */
  resetAfter(h: V): void;
  /** h = z * h + (1 - z) * n. */
  mix(h: V): void;
}

/**
 * One step of a GRU once its gates have their inputs: h becomes the new one.
 *
 *     z = sigmoid(Wz x + Rz h + bz)                       how much of h stays
 *     r = sigmoid(Wr x + Rr h + br)
 *     n = tanh(Wn x + bn + r * (Rn h + bRn))              linear_before_reset; Keras: reset_after
 *     n = tanh(Wn x + bn + Rn (r * h))                    without
 *     h = z * h + (1 - z) * n
 *
 * Sources: ONNX, GRU; Keras, GRUCell.step, whose z is the same. bz and br hold the biases of both products.
 */
export function gruStep<V>(operations: GruOperations<V>, linearBeforeReset: boolean, h: V): void {
  for (const gate of [UPDATE, RESET]) {
    operations.addRecurrent(gate, h);
    operations.activate(gate);
  }
  if (linearBeforeReset) operations.resetAfter(h);
  else operations.addRecurrent(CANDIDATE, operations.resetBefore(h));
  operations.activate(CANDIDATE);
  operations.mix(h);
}
