import type { Dataflow } from './dataflow';
import type { LstmStep } from './lstmStep';
import type { RecognisedLstm, RecognisedScales } from './recognised';
import type { StepRoles } from './stepRoles';

/** How a cell is stored, by its weights and its hidden value. */
export function numbersOf(flow: Dataflow, roles: StepRoles | undefined, hidden = -1): RecognisedLstm['numbers'] {
  if (flow.tensor(hidden)?.dtype !== 'float32') return 'int8';
  return roles?.gates.output?.input.weights.dtype === 'int8' ? 'hybrid' : 'float';
}

/** Scales of an int8 cell, smallest and largest over its steps. */
export function scalesOf(flow: Dataflow, steps: readonly LstmStep[], roles: readonly StepRoles[]): RecognisedScales {
  const extremes = (tensors: readonly number[]): readonly [number, number] => {
    const scales = tensors.flatMap((tensor) => flow.tensor(tensor)?.quantization?.scales[0] ?? []);
    return scales.length === 0 ? [0, 0] : [Math.min(...scales), Math.max(...scales)];
  };
  return {
    input: extremes(roles.map(({ inputRead }) => inputRead)),
    cell: extremes(steps.map(({ cell }) => cell)),
    hidden: extremes(steps.map(({ hidden }) => hidden)),
    gates: extremes(steps.flatMap(({ sums }) => [...sums.keys()])),
  };
}
