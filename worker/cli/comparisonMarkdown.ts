import type { Comparison } from '../core/compare/comparison';
import { comparisonTables } from './comparisonTables';

/** The same as a Markdown document. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { a, b, headline, generator } = comparison;
  const tables = comparisonTables(comparison).flatMap(({ title, rows: [heading = [], ...rows] }) => [
    '',
    `## ${title}`,
    '',
    line(heading),
    line(heading.map(() => '---')),
    ...rows.map(line),
  ]);
  const text = [
    `# ${a.label} and ${b.label}`,
    '',
    `- A: ${a.fileName}, ${a.scheme}, ${a.label}`,
    `- B: ${b.fileName}, ${b.scheme}, ${b.label}`,
    '',
    ...headline.map((one) => `- ${one}`),
    ...tables,
    '',
    `Made by ${generator}.`,
  ];
  return `${text.join('\n')}\n`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
}
