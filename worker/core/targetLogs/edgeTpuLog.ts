import { checkEntries, linesOf } from './logText';
import type { LogEntry, LogFact, Ran, LogContent } from './targetLog';
import { TargetLogError } from './targetLogError';

const HEADER = /^Operator\s+Count\s+Status\s*$/;
const ROW = /^(\S+)\s{2,}(\S+)\s{2,}(\S.*?)\s*$/;
const VERSION = /^Edge TPU Compiler version (\S+)/;
const FACT =
  /^(Input size|Output size|On-chip memory used for caching model parameters|On-chip memory remaining for caching model parameters|Off-chip memory used for streaming uncached model parameters|Number of Edge TPU subgraphs|Total number of operations|Number of operations that will run on Edge TPU|Number of operations that will run on CPU): (.+)$/;
const REFUSED = /^(Internal compiler error\. Aborting!|Compilation failed.*|Model not quantized.*|Invalid model.*)$/;

const MAPPED = 'Mapped to Edge TPU';

/** Output of `edgetpu_compiler -s`, or the `_edgetpu.log` beside the compiled model: kinds of operators with counts and statuses. */
export function isEdgeTpuLog(text: string): boolean {
  return /^Edge TPU Compiler version /m.test(text) || /^Operator\s+Count\s+Status\s*$/m.test(text);
}

export function readEdgeTpuLog(text: string): LogContent {
  const entries: LogEntry[] = [];
  const facts: LogFact[] = [];
  let version = '';
  let refused: string | null = null;
  let inTable = false;
  for (const [at, line] of linesOf(text).entries()) {
    const fact = FACT.exec(line);
    if (VERSION.test(line)) version = VERSION.exec(line)?.[1] ?? '';
    else if (fact !== null) facts.push({ name: fact[1] ?? '', value: fact[2] ?? '' });
    else if (REFUSED.test(line)) refused = line;
    else if (HEADER.test(line)) inTable = true;
    else if (inTable && line.trim() !== '') {
      const row = ROW.exec(line);
      if (row === null) {
        inTable = false;
        continue;
      }
      entries.push(entryOf(row, at + 1));
      checkEntries(entries.length, at + 1);
    }
  }
  if (entries.length === 0 && refused === null) {
    const message = 'The log has no table of operators; edgetpu_compiler prints it with -s.';
    throw new TargetLogError('LOG_WITHOUT_OPERATORS', message, null, 'a table Operator, Count, Status');
  }
  return {
    kind: 'edge-tpu-compiler',
    tool: `Edge TPU Compiler${version === '' ? '' : ` ${version}`}`,
    targets: ['edge-tpu'],
    entries,
    others: null,
    taken: null,
    refused,
    facts,
  };
}

function entryOf([, op = '', count = '', status = '']: RegExpExecArray, line: number): LogEntry {
  if (!/^\d{1,9}$/.test(count)) {
    throw new TargetLogError('LOG_NOT_A_NUMBER', `The count of ${op} is "${count.slice(0, 40)}".`, line, 'a whole number');
  }
  const ran: Ran = status === MAPPED ? 'accelerator' : 'cpu';
  return { line, op, which: { by: 'kind', count: Number(count) }, ran, status, figures: {} };
}
