import { checkEntries, linesOf } from './logText';
import { readProfile } from './benchmarkProfile';
import type { LogEntry, LogFact, Ran, LogContent } from './targetLog';
import { TargetLogError } from './targetLogError';

/** Delegates by what logs call them, with the target whose rules are theirs. */
const DELEGATES: readonly (readonly [name: RegExp, target: string])[] = [
  [/gpu|litert_(cl|opengl|metal)|mldrift/i, 'gpu-delegate'],
  [/nnapi/i, 'nnapi'],
  [/hexagon/i, 'hexagon-delegate'],
  [/qnn/i, 'qnn-htp'],
  [/edgetpu/i, 'edge-tpu'],
  [/xnnpack/i, 'xnnpack'],
];

const APPLIED = /^(?:Explicitly applied|Applied) (.+?) delegate, and the model graph will be (completely|partially)/;
const NOT_APPLIED = /^Though (.+?) delegate is (?:explicitly )?applied, the model graph will not be executed by the delegate/;
const REPLACING = /^Replacing (\d+) out of (\d+) node\(s\) with delegate \(([^)]*)\) node, yielding (\d+) partitions/;
const UNSUPPORTED = /operations are not supported by GPU delegate:\s*$/;
const REASON = /^\s*([A-Z][A-Z0-9_]*):\s*(.*)$/;
const SPLIT = /^(\d+) operations will run on the GPU, and the remaining (\d+) operations will run on the CPU/;
const TIMINGS = /^Inference timings in us: (.*)$/;
const CREATED = /^Created TensorFlow Lite (.+?) delegate/;

/** What TensorFlow Lite's interpreter and benchmark_model say of delegates, with the profile by operators where it was asked for. */
export function isBenchmarkLog(text: string): boolean {
  return /Replacing \d+ out of \d+ node|delegate is (explicitly )?applied|[Aa]pplied .+ delegate, and the model graph|not supported by GPU delegate|Operator-wise Profiling Info|Inference timings in us/.test(
    text,
  );
}

export function readBenchmarkLog(text: string): LogContent {
  const lines = linesOf(text);
  const facts: LogFact[] = [];
  const entries: LogEntry[] = [];
  const delegates = new Set<string>();
  let taken: LogContent['taken'] = null;
  let others: Ran | null = null;
  let inReasons = false;
  for (const [at, line] of lines.entries()) {
    const applied = APPLIED.exec(line);
    const [not, replacing, split] = [NOT_APPLIED.exec(line), REPLACING.exec(line), SPLIT.exec(line)];
    const created = CREATED.exec(line);
    if (applied !== null || not !== null || replacing !== null || split !== null) inReasons = false;
    if (applied !== null) {
      delegates.add(applied[1] ?? '');
      facts.push({ name: 'delegate', value: line });
      if (applied[2] === 'completely') others = 'accelerator';
    } else if (not !== null) {
      delegates.add(not[1] ?? '');
      facts.push({ name: 'delegate', value: line });
      others = 'cpu';
    } else if (replacing !== null) {
      const [, count = '0', of = '0', name = '', partitions = ''] = replacing;
      // Of several delegates one after the other, the first is the one that was asked for; XNNPACK takes what it leaves.
      taken ??= { count: Number(count), of: Number(of) };
      delegates.add(name);
      facts.push({ name: 'partitions', value: `${partitions} of ${name}, ${count} of ${of} operators` });
    } else if (split !== null) {
      taken ??= { count: Number(split[1]), of: Number(split[1]) + Number(split[2]) };
    } else if (created !== null) {
      delegates.add(created[1] ?? '');
    } else if (UNSUPPORTED.test(line)) {
      inReasons = true;
      delegates.add('GPU');
    } else if (inReasons) {
      const reason = REASON.exec(line);
      if (reason === null) inReasons = line.trim() !== '' && line.startsWith(' ');
      else entries.push(unsupported(reason, at + 1));
    } else {
      const timings = TIMINGS.exec(line);
      if (timings !== null) facts.push({ name: 'inference timings (us)', value: timings[1] ?? '' });
    }
    checkEntries(entries.length, at + 1);
  }
  const profile = readProfile(lines);
  if (profile !== null && profile.delegateNodes.length > 0) others ??= profile.kinds === 1 ? 'accelerator' : null;
  if (taken !== null && taken.of > 0 && taken.count === taken.of) others ??= 'accelerator';
  if (taken !== null && taken.count === 0) others ??= 'cpu';
  if (entries.length === 0 && profile === null && taken === null && others === null) {
    const message = 'The log does not say which operators a delegate took.';
    throw new TargetLogError('LOG_WITHOUT_OPERATORS', message, null, 'a line about a delegate, or a profile by operators (--enable_op_profiling=true)'); // prettier-ignore
  }
  for (const node of profile?.delegateNodes ?? []) delegates.add(node.name);
  return {
    kind: 'benchmark',
    tool: `TensorFlow Lite${delegates.size === 0 ? '' : `, ${[...delegates].join(', ')}`}`,
    targets: targetsOf([...delegates]),
    entries: [...entries, ...(profile?.entries ?? [])],
    others,
    taken,
    refused: null,
    facts: [...facts, ...(profile?.delegateNodes ?? []).map(({ name, value }) => ({ name, value }))],
  };
}

function unsupported([, op = '', status = '']: RegExpExecArray, line: number): LogEntry {
  // How many of the kind are meant is not said.
  return {
    line,
    op,
    which: { by: 'kind', count: null },
    ran: null,
    status: `not supported by the GPU delegate: ${status}`,
    figures: {},
  };
}

/** The delegate that was asked for first; XNNPACK is there by default. */
function targetsOf(delegates: readonly string[]): readonly string[] {
  const found = DELEGATES.filter(([name]) => delegates.some((delegate) => name.test(delegate))).map(([, target]) => target);
  return found.length === 0 ? ['tflite-cpu'] : found;
}
