import type { SignalName } from '../lstm/signals';
import { counted, grouped, inDb, listed } from '../wording';
import type { Comparison, DifferenceSignal, RunDifferences, SignalDifference } from './comparison';

const MOST_NAMED = 3;
const STAGES: Readonly<Record<string, string>> = {
  x: 'after W·x',
  xh: 'after R·h',
  in: 'before activation',
  ln: 'after layer norm',
};
const WHOLE: Partial<Record<DifferenceSignal, string>> = {
  out: 'output',
  c: 'cell c',
  tanh_c: 'tanh(c)',
  m: 'hidden m',
  h: 'output h',
};

/** `gate o, after peephole`. */
export function signalLabel(signal: SignalName | 'out', peephole: boolean): string {
  const [letter = '', stage] = signal.split('_');
  if (signal in WHOLE) return WHOLE[signal] ?? signal;
  if (stage === undefined) return `gate ${letter}, activated`;
  return `gate ${letter}, ${stage === 'in' && peephole && letter !== 'g' ? 'after peephole' : (STAGES[stage] ?? stage)}`;
}

export function comparisonHeadline({ a, b, sameFile, statics, run, causes }: Omit<Comparison, 'headline'>): string[] {
  return [
    ...(run === null ? [] : runLines(run)),
    ...causes.map(({ label, on, explanation }) => `${capital(label)} in ${on.toUpperCase()} only: ${explanation}`),
    sameFile ? 'Both sides are the same file: all tensors, scales and zero points are equal.' : staticLine(statics),
    ...(a.path === b.path ? [] : [`A is run on the ${a.path} path, B on the ${b.path} path.`]),
  ];
}

function runLines(run: RunDifferences): string[] {
  const { samples, requestedSamples, callsOfLongSamples: calls, complete, data, first, layers, mainLayer, task } = run;
  if (samples === 0) return [complete ? 'There are no samples.' : 'Stopped before the first sample was run.'];
  const main = mainLayer === null ? null : (layers[mainLayer] ?? null);
  return [
    ...(complete ? [] : [`Stopped after ${samples} of ${counted(requestedSamples, 'sample')}. Figures cover those.`]),
    ...(calls === undefined
      ? []
      : [`Of samples with more than ${counted(calls, 'call')}, the first ${grouped(calls)} are compared.`]),
    ...(data.synthetic ? ['Synthetic data: ranges only, not accuracy.'] : []),
    ...(layers.length === 0 ? ['No operator of A has a counterpart in B: nothing can be compared at run time.'] : []),
    ...(first === null && layers.length > 0 ? ['Every value is the same on both sides.'] : []),
    ...(first === null ? [] : [firstLine(run)]),
    ...(first === null || main === null ? [] : mainLine(main.signals.at(-1) ?? null, main.a.name)),
    ...(task === null ? [] : [`A makes ${counted(task.errorsA, 'error')}, B ${counted(task.errorsB, 'error')} in ${counted(task.total, 'label')}; ${grouped(task.changed.length)} of ${counted(task.samples, 'sample')} answered otherwise.`]), // prettier-ignore
  ];
}

function firstLine({ first, layers }: RunDifferences): string {
  const layer = layers[first?.layer ?? -1];
  if (first === null || layer === undefined) return '';
  const step = first.step === null ? '' : `, step ${first.step}`;
  const where = `${layer.a.op} ${layer.a.name}`;
  const units = `${grouped(first.units)} of ${counted(first.ofUnits, 'unit')}`;
  return `First difference: sample ${first.sampleName}${step}, ${where}, ${signalLabel(first.signal, layer.lstm?.peephole === true)}, ${units}.`;
}

function mainLine(signal: SignalDifference | null, name: string): string[] {
  if (signal === null) return [];
  const { differing, values, maxCodes, maxAbs, sqnrDbA, sqnrDbB, dtypeA, dtypeB } = signal;
  const what = dtypeA === dtypeB && dtypeA !== 'float32' ? 'integers' : 'values';
  const upTo = maxCodes === null ? `${Number(maxAbs.toPrecision(3))}` : counted(maxCodes, 'code');
  const against = [...(sqnrDbA === null ? [] : [`A ${inDb(sqnrDbA)}`]), ...(sqnrDbB === null ? [] : [`B ${inDb(sqnrDbB)}`])].join(
    ', ',
  );
  return [
    differing === 0
      ? `Output ${name}: all ${grouped(values)} ${what} are the same.`
      : `Output ${name}: ${grouped(differing)} of ${grouped(values)} ${what} differ, by up to ${upTo}.`,
    ...(against === '' ? [] : [`Against float: ${against}.`]),
  ];
}

function staticLine({ tensors, operators, differing, onlyA, onlyB, options }: Comparison['statics']): string {
  const named = differing.slice(0, MOST_NAMED).map(({ name, aspects }) => `${name} (${aspects.join(', ')})`);
  const more = tensors.differing > named.length ? [`${grouped(tensors.differing - named.length)} more`] : [];
  const alone = [
    ...(onlyA.length > 0 ? [`${counted(operators.a - operators.matched, 'operator')} only in A`] : []),
    ...(onlyB.length > 0 ? [`${counted(operators.b - operators.matched, 'operator')} only in B`] : []),
    ...(options.length > 0 ? [`${counted(options.length, 'option')} of operators otherwise`] : []),
  ];
  const said = `${grouped(tensors.differing)} of ${counted(tensors.matched, 'matched tensor')} differ`;
  const which = named.length === 0 ? '' : `: ${listed([...named, ...more])}`;
  return `${[`${said}${which}`, ...alone].join('; ')}.`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
