import { ABSENT } from '../model/model';
import type { LoopFrame } from './loopFrame';
import type { LoopOutputs } from './recognised';

/** What the outputs of a WHILE hold, for a body that computes `hidden`, and `cell` where it has one. */
export function loopOutputs(frame: LoopFrame, hidden: number, cell: number | null): LoopOutputs {
  const { operator, body } = frame;
  const last: number[] = [];
  const others: number[] = [];
  let lastCell: number | null = null;
  for (const [at, output] of operator.outputs.entries()) {
    const value = body.graph.outputs[at] ?? ABSENT;
    const origin = body.origin(value);
    if (origin === hidden) last.push(output);
    else if (origin === cell) lastCell = output;
    else others.push(output);
  }
  return { last, cell: lastCell, others };
}
