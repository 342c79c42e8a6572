import type { MessagePort } from 'node:worker_threads';

/** Values as ONNX Runtime takes and gives them; half floats are their bits in a Uint16Array. */
export type OrtArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Element types whose values cross the border, by ONNX Runtime's names. */
export type OrtType =
  'float16' | 'float32' | 'float64' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'bool';

export interface OrtTensor {
  readonly type: OrtType;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data: OrtArray;
}

/** What the thread of ONNX Runtime is asked; it answers in order, once each. */
export interface OrtRequest {
  /** Number of a session, by which the asker will call it again. */
  readonly session: number;
  /** Bytes of the model (a ModelProto); null where the session is there already. */
  readonly model: Uint8Array | null;
  /** Values of the model's inputs, in its order; null: the session is made, and nothing is run. */
  readonly inputs: readonly OrtTensor[] | null;
  /** Sessions that are not needed any more. */
  readonly released: readonly number[];
}

export interface OrtAnswer {
  /** Values of the model's outputs, in its order; empty when nothing was run. */
  readonly outputs: readonly OrtTensor[];
  /** Types of the outputs by ONNX Runtime's names, null for what is no tensor; where the session was made. */
  readonly outputTypes: readonly (string | null)[];
  /** Its own words when it failed. */
  readonly error: string | null;
  /** It should not be asked again: it broke, or holds too much memory. */
  readonly isWorn: boolean;
}

/** Counts in shared memory: how often was asked and answered; `answered` is negative once the thread has ended. */
export const SIGNAL = { asked: 0, answered: 1 } as const;

/** What the thread is started with. */
export interface OrtThreadData {
  /** Where questions come from and answers go to. */
  readonly port: MessagePort;
  /** Shared memory, by `SIGNAL`. */
  readonly signals: Int32Array;
  /** Path of the WebAssembly, and of the module that loads it. */
  readonly wasm: string;
  readonly glue: string;
}

/** What an operator may take and give at most, in bytes; its constants count as well. */
export const MOST_OPERAND_BYTES = 256 * 2 ** 20;
/** The WebAssembly's memory at most, in pages of 64 KiB: 1 GiB. What asks for more fails, and says so. */
export const MOST_PAGES = 16384;
