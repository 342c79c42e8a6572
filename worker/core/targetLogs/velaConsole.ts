import { checkEntries, linesOf } from './logText';
import type { LogEntry, LogFact, LogContent } from './targetLog';
import { velaTargets } from './velaTargets';

const CPP_WARNING = /^Warning \([^)]*\) operator: (\w+), ofm: '(.*)'\s*$/;
const CPP_REASON = /^Reason: (.*)$/;
const PYTHON_WARNING =
  /^Warning: (?:Unsupported TensorFlow Lite semantics for )?(\w+) '(.*)'(?: is not supported on the NPU)?\. Placing on CPU instead\s*$/;
const PYTHON_REASON = /^(?: - | {3})(\S.*)$/;
const MOST_REASONS = 8;
const CPU_LINE = /^\s+CPU: (\w+) = (.*?) \((?:inputs|outputs) /;
const FACT =
  /^(System configuration|Memory mode|Accelerator clock|Total SRAM used|Total DRAM used|Total On-chip Flash used|Total Off-chip Flash used|Neural network macs|Batch Inference time)\s{2,}(.*\S)\s*$/;
const ACCELERATOR = /^Accelerator configuration\s+(\S+)/;
const REFUSED = /^(?:RuntimeError: )?(?:Compilation failed: (?:Error: )?|Error: )(\S.*)$/;

/** What `vela` prints: a warning with its reason for each operator that stays on the CPU, and the network's summary. */
export function isVelaConsole(text: string): boolean {
  return /^Network summary for |^Warning \(supported operators\) operator: |Placing on CPU instead|Does not have valid TFLite Semantics|Compilation failed: /m.test(
    text,
  );
}

export function readVelaConsole(text: string): LogContent {
  const lines = linesOf(text);
  const entries = new Map<string, LogEntry>();
  const facts: LogFact[] = [];
  let accelerator: string | null = null;
  let refused: string | null = null;
  for (const [at, line] of lines.entries()) {
    const entry = warned(lines, at) ?? listed(line, at);
    const [fact, refusal] = [FACT.exec(line), REFUSED.exec(line)];
    // The list of CPU operators repeats those that were warned of.
    // Tensors without a name cannot be told apart.
    const key = entry?.name === '' ? `line ${at + 1}` : `name ${entry?.name ?? ''}`;
    if (entry !== null && !entries.has(key)) entries.set(key, entry.entry);
    if (fact !== null) facts.push({ name: fact[1] ?? '', value: fact[2] ?? '' });
    if (refusal !== null) refused ??= refusal[1] ?? line;
    accelerator = ACCELERATOR.exec(line)?.[1] ?? accelerator;
    checkEntries(entries.size, at + 1);
  }
  return {
    kind: 'vela-console',
    tool: `Vela${accelerator === null ? '' : `, ${accelerator}`}`,
    targets: velaTargets(accelerator),
    entries: [...entries.values()],
    // Every operator that stays on the CPU is told of.
    others: refused === null ? 'accelerator' : null,
    taken: null,
    refused,
    facts,
  };
}

interface NamedEntry {
  readonly name: string;
  readonly entry: LogEntry;
}

/** A warning with the lines of its reason. */
function warned(lines: readonly string[], at: number): NamedEntry | null {
  const line = lines[at] ?? '';
  const [cpp, python] = [CPP_WARNING.exec(line), PYTHON_WARNING.exec(line)];
  const [, op = '', name = ''] = cpp ?? python ?? [];
  if (op === '') return null;
  const reason = cpp === null ? PYTHON_REASON : CPP_REASON;
  const reasons: string[] = [];
  for (let next = at + 1; next < lines.length && reasons.length < MOST_REASONS; next++) {
    const found = reason.exec(lines[next] ?? '');
    if (found === null) break;
    reasons.push(found[1] ?? '');
  }
  return { name, entry: onCpu(at, op, name, reasons.join(': ')) };
}

function listed(line: string, at: number): NamedEntry | null {
  const [, op = '', name = ''] = CPU_LINE.exec(line) ?? [];
  return op === '' ? null : { name, entry: onCpu(at, op, name, 'listed as a CPU operator') };
}

function onCpu(at: number, op: string, name: string, status: string): LogEntry {
  const which = name === '' ? ({ by: 'kind', count: 1 } as const) : ({ by: 'output', name } as const);
  return { line: at + 1, op, which, ran: 'cpu', status, figures: {} };
}
