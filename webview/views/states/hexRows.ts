import type { ModelErrorInfo } from '../../../extension/protocol/messages';

const PER_ROW = 16;
/** Offsets and counts of the format take four bytes. */
const MARKED = 4;

export interface HexRow {
  /** Of the row's first byte, eight hex digits or more. */
  readonly address: string;
  readonly bytes: readonly { readonly text: string; readonly marked: boolean }[];
}

/** The bytes around an error in rows of 16, with the four at the error marked. */
export function hexRows({
  bytes,
  bytesStart,
  byteOffset,
}: Pick<ModelErrorInfo, 'bytes' | 'bytesStart' | 'byteOffset'>): readonly HexRow[] {
  const rows: HexRow[] = [];
  for (let first = 0; first < bytes.length; first += PER_ROW) {
    rows.push({
      address: (bytesStart + first).toString(16).toUpperCase().padStart(8, '0'),
      bytes: bytes.slice(first, first + PER_ROW).map((byte, at) => {
        const offset = bytesStart + first + at;
        return {
          text: byte.toString(16).toUpperCase().padStart(2, '0'),
          marked: byteOffset !== null && offset >= byteOffset && offset < byteOffset + MARKED,
        };
      }),
    });
  }
  return rows;
}
