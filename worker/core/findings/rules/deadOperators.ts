import type { Operator } from '../../model/model';
import { counted } from '../../wording';
import type { FindingRule, LintContext } from '../findingRule';
import { listSome } from '../wording';

const NAMED = 4;

/** Operators that work by what they change, not by what they return. */
const EFFECTS = /^(CALL_ONCE|VAR_HANDLE|ASSIGN_VARIABLE|READ_VARIABLE|HASHTABLE.*|CUSTOM|WHILE|IF|CALL|STABLEHLO_.*|DILATE)$/;

export const deadOperators: FindingRule = {
  rule: 'dead-operators',
  severity: 'warning',
  title: 'Operators without an effect',
  explanation:
    'Nothing that the model returns depends on these operators. Runtimes compute them all the same; compilers drop them, so that figures of both do not agree.',
  fix: 'Remove the operators, or add their results to the outputs if they were meant to be there.',
  reference: 'Vela 5.2.0, measured: removed; LiteRT 2.3.0: computed',
  check: (context) => {
    const dead = deadOf(context);
    const [first] = dead;
    if (first === undefined) return [];
    const named = listSome(
      dead.map(({ name, index }) => `${name} ${index}`),
      NAMED,
    );
    return [{ message: `${counted(dead.length, 'operator')}: ${named}.`, op: first }];
  },
};

function deadOf({ model, graph, producerOf }: LintContext): Operator[] {
  const live = new Set<Operator>();
  const waiting = graph.operators.filter(
    ({ name, inputs, outputs }) =>
      EFFECTS.test(name) || outputs.length === 0 || inputs.some((index) => graph.tensors[index]?.isVariable === true),
  );
  const returned = model.signatures.flatMap((own) => (own.graph === graph.index ? own.outputs.map(({ tensor }) => tensor) : []));
  for (const index of [...graph.outputs, ...returned]) waiting.push(...toList(producerOf(index)));
  for (let operator = waiting.pop(); operator !== undefined; operator = waiting.pop()) {
    if (live.has(operator)) continue;
    live.add(operator);
    for (const index of operator.inputs) waiting.push(...toList(producerOf(index)));
  }
  return graph.operators.filter((operator) => !live.has(operator));
}

function toList(operator: Operator | null): Operator[] {
  return operator === null ? [] : [operator];
}
