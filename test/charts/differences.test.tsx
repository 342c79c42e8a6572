import { renderToStaticMarkup } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { DifferenceMap, describeDifference, shareText } from '../../webview/charts/DifferenceMap';
import { layoutDifferences, type DifferenceRow } from '../../webview/charts/differenceLayout';
import { TwoErrors } from '../../webview/charts/TwoErrors';

const row = (shares: readonly number[], more: Partial<DifferenceRow> = {}): DifferenceRow => ({
  name: 'o',
  stage: 'after peephole',
  shares,
  a: 17.4,
  b: 52.6,
  apart: false,
  ...more,
});
const rows = [row([0, 0.994, 1]), row([0.46, 1, 1], { name: 'c', stage: 'cell', apart: true, a: null, b: null })];
const frame = { title: 'Where A and B differ', summary: '2 signals differ' };

describe('layout of differences', () => {
  it('writes shares where they fit, and shades cells where they do not', () => {
    const wide = layoutDifferences(rows, 850);
    expect([wide.written, wide.cellWidth, wide.db !== null]).toEqual([true, 54, true]);
    const many = layoutDifferences([row(Array.from({ length: 256 }, () => 0.5))], 850);
    expect([many.written, many.cellWidth > 1]).toEqual([false, true]);
  });

  it('drops the dots before the cells when it gets narrow, and never reaches beyond the width', () => {
    const narrow = layoutDifferences(rows, 320);
    expect(narrow.db).toBe(null);
    for (const width of [320, 480, 640, 850, 1600]) {
      for (const steps of [1, 3, 40, 256]) {
        const { nameEnd, cellWidth, db } = layoutDifferences([row(Array.from({ length: steps }, () => 1))], width);
        expect(nameEnd + steps * cellWidth).toBeLessThanOrEqual(width + 1e-9);
        if (db) for (const value of [17.4, 52.6]) expect(db.x(value)).toBeLessThan(width);
      }
    }
  });

  it('leaves room between groups and numbers only as many steps as fit', () => {
    const { tops, labelled } = layoutDifferences(rows, 850);
    expect((tops[1] ?? 0) - (tops[0] ?? 0)).toBe(35);
    expect(labelled).toEqual([0, 1, 2]);
    const many = layoutDifferences([row(Array.from({ length: 100 }, () => 1))], 600);
    expect(many.labelled.length).toBeLessThan(20);
    expect(many.labelled[0]).toBe(0);
  });
});

describe('the map of differences', () => {
  it('says = for the same, never 0 or 100 % where it is neither', () => {
    expect([0, 0.001, 0.46, 0.999, 1].map(shareText)).toEqual(['=', '1\u00a0%', '46\u00a0%', '99\u00a0%', '100\u00a0%']);
  });

  it('outlines the first difference at its step', () => {
    const svg = renderToStaticMarkup(<DifferenceMap {...frame} width={850} rows={rows} first={{ row: 1, entry: 0 }} />);
    const { tops, nameEnd } = layoutDifferences(rows, 850);
    expect(svg).toContain(`y="${tops[1]}" width="54" height="26"`);
    expect(svg).toContain(`x="${Math.round(nameEnd * 10) / 10}"`);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('draws A as a square and B as a ring, and neither where nothing was compared', () => {
    const drawn = (one: DifferenceRow) =>
      renderToStaticMarkup(<DifferenceMap {...frame} width={850} rows={[rows[0]!, one]} first={null} />);
    const circles = (svg: string) => svg.match(/<circle/g)?.length ?? 0;
    expect(circles(drawn(rows[1]!))).toBe(1);
    expect(circles(drawn({ ...rows[1]!, b: 40 }))).toBe(2);
  });

  it('has rows that are buttons only when they lead somewhere', () => {
    const still = renderToStaticMarkup(<DifferenceMap {...frame} width={850} rows={rows} first={null} />);
    const live = renderToStaticMarkup(
      <DifferenceMap {...frame} width={850} rows={rows} first={null} onSelect={() => undefined} />,
    );
    expect([still, live].map((svg) => svg.match(/role="button"/g)?.length ?? 0)).toEqual([0, 2]);
    // One stop of the Tab key.
    expect(live.match(/tabindex="0"/gi)?.length).toBe(1);
    expect(live).toContain(describeDifference(rows[0]!).replaceAll('>', '&gt;'));
  });

  it('takes any number of steps with few elements', () => {
    const long = Array.from({ length: 24 }, () => row(Array.from({ length: 256 }, (_, k) => (k % 9) / 8)));
    const svg = renderToStaticMarkup(<DifferenceMap {...frame} width={900} rows={long} first={null} />);
    expect(svg.match(/<[a-z]/g)?.length).toBeLessThan(600);
  });

  it('draws nothing where there is nothing', () => {
    expect(renderToStaticMarkup(<DifferenceMap {...frame} width={850} rows={[]} first={null} />)).not.toMatch(/NaN|Infinity/);
  });
});

describe('two errors', () => {
  const draw = (a: readonly (number | null)[], b: readonly (number | null)[]) =>
    renderToStaticMarkup(<TwoErrors {...frame} width={446} height={178} a={a} b={b} />);

  it('draws one step of the line per entry, broken where nothing was compared', () => {
    const svg = draw([0.01, null, 0.02], [0.005, 0.005, 0.005]);
    const [a = ''] = svg.match(/d="M[^"]*" fill="none" stroke="var\(--gs-fg\)" stroke-width="1.8"/) ?? [];
    expect(a.match(/M/g)).toHaveLength(2);
    expect(svg).toContain('stroke-dasharray');
  });

  it('keeps the letters apart where the lines end together', () => {
    const svg = draw([0.01, 0.01], [0.01, 0.01]);
    const ys = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)"[^>]*>([AB])<\/text>/g)].map(([, y]) => Number(y));
    expect(ys).toHaveLength(2);
    expect(Math.abs((ys[0] ?? 0) - (ys[1] ?? 0))).toBeGreaterThanOrEqual(12);
  });

  it('takes no entries, zeros and nothing compared', () => {
    for (const values of [[], [0, 0], [null, null]]) expect(draw(values, values)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
