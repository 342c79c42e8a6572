import { count } from '../../webview/charts/format';
import type { Model } from '../core/model/model';
import type { HandOver, Split, TargetEffects, TargetSummary } from '../core/targets/effects/effects';
import type { OperatorPlacement, TargetPlacement, Verdict } from '../core/targets/verdict';
import { counted, inPercent } from '../core/wording';
import { textTable } from './textTable';

export type Placements = readonly (readonly [name: string, placement: TargetPlacement])[];

/** What `gatescope map` prints for people: all operators on all targets, one line of figures for each, then why. */
export function mapText(model: Model, placements: Placements): string {
  const sections = [
    [model.fileName],
    matrix(placements),
    summaries(placements),
    ...placements.map(([name, placement]) => details(name, placement)),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const SIGNS: Readonly<Record<Verdict | 'blocked', string>> = {
  native: '+',
  conditional: '~',
  fallback: 'o',
  rejected: 'x',
  blocked: '.',
  unverified: '?',
};

function signOf(op: OperatorPlacement | undefined): string {
  if (op === undefined) return SIGNS.unverified;
  return SIGNS[op.reached ? op.verdict : 'blocked'];
}

/** Neighbours of one kind with the same verdicts share a row. */
function matrix(placements: Placements): readonly string[] {
  const rows: { first: string; last: string; op: string; count: number; readonly signs: readonly string[] }[] = [];
  for (const [position, { subgraph, index, op }] of (placements[0]?.[1].ops ?? []).entries()) {
    const signs = placements.map(([, { ops }]) => signOf(ops[position]));
    const where = subgraph === 0 ? String(index) : `${subgraph}/${index}`;
    const row = rows.at(-1);
    if (row?.op === op && row.signs.join('') === signs.join('')) {
      row.last = where;
      row.count += 1;
    } else {
      rows.push({ first: where, last: where, op, count: 1, signs });
    }
  }
  const numbers = placements.map((_, column) => String(column + 1));
  const table = textTable([
    ['#', 'operator', ...numbers],
    ...rows.map((row) => [
      row.count === 1 ? row.first : `${row.first} to ${row.last}`,
      row.count === 1 ? row.op : `${row.op} x${row.count}`,
      ...row.signs,
    ]),
  ]);
  return ['Operators: + native, ~ with conditions, o on the CPU, x rejects the model, . not reached, ? unverified', ...table];
}

function summaries(placements: Placements): readonly string[] {
  const rows = placements.map(([name, { version, result, summary, effects }], column) => [
    String(column + 1),
    name,
    version,
    result,
    ...(summary === undefined || effects === undefined || result === 'rejected' ? [] : figures(summary, effects)),
  ]);
  const titles = ['#', 'target', 'version', 'result', 'operators', 'MACs', 'weights', 'peak bytes', 'partitions', 'handed over'];
  const widest = titles.length;
  const filled = rows.map((row) => [...row, ...Array<string>(widest - row.length).fill('')]);
  const peak = placements[0]?.[1].summary?.peakActivation;
  return [
    'Targets: what each takes of the model',
    ...textTable([titles, ...filled], ['right']),
    ...(peak === undefined || peak.op === null
      ? []
      : [`  Of the whole model at most ${count(peak.bytes)} bytes of values are alive at once, at operator ${peak.op}.`]),
  ];
}

function figures(summary: TargetSummary, { partitions }: TargetEffects): readonly string[] {
  const { ops, macs, weightBytes, peakOnTarget, handOverBytes } = summary;
  const total = Object.values(ops).reduce((sum, own) => sum + own, 0);
  return [
    `${count(ops.native + ops.conditional)} of ${count(total)}`,
    part(macs),
    part(weightBytes),
    count(peakOnTarget.bytes),
    partitions.length === 0 ? '' : count(partitions.length),
    handOverBytes === 0 ? '' : `${count(handOverBytes)} bytes`,
  ];
}

function part({ onTarget, elsewhere }: Split): string {
  return onTarget + elsewhere === 0 ? '' : inPercent(onTarget / (onTarget + elsewhere));
}

const VERDICTS = Object.keys(SIGNS).filter((sign): sign is Verdict => sign !== 'blocked');

function details(name: string, placement: TargetPlacement): readonly string[] {
  const { version, result, ops, reasons, notes = [], effects, variants = {} } = placement;
  const counts = VERDICTS.map((verdict) => [verdict, ops.filter((op) => op.verdict === verdict).length] as const)
    .filter(([, found]) => found > 0)
    .map(([verdict, found]) => `${found} ${verdict}`)
    .join(', ');
  return [
    `${name} (${version}): ${result}${counts === '' ? '' : ` · ${counts}`}`,
    ...notes.map((note) => `  ${note}`),
    ...reasons.map((reason) => `  ${reason.rule}: ${reason.seen}. ${reason.message}${fixText(reason.fix)}`),
    ...reasonLines(ops),
    ...(effects === undefined ? [] : effectLines(effects)),
    ...Object.entries(variants).map(
      ([variant, { label, verdicts }]) => `  ${variant}, ${label}: ${verdicts.map((verdict) => SIGNS[verdict]).join('')}`,
    ),
  ];
}

/** One reason for several operators is said once. */
function reasonLines(ops: readonly OperatorPlacement[]): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { subgraph, index, op, verdict, reasons, reached } of ops) {
    if (!reached) continue;
    for (const { rule, seen, message, fix } of reasons) {
      const said = `${op}: ${verdict}. ${rule.replace(/\.$/, '')} (seen: ${seen}). ${message}${fixText(fix)}`;
      const group = groups.get(said) ?? [];
      group.push(subgraph === 0 ? String(index) : `${subgraph}/${index}`);
      groups.set(said, group);
    }
  }
  return [...groups].map(([said, indices]) => `  ${some(indices)} ${said}`);
}

const MOST_NUMBERS = 8;

function some(indices: readonly string[]): string {
  const more = indices.length - MOST_NUMBERS;
  return more <= 0 ? indices.join(', ') : `${indices.slice(0, MOST_NUMBERS).join(', ')} and ${count(more)} more`;
}

function fixText(fix: { readonly text: string } | undefined): string {
  return fix === undefined ? '' : ` Change: ${fix.text}`;
}

const MOST_LINES = 12;

function effectLines({ partitions, handOvers, conversions, unrolled }: TargetEffects): readonly string[] {
  const unrolling = unrolled.map(
    ({ index, steps, operators }) => `  ${index}: unrolled over ${counted(steps, 'step')} into ${count(operators)} operators`,
  );
  const crossing = handOvers.slice(0, MOST_LINES).map((own) => `  ${handOverText(own)}`);
  const inserted = conversions.filter(({ index }) => index === null).length;
  const own = conversions.length - inserted;
  return [
    ...unrolling,
    ...(partitions.length === 0
      ? []
      : [`  ${counted(partitions.length, 'partition')}: ${partitions.slice(0, MOST_LINES).map(({ ops }) => counted(ops.length, 'operator')).join(', ')}`]), // prettier-ignore
    ...crossing,
    ...(handOvers.length > MOST_LINES ? [`  ${count(handOvers.length - MOST_LINES)} more values handed over`] : []),
    ...(conversions.length === 0 ? [] : [`  conversions at the edges: ${inserted} that the target inserts, ${own} in the file`]),
  ];
}

function handOverText({ name, tensor, bytes, from, to }: HandOver): string {
  const side = (partition: number | null): string => (partition === null ? 'the CPU' : `partition ${partition + 1}`);
  return `${name === '' ? `tensor ${tensor}` : name}: ${count(bytes)} bytes from ${side(from)} to ${side(to)}`;
}
