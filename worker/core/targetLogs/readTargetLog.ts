import { isBenchmarkLog, readBenchmarkLog } from './benchmarkLog';
import { isEdgeTpuLog, readEdgeTpuLog } from './edgeTpuLog';
import { checkSize } from './logText';
import type { LogContent, TargetLog } from './targetLog';
import { TargetLogError } from './targetLogError';
import { isVelaConsole, readVelaConsole } from './velaConsole';
import { isVelaDatabase, readVelaDatabase } from './velaDatabase';
import { isVelaLayers, isVelaSummary, readVelaLayers, readVelaSummary } from './velaTables';

const READERS: readonly { readonly is: (text: string) => boolean; readonly read: (text: string) => LogContent }[] = [
  { is: isVelaDatabase, read: readVelaDatabase },
  { is: isVelaLayers, read: readVelaLayers },
  { is: isVelaSummary, read: readVelaSummary },
  { is: isEdgeTpuLog, read: readEdgeTpuLog },
  { is: isVelaConsole, read: readVelaConsole },
  { is: isBenchmarkLog, read: readBenchmarkLog },
];

const KNOWN =
  "edgetpu_compiler -s, Vela's output, debug database (.xml), per-layer or summary table (.csv), benchmark_model or a TensorFlow Lite log of delegates";

/**
 * Reads what a target's own tool wrote about a model. What kind of log it is shows in the text.
 * @throws TargetLogError where it is of no known kind, damaged, or says nothing about operators
 */
export function readTargetLog(text: string, fileName: string): TargetLog {
  checkSize(text);
  // A byte order mark, as some editors and shells write.
  const plain = text.replace(/^\uFEFF/, '');
  const reader = READERS.find(({ is }) => is(plain));
  if (reader === undefined) {
    throw new TargetLogError('LOG_UNKNOWN', 'This is no log of a known kind.', null, KNOWN);
  }
  return { fileName, ...reader.read(plain) };
}
