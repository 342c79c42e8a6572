import { BITS_PER_ELEMENT, type DType } from '../../../model/dtype';
import type { WireField, WireMessage } from './wire';

/**
 * Values kept as a list of integers, as the little-endian bytes of their type. Types of less than a byte come packed: one
 * integer of the list is one byte of them.
 */
export function packIntegers(message: WireMessage, fields: readonly WireField[], dtype: DType): Uint8Array {
  const size = Math.max(1, BITS_PER_ELEMENT[dtype] / 8);
  let count = 0;
  for (const field of fields) message.eachVarint(field, () => count++);
  const bytes = new Uint8Array(count * size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  const store = STORE[size] ?? STORE[1];
  for (const field of fields) {
    message.eachVarint(field, (value) => {
      store(view, at, value);
      at += size;
    });
  }
  return bytes;
}

type Store = (view: DataView, at: number, value: number | bigint) => void;

/** By bytes of an element; what does not fit is cut to its low bits. */
const STORE: Readonly<Record<number, Store>> & { readonly 1: Store } = {
  1: (view, at, value) => view.setUint8(at, Number(BigInt.asUintN(8, BigInt(value)))),
  2: (view, at, value) => view.setUint16(at, Number(BigInt.asUintN(16, BigInt(value))), true),
  4: (view, at, value) => view.setUint32(at, Number(BigInt.asUintN(32, BigInt(value))), true),
  8: (view, at, value) => view.setBigInt64(at, BigInt.asIntN(64, BigInt(value)), true),
};
