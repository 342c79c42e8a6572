import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import type { RuleText } from '../../../worker/core/findings/finding';
import { RUN_RULES } from '../../../worker/core/findings/lintRun';
import { FINDING_RULES } from '../../../worker/core/findings/staticRules';

const INTRODUCTION = `# Findings

What GateScope says of a model's quantization: \`gatescope inspect\` and the overview show what the file tells, \`gatescope report\`
and a run in the editor add what the data show. Findings stand in the overview, in Problems, in reports and in the JSON of both
commands, under the names below.

An **error** gives wrong results or a model that does not load. A **warning** costs accuracy or is a trap somewhere. An **info**
explains. The severity is that of the rule; where a finding has another, its message says why. \`places\` lists where a finding
stands for several, \`recipe\` holds the remedy for \`gatescope quantize\` where quantizing again is one.

This page is made from the rules; a test fails when it is out of step. \`npx vitest run test/unit/findings/document.test.ts -u\`
writes it again.
`;

const SEVERITIES = ['error', 'warning', 'info'] as const;

function section({ rule, title, severity, explanation, fix, reference }: RuleText): string {
  const remedy = fix === null ? 'None needed.' : fix;
  return `### ${rule}\n\n**${title}** (${severity}). ${explanation}\n\n- Fix: ${remedy}\n- Reference: ${reference}\n`;
}

function sections(rules: readonly RuleText[]): string {
  const order = [...rules].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return order.map(section).join('\n');
}

function contents(rules: readonly RuleText[]): string {
  const rows = SEVERITIES.map((severity) => {
    const links = rules.filter((own) => own.severity === severity).map(({ rule }) => `[${rule}](#${rule})`);
    return `| ${severity} | ${links.join(', ')} |\n`;
  });
  return `| severity | findings |\n| --- | --- |\n${rows.join('')}`;
}

it('docs/findings.md says what the rules say', async () => {
  const text = [
    INTRODUCTION,
    `## In the file\n\n${contents(FINDING_RULES)}`,
    sections(FINDING_RULES),
    `## In a run\n\n${contents(RUN_RULES)}`,
    sections(RUN_RULES),
  ].join('\n');
  await expect(text).toMatchFileSnapshot(resolve(import.meta.dirname, '../../../docs/findings.md'));
});

it('every rule has a name of its own and whole sentences', () => {
  const rules: readonly RuleText[] = [...FINDING_RULES, ...RUN_RULES];
  expect(new Set(rules.map(({ rule }) => rule)).size).toBe(rules.length);
  for (const { rule, title, explanation, fix, reference } of rules) {
    expect(rule).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(title).toMatch(/^[A-Z0-9].*[^.]$/);
    expect(explanation).toMatch(/^[A-Z0-9].*[.]$/);
    expect(fix ?? 'None.').toMatch(/^[A-Z0-9].*[.]$/);
    expect(reference.length).toBeGreaterThan(5);
    expect([title, explanation, fix].join('')).not.toMatch(/[!’]|(?<![\w'(])-\d/);
  }
});
