import type { Graph, Operator } from '../../model/model';
import { firstReaderOf } from '../../targets/dataflow';
import type { FindingRule } from '../findingRule';
import { grouped } from '../../wording';

export const lstmUnrolled: FindingRule = {
  rule: 'lstm-unrolled',
  severity: 'info',
  title: 'LSTM unrolled into single operators',
  explanation:
    'Unrolled, each step is a chain of small operators. Quantized, each of them rounds to 8 bits, the cell included, and the file grows with the number of steps.',
  fix: 'Convert with legacy tf_keras (TF_USE_LEGACY_KERAS=1) and without `unroll`, which keeps the fused LSTM.',
  reference: 'TensorFlow 2.21, measured: such steps stay float or lose the 16-bit cell',
  check: ({ graph }) => {
    const steps = graph.operators.filter((operator) => isGateSplit(graph, operator));
    const [first] = steps;
    if (first === undefined) return [];
    const what = steps.length === 1 ? 'one LSTM step is' : `${grouped(steps.length)} LSTM steps are`;
    return [
      {
        message: `${what} computed by separate operators (SPLIT, LOGISTIC, TANH, MUL, ADD).`.replace(/^./, (c) =>
          c.toUpperCase(),
        ),
        op: first,
      },
    ];
  },
};

/** A split in four of which three parts go through a sigmoid and one through tanh. */
function isGateSplit(graph: Graph, operator: Operator): boolean {
  if (operator.name !== 'SPLIT' || operator.outputs.length !== 4) return false;
  const readers = operator.outputs.map((index) => firstReaderOf(graph, index)?.name);
  return readers.filter((name) => name === 'LOGISTIC').length === 3 && readers.includes('TANH');
}
