import type { Operator } from '../../model/model';
import { grouped } from '../../wording';
import type { FindingRule, LintContext } from '../findingRule';

export const gruDecomposed: FindingRule = {
  rule: 'gru-decomposed',
  severity: 'info',
  title: 'GRU in single operators',
  explanation:
    'No TensorFlow Lite operator computes a GRU, so converters write each step as a chain of small operators. Quantized, the state is rounded to 8 bits at each of them, and errors add up from step to step.',
  fix: 'Compare the state over time with float before trusting an int8 GRU; an LSTM has a fused integer operator with a 16-bit cell.',
  reference: 'google-ai-edge/LiteRT issue 557, microsoft/onnxruntime issue 9796',
  check: (context) => {
    const steps = context.graph.operators.filter((operator) => isGruSplit(context, operator));
    const [first] = steps;
    if (first === undefined) return [];
    const what = steps.length === 1 ? 'One GRU step is' : `${grouped(steps.length)} GRU steps are`;
    return [{ message: `${what} computed by separate operators (SPLIT, LOGISTIC, TANH, MUL, ADD).`, op: first }];
  },
};

/** The input's products in three: two go through a sigmoid, as update and reset gate do, one through tanh, each with the state's added. */
function isGruSplit({ readersOf }: LintContext, { name, outputs }: Operator): boolean {
  if ((name !== 'SPLIT' && name !== 'SPLIT_V') || outputs.length !== 3) return false;
  const leadTo = (activation: string) => outputs.filter((part) => leadsTo(readersOf, part, activation)).length;
  return leadTo('LOGISTIC') === 2 && leadTo('TANH') === 1;
}

/** Directly, or after something was added. */
function leadsTo(readersOf: LintContext['readersOf'], tensor: number, name: string): boolean {
  const readers = readersOf(tensor);
  const sums = readers.filter((reader) => reader.name === 'ADD').flatMap(({ outputs }) => outputs);
  return [...readers, ...sums.flatMap(readersOf)].some((reader) => reader.name === name);
}
