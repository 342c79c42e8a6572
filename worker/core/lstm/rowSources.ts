import { GATE_LETTERS, GATES, type Gate, type SignalArray, type SignalName, type SignalSpec } from './signals';
import type { SignalSource } from './taps';

/** One gate's values on their way through a step. Stages that a topology lacks share the array of the stage before. */
export interface GateStages<T extends SignalArray> {
  readonly x: T;
  readonly xh: T;
  readonly in: T;
  readonly ln: T;
}

/** The named values of one batch row during one step. */
export interface RowValues {
  readonly stages: Readonly<Record<Gate, GateStages<SignalArray> | null>>;
  readonly activated: Readonly<Record<Gate, SignalArray>>;
  readonly c: SignalArray;
  readonly tanhC: SignalArray;
  readonly m: SignalArray;
  readonly h: SignalArray;
}

/** Where each signal is to be found after a step. */
export function rowSources(signals: readonly SignalSpec[], row: RowValues): readonly SignalSource[] {
  const arrays = new Map<SignalName, SignalArray>([
    ['c', row.c],
    ['tanh_c', row.tanhC],
    ['m', row.m],
    ['h', row.h],
  ]);
  for (const gate of GATES) {
    const letter = GATE_LETTERS[gate];
    arrays.set(letter, row.activated[gate]);
    const stages = row.stages[gate];
    if (stages !== null) {
      arrays.set(`${letter}_x`, stages.x).set(`${letter}_xh`, stages.xh);
      arrays.set(`${letter}_in`, stages.in).set(`${letter}_ln`, stages.ln);
    }
  }
  return signals.flatMap(({ name }) => {
    const values = arrays.get(name);
    return values === undefined ? [] : [{ name, row: values }];
  });
}
