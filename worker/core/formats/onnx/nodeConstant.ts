import type { OnnxNode, OnnxTensor } from './proto/messages';

/** The value of a Constant node; null for the forms that are no dense tensor of numbers. */
export function constantOf({ attributes, offset }: OnnxNode): OnnxTensor | null {
  const [name, attribute] = [...attributes][0] ?? [];
  if (attribute?.kind === 'tensor') return attribute.value;
  if (name === undefined || (attribute?.kind !== 'number' && attribute?.kind !== 'numbers')) return null;
  const dtype = name.startsWith('value_float') ? 'float32' : 'int64';
  const values = attribute.kind === 'number' ? [attribute.value] : attribute.value;
  const stored = dtype === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, (value) => BigInt(value));
  const shape = attribute.kind === 'number' ? [] : [values.length];
  return { name: '', dtype, shape, data: new Uint8Array(stored.buffer), offset };
}
