import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { listed } from '../../wording';
import type { FindingRule, LintedLstm } from '../findingRule';
import { cellFormat, real } from '../wording';

/** A clip at or beyond the rails of the int16 cell: the type clamps before the clip can. Harmless as long as no cell gets there. */
export const cellClipInert: FindingRule = {
  rule: 'cell-clip-inert',
  severity: 'info',
  title: 'Cell clip never acts',
  explanation:
    'The cell is an int16 with a power-of-two range. Where the clip lies beyond that range, values stop at the end of the range, not at the clip that the model was trained with.',
  fix: 'The rails of the cell clamp instead. For the clip to act, lower it below the end of the range.',
  reference: 'arXiv 2101.05453; TensorFlow Lite kernels/lstm_eval.cc, CwiseClipping',
  check: ({ lstms }) => {
    const inert = lstms.flatMap((lstm) => inertClip(lstm) ?? []);
    // LSTMs of one model have one clip as a rule: then it is said once.
    return [...new Set(inert.map(({ clip }) => clip))].flatMap((clip) => {
      const alike = inert.filter((one) => one.clip === clip);
      const [first] = alike;
      if (first === undefined) return [];
      const names = listed(alike.map(({ name }) => name));
      const ends = new Map(alike.map(({ format, end }) => [format, `±${real(end)}`]));
      const formats =
        ends.size === 1
          ? [...ends].map(([format, end]) => `${format}, which ends at ${end}`).join('')
          : listed([...ends].map(([format, end]) => `${format} (${end})`));
      const message = `${names}: clip ±${real(clip)} lies outside ${formats}.`;
      return [{ message, op: first.operator, tensor: first.tensor }];
    });
  },
};

function inertClip({ info, isInteger, operand, operator }: LintedLstm) {
  const tensor = operand(LSTM_OPERANDS.cellState);
  const scale = tensor?.dtype === 'int16' ? (tensor.quantization?.scales[0] ?? 0) : 0;
  const end = scale * 32768;
  if (!isInteger || tensor === null || !(end > 0) || info.cellClip <= 0 || info.cellClip < end) return null;
  const format = info.cellIntegerBits === null ? 'the cell range' : cellFormat(info.cellIntegerBits);
  return { clip: info.cellClip, end, format, name: info.name, operator, tensor };
}
