import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GLOSSARY, type Term } from '../../../webview/glossary';

const VIEWS = join(import.meta.dirname, '../../../webview');
/** Explained by the model's own scheme. */
const SCHEMES = ['float', 'hybrid', 'int8', '16x8', 'mixed'];
const sources = readdirSync(VIEWS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.tsx'))
  .map((name) => readFileSync(join(VIEWS, name), 'utf8'))
  .join('\n');

describe('glossary', () => {
  it.each(Object.entries(GLOSSARY))('%s is explained in two sentences at most, short enough for a tooltip', (_, text) => {
    expect(text.split(/(?<=[.?])\s+(?=[A-Z0-9σ])/).length).toBeLessThanOrEqual(2);
    expect(text.length).toBeLessThan(260);
    expect(text.endsWith('.')).toBe(true);
  });

  it.each(Object.keys(GLOSSARY) as Term[])('%s is explained on some screen', (term) => {
    const isScheme = (SCHEMES as readonly string[]).includes(term);
    const used = isScheme ? ['<Term of={overview.scheme}>'] : [`<Term of="${term}">`, `['${term}', lstm.`, `GLOSSARY['${term}']`];
    expect(used.some((use) => sources.includes(use))).toBe(true);
  });
});
