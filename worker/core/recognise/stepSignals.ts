import type { Dataflow } from './dataflow';
import type { LstmStep } from './lstmStep';
import type { StepSignal, StepSignalName } from './recognised';

/** Where the operators of each step hold the signals of the cell. */
export function stepSignals(flow: Dataflow, steps: readonly LstmStep[]): StepSignal[] {
  const of = (signal: StepSignalName, tensors: (step: LstmStep) => readonly (number | null)[]): StepSignal => ({
    signal,
    operators: steps.map((step) => {
      const found = tensors(step).flatMap((tensor) => (tensor === null ? [] : (flow.producer(flow.origin(tensor))?.index ?? [])));
      return [...new Set(found)];
    }),
  });
  return [
    of('sum', ({ sums }) => [...sums.keys()]),
    of('i', ({ activated }) => [activated.input]),
    of('f', ({ activated }) => [activated.forget]),
    of('g', ({ activated }) => [activated.cell]),
    of('o', ({ activated }) => [activated.output]),
    of('c', ({ cell }) => [cell]),
    of('tanh_c', ({ tanhCell }) => [tanhCell]),
    of('h', ({ hidden }) => [hidden]),
  ];
}
