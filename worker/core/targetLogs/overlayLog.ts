import type { Model } from '../model/model';
import type { OperatorPlacement, TargetPlacement, Verdict } from '../targets/verdict';
import { matchEntries, type CountedKind } from './matchEntries';
import type { LogEntry, LogFigures, Ran, TargetLog } from './targetLog';

/** A log laid over the prediction for the same model. */
export interface LogOverlay {
  readonly target: string;
  readonly label: string;
  readonly tool: string;
  readonly rows: readonly OverlayRow[];
  /** Kinds of operators that the log only counts, where that leaves open which of them is meant. */
  readonly kinds: readonly OverlayKind[];
  /** Where the log only counts all operators that the accelerator took; null where it does not. */
  readonly total: OverlayTotal | null;
  /** Of rows, and of kinds and the total where there are any: how many agree, differ, and leave it open. */
  readonly agree: number;
  readonly differ: number;
  readonly open: number;
  /** Entries that fit no operator of the model: the log is of another model, or of a later form of this one. */
  readonly unmatched: readonly LogEntry[];
  /** Whether both say the same of the model as a whole; null where the log does not say that it was refused. */
  readonly refusal: { readonly message: string; readonly agrees: boolean } | null;
}

/** A log over each target that it can be of. */
export interface OverlaidLog extends Pick<TargetLog, 'fileName' | 'kind' | 'tool' | 'facts' | 'taken'> {
  /** The likeliest target first. */
  readonly overlays: readonly LogOverlay[];
}

export interface OverlayRow {
  readonly subgraph: number;
  readonly index: number;
  readonly op: string;
  readonly verdict: Verdict;
  /** The rule behind the prediction, where one decided. */
  readonly reason: string | null;
  readonly observed: Ran | null;
  /** The log's own words; null where it has no entry for the operator. */
  readonly status: string | null;
  readonly line: number | null;
  readonly figures: LogFigures;
  /** Null where the prediction or the log leaves it open. */
  readonly agrees: boolean | null;
}

export interface OverlayKind {
  readonly op: string;
  readonly entries: readonly LogEntry[];
  /** Operators of the kind in the model, and in the log. */
  readonly inModel: number;
  readonly inLog: number;
  /** Of them, those on the accelerator. */
  readonly predicted: number;
  readonly observed: number;
  readonly agrees: boolean | null;
}

export interface OverlayTotal {
  readonly predicted: number;
  readonly observed: number;
  /** Operators that the log speaks of. */
  readonly of: number;
  readonly agrees: boolean | null;
}

/** Interpreters: what runs natively there runs on the CPU. */
const CPU_TARGETS: ReadonlySet<string> = new Set(['tflite-cpu', 'tflm', 'cmsis-nn', 'esp-nn', 'esp-dl', 'ort-cpu']);

/**
 * What a tool said of each operator beside what its target's rules predict.
 * @param placement prediction for `target`, one of `log.targets`
 */
export function overlayLog(model: Model, target: string, placement: TargetPlacement, log: TargetLog): LogOverlay {
  const { entryOf, kinds: counted, unmatched } = matchEntries(model, log);
  const open = new Set(counted.flatMap(({ places }) => places.map(({ operator }) => operator)));
  const rows = placement.ops.flatMap((prediction): OverlayRow[] => {
    const operator = model.graphs[prediction.subgraph]?.operators[prediction.index];
    if (operator === undefined) return [];
    return [rowOf(prediction, entryOf.get(operator) ?? null, open.has(operator) ? null : log.others, target)];
  });
  const kinds = counted.map((kind) => overlayKind(kind, rows, log.others, target));
  const total = totalOf(log, rows, target);
  const verdicts = [...rows, ...kinds, ...(total === null ? [] : [total])].map(({ agrees }) => agrees);
  return {
    target,
    label: placement.label,
    tool: log.tool,
    rows,
    kinds,
    total,
    agree: verdicts.filter((own) => own === true).length,
    differ: verdicts.filter((own) => own === false).length,
    open: verdicts.filter((own) => own === null).length,
    unmatched,
    refusal: log.refused === null ? null : { message: log.refused, agrees: placement.result === 'rejected' },
  };
}

function rowOf(prediction: OperatorPlacement, entry: LogEntry | null, others: Ran | null, target: string): OverlayRow {
  const { subgraph, index, op, verdict, reasons } = prediction;
  const observed = entry?.ran ?? others;
  return {
    subgraph,
    index,
    op,
    verdict,
    reason: reasons[0] === undefined ? null : `${reasons[0].rule} (seen: ${reasons[0].seen})`,
    observed,
    status: entry?.status ?? null,
    line: entry?.line ?? null,
    figures: entry?.figures ?? {},
    agrees: agreement(verdict, observed, target),
  };
}

/** What is removed runs nowhere, as any prediction has it. A model that the target should refuse has no operator that runs. */
function agreement(verdict: Verdict, observed: Ran | null, target: string): boolean | null {
  if (observed === null || observed === 'removed' || verdict === 'unverified') return null;
  return verdict !== 'rejected' && expected(verdict, target) === observed;
}

function expected(verdict: Verdict, target: string): Ran {
  return verdict === 'fallback' || CPU_TARGETS.has(target) ? 'cpu' : 'accelerator';
}

function countAccelerated(rows: readonly OverlayRow[], target: string): number {
  const judged = rows.filter(({ verdict }) => verdict !== 'rejected' && verdict !== 'unverified');
  return judged.filter(({ verdict }) => expected(verdict, target) === 'accelerator').length;
}

function overlayKind(kind: CountedKind, rows: readonly OverlayRow[], others: Ran | null, target: string): OverlayKind {
  const { op, places, entries, inLog } = kind;
  const wanted = new Set(places.map(({ subgraph, operator }) => `${subgraph}/${operator.index}`));
  const own = rows.filter(({ subgraph, index }) => wanted.has(`${subgraph}/${index}`));
  const predicted = countAccelerated(own, target);
  const named = entries.reduce((sum, { ran, which }) => {
    return sum + (ran === 'accelerator' && which.by === 'kind' ? (which.count ?? 0) : 0);
  }, 0);
  const unsaid = Math.max(0, places.length - inLog);
  const observed = named + (others === 'accelerator' ? unsaid : 0);
  const isOpen = own.some(({ verdict }) => verdict === 'unverified');
  const isComplete = inLog === places.length || (others !== null && inLog < places.length);
  return {
    op,
    entries,
    inModel: places.length,
    inLog,
    predicted,
    observed,
    agrees: isOpen ? null : isComplete && predicted === observed,
  };
}

/** Where each operator is told of, a count adds nothing. */
function totalOf(log: TargetLog, rows: readonly OverlayRow[], target: string): OverlayTotal | null {
  if (log.taken === null || rows.some(({ observed }) => observed !== null)) return null;
  const main = rows.filter(({ subgraph }) => subgraph === 0);
  const isOpen = main.some(({ verdict }) => verdict === 'unverified');
  const predicted = countAccelerated(main, target);
  const { count, of } = log.taken;
  return { predicted, observed: count, of, agrees: isOpen ? null : of === main.length && predicted === count };
}
