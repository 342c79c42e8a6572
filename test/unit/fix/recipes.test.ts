import { describe, expect, it } from 'vitest';
import { candidates } from '../../../worker/core/fix/candidates';
import {
  overrideCount,
  overrideOf,
  PLAIN_RECIPE,
  sameRecipe,
  settingsOf,
  withKeepFloat,
  withOverride,
  withSettings,
  type RowOverride,
} from '../../../worker/core/fix/editRecipe';
import type { FixRow } from '../../../worker/core/fix/fixRows';
import { readRecipe } from '../../../worker/core/recipe/readRecipe';
import type { Recipe } from '../../../worker/core/recipe/recipe';
import type { Report } from '../../../worker/core/report/report';

const row = (fields: Partial<FixRow>): FixRow => ({
  ...{ id: 'op 0 0', kind: 'tensor', gate: null, key: 'y', operatorKey: 'y', op: 0, opName: 'LSTM', lstm: 'lstm0', tensor: 3 },
  ...{ seen: null, format: { dtype: 'int8', scale: 0.5, zeroPoint: 0, low: -64, high: 63.5 }, fixed: null, can16: true },
  place: { kind: 'op', op: 0, signal: 'h' },
  ...fields,
});
const cell = row({ id: 'op 0 c', kind: 'cell', format: { dtype: 'int16', scale: 2 ** -12, zeroPoint: 0, low: -8, high: 8 } });
const gate = row({ id: 'op 0 i', kind: 'gate', gate: 'input' });
const otherGate = row({ id: 'op 0 f', kind: 'gate', gate: 'forget' });
const hidden = row({ id: 'op 0 m', kind: 'hidden' });
const tensor = row({});

describe('a recipe that is edited', () => {
  const changes: readonly (readonly [FixRow, RowOverride])[] = [
    [tensor, { range: [-1, 2], bits: 16 }],
    [cell, { cellExponent: 4 }],
    [gate, { range: [-9, 9] }],
    [otherGate, { observer: 'mse' }],
    [hidden, { observer: 'percentile=99.9' }],
  ];

  it('says of each row what was entered, and is one that a file can hold', () => {
    const edited = changes.reduce((recipe, [at, override]) => withOverride(recipe, at, override), PLAIN_RECIPE);
    for (const [at, override] of changes) expect(overrideOf(edited, at)).toEqual(override);
    expect(readRecipe(JSON.stringify(edited), 'r.json')).toEqual(edited);
    expect(overrideCount(withKeepFloat(edited, 'y', true))).toBe(6);
  });

  it('is the plain one again when all is taken back, in any order', () => {
    const edited = changes.reduce((recipe, [at, override]) => withOverride(recipe, at, override), PLAIN_RECIPE);
    const back = [...changes].reverse().reduce((recipe, [at]) => withOverride(recipe, at, {}), edited);
    expect(back).toEqual(PLAIN_RECIPE);
    expect(withKeepFloat(withKeepFloat(PLAIN_RECIPE, 'y', true), 'y', false)).toEqual(PLAIN_RECIPE);
  });

  it('keeps silent about defaults', () => {
    const edited = withSettings(PLAIN_RECIPE, { observer: 'mse', outputs: 'float32', scheme: 'int8' });
    expect(edited).toEqual({ ...PLAIN_RECIPE, observer: 'mse', outputs: 'float32' });
    expect(settingsOf(edited)).toMatchObject({ scheme: 'int8', state: 'reset', observer: 'mse' });
    expect(withSettings(edited, { observer: 'min-max', outputs: 'int8' })).toEqual(PLAIN_RECIPE);
  });

  it('compares by what it says', () => {
    const a: Recipe = { schema: 'gatescope.recipe/1', observer: 'mse', tensors: { x: { bits: 16, range: [0, 1] } } };
    const b: Recipe = { tensors: { x: { range: [0, 1], bits: 16 } }, schema: 'gatescope.recipe/1', observer: 'mse' };
    expect(sameRecipe(a, b)).toBe(true);
    expect(sameRecipe(a, { ...a, tensors: { x: { bits: 16, range: [1, 0] } } })).toBe(false);
  });
});

describe('what is worth trying', () => {
  const finding = (recipe: Recipe) => ({
    rule: 'r',
    title: 'T',
    message: 'M',
    severity: 'info',
    op: 0,
    tensor: null,
    subgraph: 0,
    recipe,
  });
  const report = (...recipes: Recipe[]) =>
    ({
      findings: recipes.map(finding),
      inputs: [],
      layers: [{ subgraph: 0, index: 0, local: { sqnrDb: 31.2 }, signals: [] }],
    }) as unknown as Report;
  const rows = [tensor, cell];

  it('are remedies, neighbouring cell formats, other observers, and the worst layer in float', () => {
    const found = candidates(PLAIN_RECIPE, rows, report({ schema: 'gatescope.recipe/1', lstms: { y: { cellExponent: 5 } } }));
    expect(found.map(({ label }) => label)).toEqual([
      ...['Remedy: T', 'Cell of lstm0 in Q2.13', 'Cell of lstm0 in Q4.11', 'All int8 ranges by percentile 99.99'],
      ...['All int8 ranges by percentile 99.9', 'All int8 ranges by least square error', 'All int8 ranges by entropy (KL)'],
      ...['All int8 ranges by moving average', 'Keep lstm0 float'],
    ]);
    expect(found.at(-1)?.reason).toContain('31.2 dB');
    expect(found[1]?.recipe).toEqual({ ...PLAIN_RECIPE, lstms: { y: { cellExponent: 2 } } });
  });

  it('leave out what changes nothing, what is there twice, and what names other models', () => {
    const again: Recipe = { schema: 'gatescope.recipe/1', scheme: 'int8' };
    const twice: Recipe = { schema: 'gatescope.recipe/1', lstms: { y: { cellExponent: 4 } } };
    const elsewhere: Recipe = { schema: 'gatescope.recipe/1', tensors: { other: { bits: 16 } } };
    const labels = candidates(PLAIN_RECIPE, rows, report(again, twice, elsewhere)).map(({ label }) => label);
    expect(labels.filter((label) => label.startsWith('Remedy'))).toEqual(['Remedy: T']);
    expect(labels).not.toContain('Cell of lstm0 in Q4.11');
  });

  it('stay within the formats that kernels hold, and with hybrid offer no ranges', () => {
    const widest = row({ ...cell, format: { dtype: 'int16', scale: 2 ** -9, zeroPoint: 0, low: -64, high: 64 } });
    const labels = candidates(PLAIN_RECIPE, [widest], null).map(({ label }) => label);
    expect(labels.filter((label) => label.startsWith('Cell'))).toEqual(['Cell of lstm0 in Q5.10']);
    expect(candidates({ ...PLAIN_RECIPE, scheme: 'hybrid' }, rows, null)).toEqual([]);
  });
});
