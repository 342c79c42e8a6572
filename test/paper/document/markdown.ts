/** A table; columns after the first are figures and stand on the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map((_, column) => (column === 0 ? '---|' : '---:|')).join('')}`, ...rows.map(line)].join('\n');
}

/** With a true minus. */
export function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `\u2212${text}` : text;
}

/** With a sign, unless it is rounded to 0. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** `0.12 to 0.34`: smallest and largest. */
export function span(values: readonly number[], digits: number, text = fixed): string {
  return `${text(Math.min(...values), digits)} to ${text(Math.max(...values), digits)}`;
}
