import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { mergeReports, ShardsDiffer } from '../core/report/mergeReports';
import { Sessions } from '../session';
import { readShard } from '../shardCounts';
import { UnusableError } from './failure';
import { OUTPUT_HELP, reportOutputs, writeReport } from './reportOutputs';

interface MergeOptions {
  readonly output: readonly string[];
}

const HELP = `
Reports written with --shard hold all that was counted. Counts of the merged report are those of one run over all samples; sums of
reals are rounded otherwise, in the last digits. A report without a shard covers the samples that are there and says so.`;

/** `gatescope merge REPORT.json... --output FILE...`: one report of a run whose samples were shared among machines. */
export function registerMerge(program: Command): void {
  program
    .command('merge')
    .description('Make one report of those that were written with --shard')
    .argument('<report...>', '.json files')
    .requiredOption('--output <file...>', OUTPUT_HELP)
    .addHelpText('after', HELP)
    .action(merge);
}

async function merge(paths: readonly string[], options: MergeOptions): Promise<void> {
  const outputs = reportOutputs(options.output);
  const shards = [];
  for (const path of paths) shards.push(readShard(basename(path), await readFile(path, 'utf8')));
  const report = merged(shards);
  await writeReport(report, outputs, new Sessions());
  process.stdout.write(`${report.headline.join('\n')}\n`);
}

function merged(shards: Parameters<typeof mergeReports>[0]) {
  try {
    return mergeReports(shards);
  } catch (error) {
    if (error instanceof ShardsDiffer) throw new UnusableError(`${error.file}: ${error.message}`);
    throw error;
  }
}
