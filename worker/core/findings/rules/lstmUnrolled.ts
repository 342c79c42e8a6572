import type { Operator } from '../../model/model';
import { fusionFix } from '../fusionFix';
import type { FindingRule, LintContext } from '../findingRule';
import { grouped } from '../../wording';

export const lstmUnrolled: FindingRule = {
  rule: 'lstm-unrolled',
  severity: 'info',
  title: 'LSTM unrolled into single operators',
  explanation:
    'Unrolled, each step is a chain of small operators. Quantized, each of them rounds to 8 bits, the cell included, and the file grows with the number of steps.',
  fix: 'Show it as a cell, or run `gatescope fuse`: the fused LSTM takes the place of the operators, with the same weights, and can be quantized. Or convert with legacy tf_keras (TF_USE_LEGACY_KERAS=1) and without `unroll`, which keeps the fused LSTM.',
  reference: 'TensorFlow 2.21, measured: such steps stay float or lose the 16-bit cell',
  check: (context) => {
    // What a loop computes is told of where the loop is.
    const steps = isLoopBody(context) ? [] : context.graph.operators.filter((operator) => isGateSplit(context, operator));
    const [first] = steps;
    if (first === undefined) return [];
    const what = steps.length === 1 ? 'one LSTM step is' : `${grouped(steps.length)} LSTM steps are`;
    return [
      {
        message: `${what} computed by separate operators (SPLIT, LOGISTIC, TANH, MUL, ADD).`.replace(/^./, (c) =>
          c.toUpperCase(),
        ),
        op: first,
        ...fusionFix(context.model, context.graph, first),
      },
    ];
  },
};

function isLoopBody({ model, graph }: LintContext): boolean {
  return model.graphs.some(({ operators }) =>
    operators.some(({ name, options }) => name === 'WHILE' && options['body_subgraph_index'] === graph.index),
  );
}

/**
 * A split in four of which one part goes through tanh and the others through a sigmoid, soft or hard. In the first step of a
 * sequence the forget gate may be unread: the cell is 0.
 */
function isGateSplit({ readersOf }: LintContext, operator: Operator): boolean {
  if (operator.name !== 'SPLIT' || operator.outputs.length !== 4) return false;
  const readers = operator.outputs.map(readersOf);
  const sigmoids = readers.filter((own) => own.some(isSigmoid)).length;
  const unread = readers.filter((own) => own.length === 0).length;
  return readers.some((own) => own.some(({ name }) => name === 'TANH')) && sigmoids >= 2 && sigmoids + unread === 3;
}

/** The hard sigmoid is a sum clamped to 0..6, divided by 6. */
function isSigmoid({ name, options }: Operator): boolean {
  return name === 'LOGISTIC' || (name === 'ADD' && options['fused_activation_function'] === 'RELU6');
}
