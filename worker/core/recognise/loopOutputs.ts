import { ABSENT } from '../model/model';
import type { Dataflow } from './dataflow';
import type { LoopFrame } from './loopFrame';
import type { LoopOutputs } from './recognised';

/** What the outputs of a WHILE hold, for a body that computes `hidden`, and `cell` where it has one. */
export function loopOutputs(frame: LoopFrame, hidden: number, cell: number | null): LoopOutputs {
  const { operator, body } = frame;
  const last: number[] = [];
  const others: number[] = [];
  let [sequence, lastCell]: [number | null, number | null] = [null, null];
  for (const [at, output] of operator.outputs.entries()) {
    const value = body.graph.outputs[at] ?? ABSENT;
    const origin = body.origin(value);
    if (origin === hidden) last.push(output);
    else if (origin === cell) lastCell = output;
    else if (sequence === null && collects(frame, at, hidden)) sequence = output;
    else others.push(output);
  }
  return { sequence, last, cell: lastCell, others };
}

/**
 * Whether a value carried, [steps, batch, cell], takes the hidden value at the place of each step: what is before the place, the
 * hidden value, and what is behind it are joined again.
 */
function collects({ body, steps, counters }: LoopFrame, at: number, hidden: number): boolean {
  const { graph } = body;
  const before = graph.inputs[at] ?? ABSENT;
  const join = body.producer(graph.outputs[at] ?? ABSENT);
  if (join?.name !== 'CONCATENATION' || join.options['axis'] !== 0 || join.inputs.length !== 3) return false;
  const [head = ABSENT, middle = ABSENT, tail = ABSENT] = join.inputs;
  const slice = (part: number) => {
    const operator = body.producer(part);
    if (operator?.name !== 'SLICE' || operator.inputs[0] !== before) return null;
    return [1, 2].map((operand) => indices(body, operator.inputs[operand] ?? ABSENT, counters)).join(' ');
  };
  const isSequence = body.shape(before).length === 3 && body.shape(before)[0] === steps && body.shape(middle)[0] === 1;
  return isSequence && body.origin(middle) === hidden && slice(head) === '0,0,0 t,-1,-1' && slice(tail) === 't+1,0,0 -1,-1,-1';
}

/** A vector of indices as text: numbers, `t` for the step that the loop is at, `t+1` for the next; `?` for anything else. */
function indices(body: Dataflow, tensor: number, counters: ReadonlySet<number>): string {
  const constant = body.integers(tensor);
  if (constant !== null) return constant.join();
  const index = body.origin(tensor);
  const { inputs, outputs } = body.graph;
  if (counters.has(inputs.indexOf(index))) return 't';
  if (counters.has(outputs.indexOf(index))) return 't+1';
  const join = body.producer(index);
  const isJoin = join?.name === 'CONCATENATION' || join?.name === 'PACK';
  return isJoin ? join.inputs.map((part) => simple(body, part, counters)).join() : '?';
}

/** As `indices`, for a part that is joined from nothing itself. */
function simple(body: Dataflow, part: number, counters: ReadonlySet<number>): string {
  const index = body.origin(part);
  const isJoined = ['CONCATENATION', 'PACK'].includes(body.producer(index)?.name ?? '');
  return isJoined ? '?' : indices(body, part, counters);
}
