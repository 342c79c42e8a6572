import { extname } from 'node:path';
import type { ExportFormat } from '../core/report/exportFormats';
import type { Report } from '../core/report/report';
import type { Sessions } from '../session';
import { UsageError } from './failure';
import { writeOutput } from './writeOutput';

export interface ReportOutput {
  readonly path: string;
  readonly format: ExportFormat;
}

const FORMATS: Readonly<Record<string, ExportFormat>> = { '.html': 'html', '.json': 'json', '.md': 'md', '.csv': 'csv' };

/** For the help text of commands that write reports. */
export const OUTPUT_HELP = '.html, .md, .csv or .json; may be given several times';

/** @throws UsageError */
export function reportOutputs(paths: readonly string[]): ReportOutput[] {
  return paths.map((path) => {
    const format = FORMATS[extname(path).toLowerCase()];
    if (format === undefined) throw new UsageError(`--output takes a .html, .md, .csv or .json file, not ${path}`);
    return { path, format };
  });
}

export async function writeReport(
  report: Report,
  outputs: readonly ReportOutput[],
  sessions: Pick<Sessions, 'exportReport'>,
): Promise<void> {
  for (const { path, format } of outputs) {
    // What was counted is for merging, which reads JSON.
    await writeOutput(path, sessions.exportReport(format === 'json' ? report : withoutCounts(report), format));
  }
}

function withoutCounts({ shard: _, ...report }: Report): Report {
  return report;
}
