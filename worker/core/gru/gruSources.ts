import type { SignalArray, SignalName, SignalSpec } from '../lstm/signals';
import type { SignalSource } from '../lstm/taps';
import { GRU_GATE_LETTERS, GRU_GATES } from './gruCell';

/** One gate's values of a step. */
export interface GruStages<T extends SignalArray> {
  readonly x: T;
  readonly xh: T;
  /** After the clip; `xh` itself without one. */
  readonly in: T;
  readonly activated: T;
}

/** Every value of a step, in one arithmetic, all batch rows: [batch, hidden] each. */
interface GruValues {
  /** In the order of the gates. */
  readonly stages: readonly GruStages<SignalArray>[];
  readonly rh: SignalArray;
  readonly nh: SignalArray;
  readonly nrh: SignalArray;
  readonly h: SignalArray;
}

/** Where each signal is to be found after a step. */
export function gruSources(signals: readonly SignalSpec[], { stages, rh, nh, nrh, h }: GruValues): readonly SignalSource[] {
  const arrays = new Map<SignalName, SignalArray>([
    ['rh', rh],
    ['n_h', nh],
    ['n_rh', nrh],
    ['h', h],
  ]);
  for (const [index, values] of stages.entries()) {
    const letter = GRU_GATE_LETTERS[GRU_GATES[index]!];
    arrays.set(letter, values.activated);
    arrays.set(`${letter}_x`, values.x).set(`${letter}_xh`, values.xh).set(`${letter}_in`, values.in);
  }
  return signals.flatMap(({ name }) => {
    const row = arrays.get(name);
    return row === undefined ? [] : [{ name, row }];
  });
}
