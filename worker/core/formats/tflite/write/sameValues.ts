/** Whether two lists hold the same numbers; NaN equals NaN, 0 does not equal -0. */
export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}

/** Whether two views show the same bytes, of one memory or of two. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b || (a.length === b.length && a.buffer === b.buffer && a.byteOffset === b.byteOffset)) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** As `Object.is` deep down, for plain objects, lists and typed arrays: parts of a model. */
export function sameParts(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (ArrayBuffer.isView(a)) return sameNumbers(a as Uint8Array, b as Uint8Array);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && sameParts((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
