import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { grouped } from '../core/wording';
import type { Model } from '../core/model/model';
import type { LogOverlay, OverlayKind, OverlayRow } from '../core/targetLogs/overlayLog';
import { overlayLog } from '../core/targetLogs/overlayLog';
import { readTargetLog } from '../core/targetLogs/readTargetLog';
import type { TargetLog } from '../core/targetLogs/targetLog';
import { TargetLogError } from '../core/targetLogs/targetLogError';
import { UnusableError, UsageError } from './failure';
import type { Placements } from './mapText';
import { textTable } from './textTable';

/** Reads a log of a target's own tool. */
export async function readLogFile(path: string): Promise<TargetLog> {
  const text = await readFile(path, 'utf8');
  try {
    return readTargetLog(text, basename(path));
  } catch (error) {
    if (!(error instanceof TargetLogError)) throw error;
    const where = error.line === null ? path : `${path}, line ${error.line}`;
    throw new UnusableError(`${where}: ${error.message}${error.limit === null ? '' : ` (limit: ${error.limit})`}`);
  }
}

/** Lays the log over the prediction of each chosen target that it can be of; over the likeliest where none was chosen. */
export function overlayAll(model: Model, log: TargetLog, placements: Placements, isChosen: boolean): readonly LogOverlay[] {
  const fitting = placements.filter(([name]) => isChosen || log.targets[0] === name);
  if (fitting.length === 0) throw new UsageError(`the log is of ${log.targets.join(' or ')}; choose it with --target`);
  return fitting.map(([name, placement]) => overlayLog(model, name, placement, log));
}

/** What `gatescope map --log` prints: where prediction and log differ first, then every operator. */
export function overlayText(model: Model, log: TargetLog, overlays: readonly LogOverlay[], isChosen: boolean): string {
  const several = !isChosen && log.targets.length > 1;
  const head = [
    `${model.fileName} against ${log.fileName}: ${log.tool}`,
    ...(several ? [`The log is of ${log.targets.join(' or ')}; --target chooses.`] : []),
    ...log.facts.map((fact) => `  ${fact.name}: ${fact.value}`),
  ];
  return `${[head, ...overlays.map(section)].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function section(overlay: LogOverlay): readonly string[] {
  const { target, agree, differ, open, total, kinds, refusal, unmatched, rows } = overlay;
  const lines = [`${target}: ${grouped(agree)} agree, ${grouped(differ)} differ, ${grouped(open)} left open`];
  if (refusal !== null) lines.push(`  The tool refused the model, ${refusal.agrees ? 'as predicted' : 'which was not predicted'}: ${refusal.message}`); // prettier-ignore
  if (total !== null) lines.push(`  ${mark(total.agrees)} The log counts ${grouped(total.observed)} of ${grouped(total.of)} operators on the accelerator, predicted were ${grouped(total.predicted)}.`); // prettier-ignore
  lines.push(...kinds.map(kindLine));
  if (unmatched.length > 0) {
    const some = unmatched.slice(0, 3).map(({ op, line }) => `${op} (line ${line})`);
    lines.push(`  ! ${grouped(unmatched.length)} entries fit no operator of this model: ${some.join(', ')}${unmatched.length > 3 ? ' ...' : ''}. Is the log of another model?`); // prettier-ignore
  }
  return [...lines, ...operators(rows)];
}

function kindLine({ op, entries, inModel, inLog, predicted, observed, agrees }: OverlayKind): string {
  const said = entries
    .map(({ which, status }) => `${which.by === 'kind' ? `${which.count ?? 'some'} ` : ''}${status}`)
    .join('; ');
  const counts = `predicted ${predicted} on the accelerator, the log has ${observed}`;
  return `  ${mark(agrees)} ${op}: ${inModel} in the model, ${inLog} in the log; ${counts} (${said})`;
}

function mark(agrees: boolean | null): string {
  return agrees === null ? '?' : agrees ? '=' : '!';
}

/** Neighbours that are alike share a row. */
function operators(rows: readonly OverlayRow[]): readonly string[] {
  const lines: { first: string; last: string; count: number; readonly cells: readonly string[] }[] = [];
  for (const row of rows) {
    const where = row.subgraph === 0 ? String(row.index) : `${row.subgraph}/${row.index}`;
    const cells = [mark(row.agrees), row.op, row.verdict, row.observed ?? '', figures(row), words(row)];
    const before = lines.at(-1);
    if (before !== undefined && before.cells.join('\n') === cells.join('\n')) {
      before.last = where;
      before.count += 1;
    } else lines.push({ first: where, last: where, count: 1, cells });
  }
  const table = lines.map(({ first, last, count, cells: [sign = '', op = '', ...others] }) => [
    sign,
    count === 1 ? first : `${first} to ${last}`,
    count === 1 ? op : `${op} x${count}`,
    ...others,
  ]);
  return textTable([['', '#', 'operator', 'predicted', 'log', 'cost', 'why'], ...table]);
}

function figures({ figures: { cycles, milliseconds } }: OverlayRow): string {
  if (milliseconds !== undefined) return `${milliseconds} ms`;
  return cycles === undefined || cycles === 0 ? '' : `${grouped(cycles)} cycles`;
}

/** The rule behind a prediction and the log's own words, where they are needed to understand a difference. */
function words({ agrees, reason, status, observed }: OverlayRow): string {
  const said = status === null || status === '' ? '' : `log: ${status}`;
  if (agrees === false && reason !== null) return `predicted: ${reason}${said === '' ? '' : `; ${said}`}`;
  return agrees === false || observed !== 'accelerator' ? said : '';
}
