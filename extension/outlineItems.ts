import type { Finding } from '../worker/core/findings/finding';
import type { LstmInfo, ModelOverview, OperatorInfo, TensorInfo } from '../worker/core/report/overview';
import type { ErrorStats, LayerReport, Report, SignalReport } from '../worker/core/report/report';
import { inDb, inPercent } from '../worker/core/wording';
import type { Place } from './protocol/messages';

/** One line of the outline. */
export interface OutlineItem {
  /** Stable while the model is open, so that the tree keeps what is expanded. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Codicon. */
  readonly icon: string;
  /** Where a click leads; null for headings. */
  readonly place: Place | null;
  readonly children: () => readonly OutlineItem[];
}

/** Operators under one heading: more are put into groups of this many. */
const GROUP = 500;

const NONE = (): readonly OutlineItem[] => [];

/** The model as a tree: inputs, LSTMs with their parts, operators, outputs and findings, with the figures of the last run. */
export function outlineItems(overview: ModelOverview, report: Report | null): readonly OutlineItem[] {
  const { inputs, outputs, lstms, ops } = overview;
  const findings = report?.findings ?? overview.findings;
  const layers = new Map(report?.layers.map((layer) => [`${layer.subgraph}-${layer.index}`, layer]) ?? []);
  return [
    heading('inputs', 'Inputs', 'arrow-right', inputs.length, () => inputs.map((tensor) => tensorItem('input', tensor))),
    ...lstms.map((lstm) => lstmItem(lstm, layers.get(`${lstm.subgraph}-${lstm.op}`) ?? null)),
    heading('operators', 'Operators', 'list-tree', ops.length, () => operatorItems(ops, layers)),
    heading('outputs', 'Outputs', 'arrow-left', outputs.length, () => outputs.map((tensor) => tensorItem('output', tensor))),
    heading('findings', 'Findings', 'warning', findings.length, () => findings.map(findingItem)),
  ];
}

function heading(id: string, label: string, icon: string, count: number, children: () => readonly OutlineItem[]): OutlineItem {
  return { id, label, description: String(count), icon, place: null, children: count === 0 ? NONE : children };
}

function tensorItem(kind: string, { subgraph, index, name, dtype, shape }: TensorInfo): OutlineItem {
  const size = `[${shape.map((axis) => (axis < 0 ? '?' : axis)).join(', ')}]`;
  return {
    id: `${kind} ${subgraph}-${index}`,
    label: name,
    description: `${dtype} ${size}`,
    icon: 'symbol-array',
    place: { tab: 'overview' },
    children: NONE,
  };
}

function lstmItem(lstm: LstmInfo, layer: LayerReport | null): OutlineItem {
  const { subgraph, op, name, input, cell, output } = lstm;
  const parts = [
    lstm.layerNorm && 'layer norm',
    lstm.projection && 'projection',
    lstm.peephole && 'peephole',
    lstm.cifg && 'coupled input gate',
  ].filter((part) => part !== false);
  const place = { tab: 'lstm', lstm: { subgraph, index: op } };
  return {
    id: `lstm ${subgraph}-${op}`,
    label: name,
    description: [`${input} → ${cell}${output === cell ? '' : ` → ${output}`}`, lstm.scheme, ...parts, errorText(layer)]
      .filter((part) => part !== '')
      .join(' · '),
    icon: 'pulse',
    place,
    children: () =>
      PARTS.filter(([, , isThere]) => isThere(lstm)).map(([signal, label]) => ({
        id: `lstm ${subgraph}-${op} ${signal}`,
        label,
        description: signalText(layer?.signals.find((one) => one.signal === signal) ?? null),
        icon: 'circuit-board',
        place: { ...place, signal },
        children: NONE,
      })),
  };
}

/** Parts of a cell in the order in which data flows. */
const PARTS: readonly (readonly [signal: string, label: string, isThere: (lstm: LstmInfo) => boolean])[] = [
  ['x', 'x, input', () => true],
  ['i', 'i, input gate', ({ cifg }) => !cifg],
  ['f', 'f, forget gate', () => true],
  ['g', 'g, cell input', () => true],
  ['o', 'o, output gate', () => true],
  ['c', 'c, cell', () => true],
  ['m', 'm, hidden', ({ projection }) => projection],
  ['h', 'h, output', () => true],
];

function operatorItems(ops: readonly OperatorInfo[], layers: ReadonlyMap<string, LayerReport>): readonly OutlineItem[] {
  const item = ({ subgraph, index, op, name, dtypes }: OperatorInfo): OutlineItem => ({
    id: `operator ${subgraph}-${index}`,
    label: `${index} ${op}`,
    description: [name, dtypes, errorText(layers.get(`${subgraph}-${index}`) ?? null)].filter((part) => part !== '').join(' · '),
    icon: 'symbol-operator',
    place: { tab: 'layers', layer: { subgraph, index } },
    children: NONE,
  });
  if (ops.length <= GROUP) return ops.map(item);
  return Array.from({ length: Math.ceil(ops.length / GROUP) }, (_, group) => {
    const members = ops.slice(group * GROUP, (group + 1) * GROUP);
    const [first, last] = [members[0], members[members.length - 1]];
    return heading(`operators ${group}`, `${first?.index ?? 0} to ${last?.index ?? 0}`, 'list-tree', members.length, () =>
      members.map(item),
    );
  });
}

const SEVERITY_ICON = { error: 'error', warning: 'warning', info: 'info' } as const;

function findingItem(finding: Finding, at: number): OutlineItem {
  const { subgraph, op, title, message, severity } = finding;
  return {
    id: `finding ${at}`,
    label: title,
    description: message,
    icon: SEVERITY_ICON[severity],
    place: op === null ? { tab: 'overview' } : { tab: 'layers', layer: { subgraph: subgraph ?? 0, index: op } },
    children: NONE,
  };
}

const errorText = (layer: LayerReport | null): string => sqnrText(layer?.accumulated ?? null);

function signalText(signal: SignalReport | null): string {
  if (signal === null) return '';
  const rails = signal.rails && signal.share > 0 && !signal.flat ? `${inPercent(signal.share)} at the rails` : '';
  return [sqnrText(signal.accumulated), rails].filter((part) => part !== '').join(' · ');
}

function sqnrText(error: ErrorStats | null): string {
  if (error === null) return '';
  return error.exact ? 'exact' : error.sqnrDb === null ? '' : inDb(error.sqnrDb);
}
