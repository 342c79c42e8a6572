import type { Comparison, ComparisonControl } from './core/analysis/comparePaths';
import type { Finding } from './core/findings/finding';
import { shardCounts, shardRange } from './core/report/mergeReports';
import type { Report, ShardInfo } from './core/report/report';
import { encodeCounts } from './shardCounts';

/** A run over a share of the samples, whose report holds all that was counted. */
export class ShardRun {
  private readonly range: Pick<ShardInfo, 'first' | 'end'>;
  private counted: Comparison | null = null;

  constructor(
    private readonly shard: Pick<ShardInfo, 'index' | 'of'>,
    private readonly samples: number,
  ) {
    this.range = shardRange(samples, shard.index, shard.of);
  }

  get control(): ComparisonControl {
    return { share: this.range, onCounted: (comparison) => (this.counted = comparison) };
  }

  /** @param findings of the file, before anything was run */
  finish(report: Report, findings: readonly Finding[]): Report {
    // A run that was cancelled before it began has counted nothing, and is no shard.
    if (this.counted === null) return report;
    const counts = encodeCounts(shardCounts(this.counted, findings));
    const { first, end } = this.range;
    return { ...report, requestedSamples: end - first, shard: { ...this.shard, samples: this.samples, first, end, counts } };
  }
}
