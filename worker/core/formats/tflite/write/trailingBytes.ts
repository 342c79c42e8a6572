/** Signatures of a zip archive's parts, as little-endian numbers, and where their offsets are. */
const ARCHIVE = 0x04034b50;
const END_RECORD = { signature: 0x06054b50, bytes: 22, entries: 10, directorySize: 12, directory: 16 };
const ENTRY = { signature: 0x02014b50, bytes: 46, nameLength: 28, extraLength: 30, commentLength: 32, header: 42 };
const MAX_COMMENT = 65_535;

/** Where bytes after all tables start that belong to none of them; null where there are none. `end` is the tables' end. */
export function trailingStart(file: Uint8Array, end: number): number | null {
  const rest = file.subarray(end);
  if (!rest.some((byte) => byte !== 0)) return null;
  // Writers fill up to a multiple of 16.
  const filled = Math.ceil(end / 16) * 16;
  return file.subarray(end, filled).some((byte) => byte !== 0) ? end : filled;
}

/** Whether a zip archive starts at `start`. */
export function startsArchive(file: Uint8Array, start: number): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return start + 4 <= file.length && view.getUint32(start, true) === ARCHIVE;
}

/**
 * Trailing bytes for another place in the file. A zip archive, which is how metadata tools append label files, counts its
 * offsets from the start of the file: they are moved along.
 */
export function movedTrailing(trailing: Uint8Array, from: number, to: number): Uint8Array {
  const end = endRecord(trailing);
  if (end === null) return trailing;
  const moved = trailing.slice();
  const view = new DataView(moved.buffer);
  const move = (at: number) => view.setUint32(at, view.getUint32(at, true) - from + to, true);
  const directoryEnd = end;
  let entry = end - view.getUint32(end + END_RECORD.directorySize, true);
  // An archive that counts from its own start is right anywhere.
  if (view.getUint32(end + END_RECORD.directory, true) !== from + entry) return trailing;
  while (entry >= 0 && entry + ENTRY.bytes <= directoryEnd && view.getUint32(entry, true) === ENTRY.signature) {
    move(entry + ENTRY.header);
    const lengths = [ENTRY.nameLength, ENTRY.extraLength, ENTRY.commentLength].map((at) => view.getUint16(entry + at, true));
    entry += lengths.reduce((sum, length) => sum + length, ENTRY.bytes);
  }
  move(end + END_RECORD.directory);
  return moved;
}

function endRecord(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = bytes.length - END_RECORD.bytes;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
    if (view.getUint32(at, true) === END_RECORD.signature) return at;
  }
  return null;
}
