import { lstmOperatorOf } from '../../model/lstmOperands';
import type { Operator } from '../../model/model';
import { grouped } from '../../wording';
import type { FindingRule, LintContext } from '../findingRule';
import { isActivationType } from '../weightedOperators';
import { listSome } from '../wording';

const NAMED = 4;

export const floatIsland: FindingRule = {
  rule: 'float-island',
  severity: 'warning',
  title: 'Float operators between integer ones',
  explanation:
    'Data leave the integers through DEQUANTIZE and come back through QUANTIZE. In between, accelerators hand over to the CPU, and a processor without a float unit emulates.',
  fix: 'Replace the operators by ones with an integer kernel, or move them to the end of the model.',
  reference: 'Vela 5.2.0 and LiteRT delegates, measured: float operators stay on the CPU and split the graph',
  check: (context) =>
    islandsOf(context).map((operators) => {
      const [first] = operators;
      const names = listSome([...new Set(operators.map(({ name }) => name))], NAMED);
      const count = operators.length === 1 ? '1 float operator' : `${grouped(operators.length)} float operators`;
      const message = `${count} (${names}) between DEQUANTIZE and QUANTIZE, from operator ${first?.index ?? 0} on.`;
      return first === undefined ? { message } : { message, op: first, name: `${names} ${first.index}` };
    }),
};

/** Connected float operators that are fed from integers and lead back to integers. */
function islandsOf(context: LintContext): readonly (readonly Operator[])[] {
  const { graph, producerOf, readersOf } = context;
  // An LSTM left in float has a rule of its own.
  const float = new Set(graph.operators.filter((operator) => lstmOperatorOf(operator) === null && isFloat(context, operator)));
  const islands: Operator[][] = [];
  const seen = new Set<Operator>();
  for (const start of graph.operators) {
    if (!float.has(start) || seen.has(start)) continue;
    const island: Operator[] = [];
    const waiting = [start];
    let [enters, leaves] = [false, false];
    seen.add(start);
    for (let operator = waiting.pop(); operator !== undefined; operator = waiting.pop()) {
      island.push(operator);
      const before = operator.inputs.flatMap((index) => producerOf(index) ?? []);
      const after = operator.outputs.flatMap((index) => readersOf(index));
      enters ||= before.some((other) => other.name === 'DEQUANTIZE' && isFromIntegers(context, other));
      leaves ||= after.some(({ name }) => name === 'QUANTIZE');
      for (const other of [...before, ...after]) {
        if (!float.has(other) || seen.has(other)) continue;
        seen.add(other);
        waiting.push(other);
      }
    }
    if (enters && leaves) islands.push(island.sort((a, b) => a.index - b.index));
  }
  return islands;
}

function isFloat({ graph }: LintContext, { name, outputs }: Operator): boolean {
  return name !== 'DEQUANTIZE' && name !== 'FAKE_QUANT' && graph.tensors[outputs[0] ?? -1]?.dtype === 'float32';
}

/** Of computed codes: a constant that is dequantized is a weight stored small. */
function isFromIntegers({ graph }: LintContext, { inputs }: Operator): boolean {
  const tensor = graph.tensors[inputs[0] ?? -1];
  return tensor !== undefined && tensor.data === null && isActivationType(tensor);
}
