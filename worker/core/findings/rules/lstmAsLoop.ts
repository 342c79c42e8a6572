import type { Graph, Model, Operator } from '../../model/model';
import { fusionFix } from '../fusionFix';
import type { FindingRule } from '../findingRule';

/** What Keras 3 makes of an LSTM: a WHILE whose body computes one step. */
export const lstmAsLoop: FindingRule = {
  rule: 'lstm-as-loop',
  severity: 'warning',
  title: 'LSTM left as a loop',
  explanation:
    'Keras 3 writes an LSTM as a WHILE loop over one step. The loop stays float or is quantized operator by operator, without the 16-bit cell of the integer LSTM.',
  fix: 'Show it as a cell, or run `gatescope fuse`: the fused LSTM takes the place of the loop, with the same weights, and can be quantized. Or convert with legacy tf_keras (TF_USE_LEGACY_KERAS=1), which keeps the fused LSTM.',
  reference: 'TensorFlow 2.21 with Keras 3, measured: int8 conversion of this form crashes',
  check: ({ model, graph }) =>
    graph.operators.flatMap((operator) => {
      const body = operator.name === 'WHILE' ? bodyOf(model, operator) : undefined;
      if (body === undefined || !isLstmStep(body)) return [];
      const message = `The WHILE loop ${operator.index} computes one LSTM step in ${body.operators.length} operators. No runtime has an integer kernel for it, and its gates are seen only where it is shown as a cell.`;
      return [{ message, op: operator, ...fusionFix(model, graph, operator) }];
    }),
};

function bodyOf(model: Model, { options }: Operator): Graph | undefined {
  const index = options['body_subgraph_index'];
  return typeof index === 'number' ? model.graphs[index] : undefined;
}

/** Sigmoids, soft or hard, two tanh and a product of matrices: the gates, the cell input and the output. */
function isLstmStep({ operators }: Graph): boolean {
  const uses = (...names: readonly string[]): number => operators.filter(({ name }) => names.includes(name)).length;
  const hard = operators.filter(({ name, options }) => name === 'ADD' && options['fused_activation_function'] === 'RELU6').length;
  return (
    (uses('LOGISTIC') >= 1 || hard >= 3) && uses('TANH') >= 2 && uses('FULLY_CONNECTED', 'BATCH_MATMUL') >= 1 && uses('MUL') >= 3
  );
}
