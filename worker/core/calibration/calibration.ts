import { GATES, type Gate } from '../lstm/signals';
import type { CalibrationState } from '../recipe/recipe';
import { closeSample, emptyStatistics, mergeStatistics, type ValueStatistics } from './valueStatistics';

export const CALIBRATION_SCHEMA = 'gatescope.calibration/1';

/**
 * What a calibration saw of every float tensor of a graph and inside its LSTMs: enough to take ranges by any observer without
 * another run. Mergeable; memory does not grow with the samples.
 */
export interface Calibration {
  readonly schema: typeof CALIBRATION_SCHEMA;
  /** File name of the model, for people. */
  readonly model: string;
  readonly state: CalibrationState;
  /** Made of random values: the ranges mean nothing. */
  readonly synthetic: boolean;
  samples: number;
  steps: number;
  /** By tensor index; null where no value of the tensor was seen. */
  readonly tensors: (TensorStatistics | null)[];
  /** By operator index. */
  readonly lstms: Map<number, CellStatistics[]>;
}

export interface TensorStatistics {
  readonly name: string;
  readonly values: ValueStatistics;
}

/** Inside one LSTM cell; see LstmRanges. */
export interface CellStatistics {
  readonly gates: Readonly<Record<Gate, ValueStatistics | null>>;
  readonly hidden: ValueStatistics;
  readonly cell: ValueStatistics;
  readonly output: ValueStatistics;
}

export function emptyCalibration(
  about: Pick<Calibration, 'model' | 'state' | 'synthetic'>,
  tensors: number,
  cells: ReadonlyMap<number, readonly { readonly cifg: boolean }[]>,
): Calibration {
  const lstms = new Map([...cells].map(([op, list]) => [op, list.map(({ cifg }) => emptyCell(cifg))]));
  return {
    ...{ schema: CALIBRATION_SCHEMA, model: about.model, state: about.state, synthetic: about.synthetic },
    ...{ samples: 0, steps: 0, tensors: new Array<null>(tensors).fill(null), lstms },
  };
}

function emptyCell(cifg: boolean): CellStatistics {
  const gates = {
    input: cifg ? null : emptyStatistics(),
    forget: emptyStatistics(),
    cell: emptyStatistics(),
    output: emptyStatistics(),
  };
  return { gates, hidden: emptyStatistics(), cell: emptyStatistics(), output: emptyStatistics() };
}

/** Every statistic of a calibration. */
export function* statisticsOf({ tensors, lstms }: Calibration): Generator<ValueStatistics> {
  for (const tensor of tensors) if (tensor !== null) yield tensor.values;
  for (const cells of lstms.values()) for (const cell of cells) yield* statisticsOfCell(cell);
}

function* statisticsOfCell({ gates, hidden, cell, output }: CellStatistics): Generator<ValueStatistics> {
  for (const gate of GATES) {
    const statistics = gates[gate];
    if (statistics !== null) yield statistics;
  }
  yield* [hidden, cell, output];
}

/** Ends a sample of so many steps. */
export function closeCalibrationSample(calibration: Calibration, steps: number): void {
  for (const statistics of statisticsOf(calibration)) closeSample(statistics);
  calibration.samples++;
  calibration.steps += steps;
}

/** Adds the calibration of later samples of the same run; `later` must not be used any more. */
export function mergeCalibration(into: Calibration, later: Calibration): void {
  into.samples += later.samples;
  into.steps += later.steps;
  later.tensors.forEach((tensor, index) => {
    const own = into.tensors[index] ?? null;
    if (own === null || tensor === null) into.tensors[index] = own ?? tensor;
    else mergeStatistics(own.values, tensor.values);
  });
  for (const [op, cells] of later.lstms) {
    into.lstms.get(op)?.forEach((own, index) => {
      const other = cells[index];
      if (other === undefined) return;
      const theirs = [...statisticsOfCell(other)];
      [...statisticsOfCell(own)].forEach((statistics, position) => mergeStatistics(statistics, theirs[position]!));
    });
  }
}
