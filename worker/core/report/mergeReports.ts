import { mergePart, PART_SCHEMA, type ComparisonPart } from '../analysis/comparisonPart';
import type { Comparison } from '../analysis/comparePaths';
import type { CellPlan } from '../analysis/layerPlan';
import type { Finding } from '../findings/finding';
import { lintRun } from '../findings/lintRun';
import { cellInfoOf } from './cellInfos';
import { cellsAgain } from './cellReport';
import { audioAgain } from './audioReport';
import { withAnswer } from './headline';
import { countedFields, countedInput, type LstmContext } from './layerReport';
import type { LayerReport, Report, ShardInfo, TaskReport } from './report';
import { confusionOf, flipsOf } from './task/confusion';

/** What was counted for a shard's report, and what of the model is needed to make figures of it again. Plain data. */
export interface ShardCounts {
  readonly part: ComparisonPart;
  /** Cells of every layer. */
  readonly cells: readonly (readonly CellPlan[])[];
  readonly mainLayer: number | null;
  /** Of the file, before anything was run. */
  readonly findings: readonly Finding[];
  readonly complete: boolean;
}

export interface Shard {
  /** For messages. */
  readonly file: string;
  readonly report: Report;
  readonly info: ShardInfo;
  readonly counts: ShardCounts;
}

/** Reports that are not shards of one run. `file` is the one that does not fit. */
export class ShardsDiffer extends Error {
  override readonly name = 'ShardsDiffer';

  constructor(
    readonly file: string,
    message: string,
  ) {
    super(message);
  }
}

export function shardCounts({ plans, mainLayer, complete, ...part }: Comparison, findings: readonly Finding[]): ShardCounts {
  return { part: { schema: PART_SCHEMA, ...part }, cells: plans.map(({ cells }) => cells), mainLayer, findings, complete };
}

/**
 * One report of the samples that all shards cover: counts are exactly those of one run over them, sums of reals differ from them by
 * rounding (some 1e-12 of their size). Shards may be missing: the report is then not complete. Their counts must not be used any more.
 * @throws ShardsDiffer
 */
export function mergeReports(shards: readonly Shard[]): Report {
  const ordered = [...shards].sort((a, b) => a.info.first - b.info.first);
  const [first, ...others] = ordered;
  if (first === undefined) throw new ShardsDiffer('', 'There is no report to merge.');
  ordered.forEach((shard, index) => checkFits(shard, first, ordered[index - 1] ?? null));
  const { part, cells, mainLayer, findings } = first.counts;
  for (const { counts } of others) mergePart(part, counts.part);
  const perSample = ordered.flatMap(({ report }) => report.perSample);
  const covered = ordered.reduce((sum, { info }) => sum + info.end - info.first, 0);
  const template = withoutShard(first.report);
  const merged: Omit<Report, 'headline'> = {
    ...template,
    samples: perSample.length,
    steps: perSample.reduce((sum, { steps }) => sum + steps, 0),
    complete: covered === first.info.samples && ordered.every(({ counts }) => counts.complete),
    requestedSamples: first.info.samples,
    inputs: template.inputs.map((input, position) => ({ ...input, ...countedInput(part.inputs[position] ?? null) })),
    layers: template.layers.map((layer, position) => mergedLayer(layer, template, part, cells[position] ?? [], position)),
    task: mergedTask(
      ordered.map(({ report }) => report.task),
      perSample,
    ),
    perSample,
    findings,
  };
  const report = { ...merged, ...cellsAgain(merged), ...audioAgain(merged), findings: lintRun(merged, findings) };
  return withAnswer(report, mainLayer);
}

function mergedLayer(
  layer: LayerReport,
  report: Pick<Report, 'lstms' | 'recurrent'>,
  { layers, costs }: ComparisonPart,
  cells: readonly CellPlan[],
  position: number,
): LayerReport {
  const sums = layers[position];
  if (sums === undefined) return layer;
  const info = cellInfoOf(report, layer);
  const weights = layer.lstm?.ledger.find(({ cause }) => cause === 'weight-rails')?.entries[0];
  const lstm: LstmContext | null =
    info === null || layer.lstm === null
      ? null
      : {
          info,
          weightRails: weights === undefined ? null : { count: weights.count, values: weights.values },
          costs: costs[position] ?? null,
          formula: layer.lstm.formula,
          realFormulas: layer.lstm.realFormulas ?? [],
          recurrentFormula: layer.lstm.recurrentFormula ?? null,
        };
  return { ...layer, ...countedFields({ cells }, sums, lstm) };
}

function mergedTask(tasks: readonly (TaskReport | null)[], perSample: Report['perSample']): TaskReport | null {
  const scored = tasks.filter((task) => task !== null);
  const [first] = scored;
  if (first === undefined) return null;
  const sum = (of: (task: TaskReport) => number) => scored.reduce((total, task) => total + of(task), 0);
  const known = scored.every(({ quantizedErrors }) => quantizedErrors !== null);
  return {
    ...first,
    total: sum(({ total }) => total),
    floatErrors: sum(({ floatErrors }) => floatErrors),
    floatRight: sum(({ floatRight }) => floatRight),
    quantizedErrors: known ? sum(({ quantizedErrors }) => quantizedErrors ?? 0) : null,
    quantizedRight: known ? sum(({ quantizedRight }) => quantizedRight ?? 0) : null,
    confusion: confusionOf(first.parts, perSample),
    flips: flipsOf(perSample),
  };
}

function withoutShard({ shard: _, ...report }: Report): Report {
  return report;
}

/** Same program, model, data and settings, and samples that no other shard has. */
function checkFits(shard: Shard, first: Shard, before: Shard | null): void {
  const settings: readonly (readonly [what: string, of: (report: Report) => unknown])[] = [
    ['program', ({ generator }) => generator],
    ['model', ({ model }) => model.sha256],
    ['float model', ({ floatModel }) => floatModel],
    ['persona', ({ persona, quirks }) => [persona, quirks]],
    ['data', ({ data }) => data],
    ['handling of states', ({ state }) => state],
    ['labels', ({ task }) => task?.kind],
  ];
  const differing = settings.find(([, of]) => JSON.stringify(of(shard.report)) !== JSON.stringify(of(first.report)));
  if (differing !== undefined) throw new ShardsDiffer(shard.file, `is of another ${differing[0]} than ${first.file}`);
  if (shard.info.samples !== first.info.samples || shard.info.of !== first.info.of) {
    throw new ShardsDiffer(shard.file, `is a shard of ${shard.info.of} over ${shard.info.samples} samples, ${first.file} one of ${first.info.of} over ${first.info.samples}`); // prettier-ignore
  }
  if (before !== null && shard.info.first < before.info.end) {
    throw new ShardsDiffer(shard.file, `covers samples that ${before.file} has as well`);
  }
}

/** Samples of shard `index` (from 1) of `of`: ranges of about the same length. */
export function shardRange(samples: number, index: number, of: number): { readonly first: number; readonly end: number } {
  return { first: Math.floor(((index - 1) * samples) / of), end: Math.floor((index * samples) / of) };
}
