const ROW = 16;

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** Text of one row: offset, sixteen bytes, and the same bytes as ASCII where they are printable. */
function row(bytes: Uint8Array, offset: number): string {
  const part = [...bytes.subarray(offset, offset + ROW)];
  const codes = part.map((byte) => hex(byte, 2)).join(' ');
  const text = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${hex(offset, 8)}  ${codes.padEnd(ROW * 3 - 1)}  ${text}`;
}

export interface HexDump {
  readonly text: string;
  /** Line (from 0) that holds the byte asked for. */
  readonly line: number;
  /** Column of that byte's first digit. */
  readonly column: number;
}

/** Dump of the rows around `offset`, at most `maxBytes` of them; says so where the file is longer. */
export function hexDump(bytes: Uint8Array, offset: number, maxBytes = 65_536): HexDump {
  const at = Math.min(Math.max(0, offset), Math.max(0, bytes.byteLength - 1));
  const ideal = Math.floor((at - maxBytes / 2) / ROW) * ROW;
  const start = Math.max(0, Math.min(ideal, Math.ceil((bytes.byteLength - maxBytes) / ROW) * ROW));
  const end = Math.min(bytes.byteLength, start + maxBytes);
  const lines: string[] = [];
  if (start > 0 || end < bytes.byteLength) {
    lines.push(
      `Bytes ${start.toLocaleString('en-US')} to ${(end - 1).toLocaleString('en-US')} of ${bytes.byteLength.toLocaleString('en-US')}`,
    );
  }
  const line = lines.length + (at - start - (at % ROW)) / ROW;
  for (let offsetOfRow = start; offsetOfRow < end; offsetOfRow += ROW) lines.push(row(bytes.subarray(0, end), offsetOfRow));
  return { text: `${lines.join('\n')}\n`, line: bytes.byteLength === 0 ? 0 : line, column: 10 + (at % ROW) * 3 };
}
