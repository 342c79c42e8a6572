import { concernsOperator, type Finding } from '../../../worker/core/findings/finding';
import type { LayersState } from '../../layersState';
import type { LayerRow } from './layerRows';

/** A choice of what to filter by, with how many rows it leaves. */
export interface FilterChoice {
  readonly value: string;
  readonly label: string;
  readonly count: number;
}

/** Kinds of operators, most frequent first. */
export function kindChoices(rows: readonly LayerRow[]): readonly FilterChoice[] {
  const counts = new Map<string, number>();
  for (const { name } of rows) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, label: value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

/** Rules whose findings name operators of the table. */
export function findingChoices(rows: readonly LayerRow[], findings: readonly Finding[]): readonly FilterChoice[] {
  const rules = new Map<string, { readonly title: string; readonly ids: Set<string> }>();
  for (const finding of findings) {
    const rule = rules.get(finding.rule) ?? { title: finding.title, ids: new Set() };
    for (const id of concerned(finding, rows)) rule.ids.add(id);
    rules.set(finding.rule, rule);
  }
  return [...rules].flatMap(([value, { title, ids }]) => (ids.size === 0 ? [] : [{ value, label: title, count: ids.size }]));
}

function concerned(finding: Finding, rows: readonly LayerRow[]): readonly string[] {
  if (finding.op === null && finding.places === undefined) return [];
  return rows.flatMap((row) => (row.operator !== null && concernsOperator(finding, row.subgraph, row.index) ? [row.id] : []));
}

/** Rows of the chosen kinds that the chosen finding names. */
export function filteredRows(
  rows: readonly LayerRow[],
  { kinds, finding }: Pick<LayersState, 'kinds' | 'finding'>,
  findings: readonly Finding[],
): readonly LayerRow[] {
  const ofKind = kinds.length === 0 ? rows : rows.filter(({ name }) => kinds.includes(name));
  if (finding === null) return ofKind;
  const ids = new Set(findings.filter(({ rule }) => rule === finding).flatMap((one) => concerned(one, rows)));
  return ofKind.filter(({ id }) => ids.has(id));
}

/** Ids of the rows inside the brush on the profile; null where there is none. */
export function brushedRows(rows: readonly LayerRow[], { stretch }: Pick<LayersState, 'stretch'>): ReadonlySet<string> | null {
  if (stretch === null) return null;
  return new Set(
    rows.flatMap(({ id, layerIndex }) =>
      layerIndex !== null && layerIndex >= stretch.from && layerIndex <= stretch.to ? [id] : [],
    ),
  );
}

/** What a selection adds up to. */
export interface RowSums {
  readonly rows: number;
  /** Null where nothing was measured. */
  readonly values: number | null;
  readonly lost: number | null;
  readonly macs: number;
  readonly params: number;
}

export function sumsOf(rows: readonly LayerRow[]): RowSums {
  const measured = rows.flatMap(({ layer }) => layer ?? []);
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const isMeasured = measured.length > 0;
  return {
    rows: rows.length,
    values: isMeasured ? sum(measured.map(({ saturation }) => saturation.values)) : null,
    lost: isMeasured ? sum(measured.map(({ lostAtRails }) => lostAtRails)) : null,
    macs: sum(rows.map(({ operator }) => operator?.macs ?? 0)),
    params: sum(rows.map(({ operator }) => operator?.params ?? 0)),
  };
}
