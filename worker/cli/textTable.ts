export type Align = 'left' | 'right';

/**
 * Rows as aligned columns, two spaces apart, without trailing blanks. Columns without `align` are left-aligned.
 * @param rows cells of equal count; the first row may be a heading
 */
export function textTable(rows: readonly (readonly string[])[], align: readonly Align[] = [], indent = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      align[column] === 'right' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}
