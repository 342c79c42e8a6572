import { LSTM_OPERANDS } from '../../model/lstmOperands';
import { everyLstm, type FindingRule } from '../findingRule';
import { grouped } from '../../wording';

/** The integer kernel passes the output size where the cell size belongs. */
export const projectionPeephole: FindingRule = {
  rule: 'projection-peephole',
  severity: 'warning',
  title: 'Peephole covers part of the cell only',
  explanation:
    "The integer kernel passes the output's size where the cell's belongs. With a projection to fewer values, the peephole of the cells beyond is left out, which no float path shows.",
  fix: 'Blame shows what it costs on your data, with and without. Remove the peephole or the projection, or train with the peephole of the uncovered cells at 0.',
  reference: 'TensorFlow Lite 2.21 kernels/lstm_eval.cc, measured: the error grows up to 10 times',
  check: everyLstm(({ info, isInteger, operand }) => {
    if (!isInteger || !info.projection || !info.peephole || info.output >= info.cell) return null;
    const shape = operand(LSTM_OPERANDS.input)?.shape ?? [];
    const batch = info.timeMajor ? (shape[1] ?? 1) : 1;
    const rows = batch > 1 ? ` Time-major with ${batch} rows, the rows' peepholes run into each other.` : '';
    const message = `${info.name}: TFLite applies the peephole to the first ${grouped(info.output)} of ${grouped(info.cell)} cells.${rows}`;
    return { message };
  }),
};
