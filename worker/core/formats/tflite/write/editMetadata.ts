import type { ModelEdit } from '../../../model/modelEdit';
import { METADATA, MODEL } from '../schema';
import type { BufferPlan } from './bufferPlan';
import { renumberControlDependencies } from './controlDependencies';
import { EMPTY_NODE, type FlatNode, nodesOf, withValues } from './flatNode';
import { numberOf, numbersOf, scalarValue, textValue } from './flatValues';
import { renumberMemoryPlan } from './memoryPlan';

/** A metadata entry and its buffer, which is known after the buffers are placed. */
export interface MetadataPart {
  readonly node: FlatNode;
  readonly buffer: () => number;
}

/** Metadata that names operators or tensors by number, by the entry's name. */
const RENUMBER: Readonly<Record<string, (data: Uint8Array, edit: ModelEdit) => Uint8Array>> = {
  model_control_dependencies: renumberControlDependencies,
  OfflineMemoryAllocation: renumberMemoryPlan,
};

/** Entries as they will be, with their buffers reserved. */
export function keepMetadata(
  root: FlatNode,
  edit: ModelEdit,
  buffers: BufferPlan,
  dataOf: (buffer: number) => Uint8Array,
): MetadataPart[] {
  for (const buffer of numbersOf(root.values.get(MODEL.metadata_buffer.id), MODEL.metadata_buffer)) buffers.keep(buffer);
  const replaced = new Map(edit.metadata.map(({ name, text }) => [name, new TextEncoder().encode(text)]));
  const kept = nodesOf(root, MODEL.metadata).map((node, i): MetadataPart => {
    const name = edit.source.metadata[i]?.name ?? '';
    const number = numberOf(node.values.get(METADATA.buffer.id), METADATA.buffer, 0);
    const before = dataOf(number);
    const text = replaced.get(name);
    replaced.delete(name);
    const after = text === undefined ? (RENUMBER[name]?.(before, edit) ?? before) : filledUp(text, before.length);
    if (after === before) {
      buffers.keep(number);
      return { node, buffer: () => number };
    }
    buffers.useBefore(number, null);
    return { node, buffer: buffers.add(after) };
  });
  const added = [...replaced].map(([name, data]) => ({
    node: withValues(EMPTY_NODE, [[METADATA.name.id, textValue(name)]]),
    buffer: buffers.add(data),
  }));
  return [...kept, ...added];
}

export function editMetadata(parts: readonly MetadataPart[]): readonly FlatNode[] {
  const field = METADATA.buffer;
  return parts.map(({ node, buffer }) => {
    const number = buffer();
    if (numberOf(node.values.get(field.id), field, 0) === number) return node;
    return withValues(node, [[field.id, scalarValue(field, number, () => 'A buffer')]]);
  });
}

/** Writers fill short texts up with zero bytes, so that the entry can be changed in place. */
function filledUp(text: Uint8Array, length: number): Uint8Array {
  if (text.length >= length) return text;
  const filled = new Uint8Array(length);
  filled.set(text);
  return filled;
}
