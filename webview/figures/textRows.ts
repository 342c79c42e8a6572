/** A table as texts; the first row is its heading. */
export interface TextRows {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/** As Markdown; shorter rows end early. */
export function markdownTable([heading = [], ...rows]: TextRows['rows']): string {
  return [heading, heading.map(() => '---'), ...rows].map(markdownLine).join('\n');
}

function markdownLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
}

/** As CSV for programs: figures lose thousands commas and the true minus. */
export function csvTable(rows: TextRows['rows']): string {
  return rows.map((cells) => cells.map((cell) => csvCell(plainNumber(cell))).join(',')).join('\n');
}

function csvCell(value: number | string): string {
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `−32,768` as `-32768`; other texts keep their words, with plain spaces. */
function plainNumber(text: string): string {
  const plain = text.replace(/[\u00a0\u202f]/g, ' ');
  return /^[+\u2212-]?\d{1,3}(,\d{3})*(\.\d+)?(e[\u2212-]?\d+)?$/.test(plain) ||
    /^[+\u2212-]?\d+(\.\d+)?(e[\u2212-]?\d+)?$/.test(plain)
    ? plain.replaceAll(',', '').replaceAll('\u2212', '-').replace(/^\+/, '')
    : plain;
}
