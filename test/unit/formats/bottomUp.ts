import { Builder } from 'flatbuffers';
import type { FlatTableSpec, FlatValue } from './flatWriter';

/**
 * The same tables as `writeFlat` makes, laid out as FlatBuffers' own builders do it: from the end of the file to its start,
 * children before parents, with field lists shared.
 */
export function writeBottomUp(root: FlatTableSpec, identifier = 'TFL3'): Uint8Array {
  const builder = new Builder(1024);
  const written = new Map<FlatTableSpec, number>();

  const write = (value: Exclude<FlatValue, { kind: 'scalar' }>): number => {
    if (value.kind === 'table') return writeTable(value.table);
    if (value.kind === 'tables') {
      const positions = value.tables.map(writeTable);
      builder.startVector(4, positions.length, 4);
      for (const position of positions.reverse()) builder.addOffset(position);
      return builder.endVector();
    }
    const isText = value.bytes.length === value.count + 1;
    if (isText) return builder.createString(value.bytes.subarray(0, value.count));
    builder.prep(4, value.bytes.length);
    builder.prep(value.align, value.bytes.length);
    const position = builder.createByteVector(value.bytes);
    builder.dataBuffer().writeInt32(builder.dataBuffer().capacity() - position, value.count);
    return position;
  };

  const writeTable = (spec: FlatTableSpec): number => {
    const known = written.get(spec);
    if (known !== undefined) return known;
    const entries = Object.entries(spec).map(([id, value]) => ({ id: Number(id), value }));
    const references = entries.map(({ value }) => (value.kind === 'scalar' ? 0 : write(value)));
    builder.startObject(Math.max(-1, ...entries.map(({ id }) => id)) + 1);
    const widths = entries.map(({ value }) => (value.kind === 'scalar' ? value.bytes.length : 4));
    for (const width of [8, 4, 2, 1]) {
      entries.forEach(({ id, value }, i) => {
        if (widths[i] !== width) return;
        if (value.kind === 'scalar') {
          builder.prep(width, 0);
          for (const byte of [...value.bytes].reverse()) builder.writeInt8(byte);
          builder.slot(id);
        } else {
          builder.addFieldOffset(id, references[i] ?? 0, 0);
        }
      });
    }
    const position = builder.endObject();
    written.set(spec, position);
    return position;
  };

  builder.finish(writeTable(root), identifier);
  return builder.asUint8Array().slice();
}
