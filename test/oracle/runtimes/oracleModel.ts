import type { NumericArray } from '../../../worker/core/run/value';

/** A model in another runtime. States of variable tensors start at real zero and run on from call to call. */
export interface OracleModel {
  /**
   * @param inputs one array per input of the graph, in its order, in the tensor's own type
   * @returns the bytes of the graph's outputs, in its order
   */
  run(inputs: readonly NumericArray[]): Promise<Uint8Array[]>;
  /** Frees what the model holds in the runtime's memory. */
  close(): void;
}

export interface OracleRuntime {
  /** @throws Error when the runtime refuses the model */
  open(bytes: Uint8Array): Promise<OracleModel>;
}

export function asBytes({ buffer, byteOffset, byteLength }: NumericArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
