import type { NamedBytes } from '../formats/namedBytes';
import { formatShape } from '../run/arrays';
import type { Value } from '../run/value';
import { DATA_LIMITS, type DataArray } from './dataArray';
import { DataFormatError } from './dataFormatError';

/** Nested lists of numbers (one array), or an object of such lists by name. Numbers become float32. */
export function openJson(bytes: Uint8Array, file: string): DataArray[] {
  return openJsonFile({ name: file, bytes });
}

/** The same of a file whose bytes need not be kept: they are asked for and read again whenever its values have been dropped. */
export function openJsonFile(source: NamedBytes): DataArray[] {
  const read = () => readArrays(source.bytes, source.name);
  const first = read();
  let kept = new WeakRef(first);
  return first.map(({ key, value: { shape } }, index) => ({
    key,
    shape,
    load: () => {
      const arrays = kept.deref() ?? read();
      kept = new WeakRef(arrays);
      return arrays[index]!.value;
    },
  }));
}

interface NamedValue {
  readonly key: string | null;
  readonly value: Value;
}

function readArrays(bytes: Uint8Array, file: string): NamedValue[] {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new DataFormatError('JSON_DAMAGED', file, `is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (Array.isArray(content)) return [toArray(content, null, file)];
  if (typeof content === 'object' && content !== null) {
    const arrays = Object.entries(content).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
    if (arrays.length > 0) return arrays.map(([key, list]) => toArray(list, key, file));
  }
  throw new DataFormatError('JSON_NO_ARRAY', file, 'holds no list of numbers', null, 'nested lists, or an object of them');
}

function toArray(list: readonly unknown[], key: string | null, file: string): NamedValue {
  const shape = shapeOf(list, file);
  const values: number[] = [];
  flatten(list, shape, 0, values, file);
  return { key, value: { dtype: 'float32', shape, data: Float32Array.from(values) } };
}

/** Lengths along the first element of each level; `flatten` checks the others against it. */
function shapeOf(list: readonly unknown[], file: string): number[] {
  const shape: number[] = [];
  for (let level: unknown = list; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    if (shape.length > DATA_LIMITS.rank) {
      throw new DataFormatError('JSON_TOO_DEEP', file, 'nests lists too deep', null, `${DATA_LIMITS.rank} levels`);
    }
  }
  return shape;
}

function flatten(node: unknown, shape: readonly number[], axis: number, out: number[], file: string): void {
  if (axis === shape.length) {
    if (typeof node !== 'number') {
      throw new DataFormatError(
        'JSON_NOT_A_NUMBER',
        file,
        `value ${out.length} is ${JSON.stringify(node)?.slice(0, 40) ?? 'missing'}`,
      );
    }
    out.push(node);
    return;
  }
  if (!Array.isArray(node) || node.length !== shape[axis]) {
    const message = `lists differ in length after value ${out.length}`;
    throw new DataFormatError('JSON_RAGGED', file, message, null, `shape ${formatShape(shape)}, as the first elements say`);
  }
  for (const child of node) flatten(child, shape, axis + 1, out, file);
}
