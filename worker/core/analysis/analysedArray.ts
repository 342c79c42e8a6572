/** Arrays whose values can be analysed: reals, or integer codes of an affine quantization. */
export type AnalysedArray = Float32Array | CodeArray;

export type CodeArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array;

export function isCodeArray(values: unknown): values is CodeArray {
  return (
    values instanceof Int8Array ||
    values instanceof Uint8Array ||
    values instanceof Int16Array ||
    values instanceof Uint16Array ||
    values instanceof Int32Array
  );
}
