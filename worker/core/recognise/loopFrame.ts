import { ABSENT, type Graph, type Model, type Operator } from '../model/model';
import { Dataflow } from './dataflow';
import { bothWays } from './gatePart';

/** A WHILE that counts to a number which is known, and what it does with each of the values that it carries. */
export interface LoopFrame {
  readonly operator: Operator;
  readonly body: Dataflow;
  /** How often the body runs; null where the condition does not say. */
  readonly steps: number | null;
  /** Positions, among the values carried, of those that start at 0 and grow by 1. */
  readonly counters: ReadonlySet<number>;
  /** Positions of those that stay as they are. */
  readonly constant: ReadonlySet<number>;
}

/** Null where the operator is no WHILE with a body and condition of this file. */
export function loopFrame(model: Model, flow: Dataflow, operator: Operator): LoopFrame | null {
  const body = operator.name === 'WHILE' ? subgraph(model, operator, 'body_subgraph_index') : undefined;
  const condition = subgraph(model, operator, 'cond_subgraph_index');
  if (body === undefined || condition === undefined) return null;
  const carried = operator.inputs.length;
  if ([operator.outputs, body.inputs, body.outputs, condition.inputs].some(({ length }) => length !== carried)) return null;
  const inside = new Dataflow(body);
  const positions = [...operator.inputs.keys()];
  const counters = new Set(
    positions.filter((at) => {
      const start = flow.integers(operator.inputs[at] ?? ABSENT);
      return start?.join() === '0' && isNext(inside, body.inputs[at] ?? ABSENT, body.outputs[at] ?? ABSENT);
    }),
  );
  const constant = new Set(positions.filter((at) => body.inputs[at] === body.outputs[at]));
  return { operator, body: inside, steps: stepCount(condition, counters), counters, constant };
}

function subgraph(model: Model, { options }: Operator, option: string): Graph | undefined {
  const index = options[option];
  return typeof index === 'number' ? model.graphs[index] : undefined;
}

/** after = before + 1. */
function isNext(flow: Dataflow, before: number, after: number): boolean {
  const operator = flow.producer(after);
  return operator?.name === 'ADD' && bothWays(operator).some(([a, b]) => a === before && flow.integers(b)?.join() === '1');
}

/** Of `counter < limit`, or of several such, the smallest limit. */
function stepCount(condition: Graph, counters: ReadonlySet<number>): number | null {
  const flow = new Dataflow(condition);
  const open = [...condition.outputs];
  let steps: number | null = null;
  for (let taken = 0; open.length > 0; taken++) {
    const operator = flow.producer(open.pop() ?? ABSENT);
    if (operator === null || taken > 16) return null;
    if (operator.name === 'LOGICAL_AND') {
      open.push(...operator.inputs);
      continue;
    }
    const [counter = ABSENT, limit = ABSENT] = operator.inputs;
    const [most, ...more] = flow.integers(limit) ?? [];
    if (operator.name !== 'LESS' || most === undefined || more.length > 0) return null;
    if (!counters.has(condition.inputs.indexOf(counter))) return null;
    steps = steps === null ? most : Math.min(steps, most);
  }
  return steps;
}

/** The value carried, by its position, whose slice of this step a tensor of the body is; null where it is none. */
export function sliceOfStep({ body, counters, constant }: LoopFrame, tensor: number): number | null {
  const { graph } = body;
  const operator = body.producer(tensor);
  if (operator?.name !== 'GATHER' || operator.options['axis'] !== 0 || Number(operator.options['batch_dims'] ?? 0) !== 0)
    return null;
  const [from = ABSENT, counter = ABSENT] = operator.inputs;
  const at = graph.inputs.indexOf(from);
  return constant.has(at) && counters.has(graph.inputs.indexOf(counter)) ? at : null;
}
