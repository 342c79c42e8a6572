import { grouped } from '../../wording';
import { everyLstm, type FindingRule } from '../findingRule';

export const peepholeOverrun: FindingRule = {
  rule: 'peephole-overrun',
  severity: 'error',
  title: 'Peephole reaches past the cell',
  explanation:
    "The integer kernel passes the output's size where the cell's belongs. With a projection to more values than there are cells it reads and writes past the end of peephole, cell and gate: results depend on what lies in memory.",
  fix: 'Remove the peephole, or project to at most as many values as there are cells.',
  reference: 'TensorFlow Lite 2.21 kernels/lstm_eval.cc, CalculateLstmGateInteger8x8_16: n_output for n_cell',
  check: everyLstm(({ info, isInteger }) => {
    if (!isInteger || !info.projection || !info.peephole || info.output <= info.cell) return null;
    return { message: `${info.name}: peepholes of ${grouped(info.cell)} cells are applied to ${grouped(info.output)}.` };
  }),
};
