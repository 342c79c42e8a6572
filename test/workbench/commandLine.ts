import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Report } from '../../worker/core/report/report';
import { ROOT } from './workbench';

/** Runs the packaged command line inside a folder; throws what it writes to stderr where it fails. */
export function commandLine(folder: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(ROOT, 'dist/cli.js'), ...args], { cwd: folder, stdio: 'pipe' });
}

/** The report that the command line gives of files of a folder: what the inspector has to show of the same. */
export function commandLineReport(folder: string, model: string, ...args: readonly string[]): Report {
  // Not beside the model: there it would be taken for data.
  const output = join(ROOT, '.cache/workbench/reports', `${model}.json`);
  mkdirSync(dirname(output), { recursive: true });
  commandLine(folder, 'report', model, ...args, '--output', output);
  return JSON.parse(readFileSync(output, 'utf8')) as Report;
}
