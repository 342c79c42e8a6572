import { signalLabel } from '../../worker/core/compare/comparisonHeadline';
import type { Comparison, SignalDifference, StepDifferences, TensorDifference } from '../../worker/core/compare/comparison';
import { count, decibel, NOT_MEASURED, percent, real } from '../charts/format';
import type { TextRows } from './textRows';

const MOST_TENSORS = 40;
const MOST_SIGNALS = 400;

/** What differs in the files, then at run time. Tables without rows are left out. */
export function comparisonTables({ statics, run }: Comparison): TextRows[] {
  const tensors = statics.differing.slice(0, MOST_TENSORS).map(tensorRow);
  const options = statics.options.slice(0, MOST_TENSORS).map(({ a, option, valueA, valueB }) => [`op ${a.index} ${a.op}`, option, valueA, valueB]); // prettier-ignore
  const signals = (run?.layers ?? []).flatMap(({ a, lstm, signals: own }) =>
    own.map((signal) => signalRow(`${a.index} ${lstm?.name ?? a.name}`, lstm?.peephole === true, signal)),
  );
  const more = (shown: number, all: number) => (all > shown ? `, ${count(shown)} of ${count(all)} shown` : '');
  return [
    {
      title: `Tensors that differ${more(tensors.length, statics.tensors.differing)}`,
      rows: [['tensor', 'what', 'A', 'B', 'values'], ...tensors],
    },
    { title: 'Options that differ', rows: [['operator', 'option', 'A', 'B'], ...options] },
    {
      title: `Values that differ${more(Math.min(signals.length, MOST_SIGNALS), signals.length)}`,
      rows: [
        ['op', 'signal', 'differ', 'of', 'share', 'codes', 'first step', 'A, dB', 'B, dB'],
        ...signals.slice(0, MOST_SIGNALS),
      ],
    },
  ].filter(({ rows }) => rows.length > 1);
}

/** Errors of both sides along the time axis. */
export function stepErrorsTable({ perEntry, values, differing, rmsA, rmsB }: StepDifferences, name: string): TextRows {
  const text = (rms: number | null | undefined) => (rms === null || rms === undefined ? NOT_MEASURED : real(rms));
  return {
    title: `Error per step of ${name}`,
    rows: [
      ['step', 'values', 'differ', 'RMS of A', 'RMS of B'],
      ...values.map((number, entry) => [
        count(entry * perEntry),
        count(number),
        count(differing[entry] ?? 0),
        text(rmsA[entry]),
        text(rmsB[entry]),
      ]),
    ],
  };
}

function tensorRow({ name, aspects, a, b, values }: TensorDifference): string[] {
  const described = ({ dtype, quantization }: TensorDifference['a']) => {
    const [scale] = quantization?.scales ?? [];
    const several = (quantization?.scales.length ?? 0) > 1 ? ` and ${count((quantization?.scales.length ?? 0) - 1)} more` : '';
    return scale === undefined ? dtype : `${dtype} ${scale.toPrecision(5)}${several}, ${quantization?.zeroPoints[0] ?? 0}`;
  };
  const changed =
    values === null || values.differing === 0
      ? ''
      : `${count(values.differing)} of ${count(values.count)}, by up to ${values.unit === 'codes' ? count(values.largest) : real(values.largest)}`;
  return [name, aspects.join(', '), described(a), described(b), changed];
}

function signalRow(op: string, peephole: boolean, signal: SignalDifference): string[] {
  const { differing, values, maxCodes, maxAbs, first, sqnrDbA, sqnrDbB } = signal;
  const direction = signal.direction === null ? '' : `${signal.direction}, `;
  return [
    op,
    `${direction}${signalLabel(signal.signal, peephole)}`,
    differing === 0 ? '=' : count(differing),
    count(values),
    differing === 0 ? '' : percent(differing / values),
    differing === 0 ? '' : maxCodes === null ? real(maxAbs) : count(maxCodes),
    first === null ? '' : String(first.step ?? ''),
    decibel(sqnrDbA, signal.maxErrorA === 0),
    decibel(sqnrDbB, signal.maxErrorB === 0),
  ];
}
