import type { Comparison } from '../../worker/core/compare/comparison';
import { comparisonTables } from './comparisonTables';
import { markdownTable } from './textRows';

/** A comparison as a Markdown document. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { a, b, headline, generator } = comparison;
  const tables = comparisonTables(comparison).flatMap(({ title, rows }) => ['', `## ${title}`, '', markdownTable(rows)]);
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
