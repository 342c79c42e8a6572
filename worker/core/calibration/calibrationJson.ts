import type { ValueHistogram } from '../analysis/valueHistogram';
import type { ValueRange } from '../analysis/valueRange';
import { DataFormatError } from '../data/dataFormatError';
import { GATES, type Gate } from '../lstm/signals';
import type { Graph } from '../model/model';
import type { CalibrationState } from '../recipe/recipe';
import { CALIBRATION_SCHEMA, type Calibration, type CellStatistics, type TensorStatistics } from './calibration';
import type { CalibratedRange } from './calibratedRanges';
import { JsonFields } from './jsonFields';
import type { MovingAverage } from './movingAverage';
import { CALIBRATION_AXIS, emptyStatistics, type ValueStatistics } from './valueStatistics';

/** Exponents of histogram bins that can occur; see valueHistogram.ts. */
const EXPONENTS = [-100, 128] as const;
const MOST_TENSORS = 1_000_000;

/** A calibration as JSON of schema gatescope.calibration/1. Empty bins at either end are left out; tensors without values too. */
export function writeCalibration({ schema, model, state, synthetic, samples, steps, tensors, lstms }: Calibration): string {
  const document = {
    ...{ schema, model, state, synthetic, samples, steps, tensorCount: tensors.length },
    tensors: tensors.flatMap((tensor, index) => (tensor === null ? [] : [{ index, name: tensor.name, ...plain(tensor.values) }])),
    lstms: [...lstms].map(([op, cells]) => ({ op, cells: cells.map(plainCell) })),
  };
  return `${JSON.stringify(document)}\n`;
}

/**
 * A calibration from its JSON, checked against the graph that it is to be used for.
 * @throws DataFormatError saying where in the JSON, or what the graph has in another place
 */
export function readCalibration(text: string, file: string, graph: Graph): Calibration {
  const root = JsonFields.parse(text, file);
  const schema = root.text('schema');
  if (schema !== CALIBRATION_SCHEMA) throw root.wrong('schema', `is ${schema}`, CALIBRATION_SCHEMA);
  const tensorCount = root.count('tensorCount', MOST_TENSORS);
  if (tensorCount !== graph.tensors.length)
    throw otherModel(file, `it has ${tensorCount} tensors, the model ${graph.tensors.length}`);
  const tensors = new Array<TensorStatistics | null>(tensorCount).fill(null);
  for (const fields of root.list('tensors')) {
    const index = fields.count('index', tensorCount - 1);
    const name = fields.text('name');
    const own = graph.tensors[index]?.name ?? '';
    if (name !== own) throw otherModel(file, `tensor ${index} is ${name} there and ${own} in the model`);
    tensors[index] = { name, values: readStatistics(fields) };
  }
  const lstms = new Map<number, CellStatistics[]>();
  for (const fields of root.list('lstms')) {
    const op = fields.count('op', graph.operators.length - 1);
    if (graph.operators[op]?.name.endsWith('LSTM') !== true)
      throw otherModel(file, `operator ${op} is an LSTM there and none in the model`);
    lstms.set(op, fields.list('cells').map(readCell));
  }
  return {
    ...{ schema: CALIBRATION_SCHEMA, model: root.text('model'), state: readState(root), synthetic: root.flag('synthetic') },
    ...{ samples: root.count('samples'), steps: root.count('steps'), tensors, lstms },
  };
}

function otherModel(file: string, difference: string): DataFormatError {
  return new DataFormatError('CALIBRATION_MODEL', file, `is the calibration of another model: ${difference}`);
}

function readState(root: JsonFields): CalibrationState {
  const state = root.text('state');
  if (state === 'reset' || state === 'carry' || state === 'as-tflite') return state;
  throw root.wrong('state', `is ${state}`, 'reset, carry, as-tflite');
}

function plain({ range, average, histogram }: ValueStatistics) {
  const filled = [...histogram.counts.keys()].filter((bin) => histogram.counts[bin]! > 0);
  const [from, to] = [filled[0] ?? 0, (filled.at(-1) ?? -1) + 1];
  return {
    values: range.values,
    range: range.values > 0 ? [range.min, range.max] : null,
    average: { samples: average.samples, first: pair(average.first), current: pair(average.current) },
    histogram: { exponent: histogram.exponent, first: histogram.first + from, counts: [...histogram.counts.subarray(from, to)] },
  };
}

function plainCell({ gates, hidden, cell, output }: CellStatistics) {
  const gate = (name: Gate) => (gates[name] === null ? null : plain(gates[name]));
  return {
    gates: Object.fromEntries(GATES.map((name) => [name, gate(name)])),
    ...{ hidden: plain(hidden), cell: plain(cell), output: plain(output) },
  };
}

function pair(range: CalibratedRange | null): readonly [number, number] | null {
  return range === null ? null : [range.min, range.max];
}

function readCell(fields: JsonFields): CellStatistics {
  const gates = fields.object('gates');
  const gate = (name: Gate) => (gates.isNull(name) ? null : readStatistics(gates.object(name)));
  return {
    gates: { input: gate('input'), forget: gate('forget'), cell: gate('cell'), output: gate('output') },
    hidden: readStatistics(fields.object('hidden')),
    cell: readStatistics(fields.object('cell')),
    output: readStatistics(fields.object('output')),
  };
}

function readStatistics(fields: JsonFields): ValueStatistics {
  const values = fields.count('values');
  const range = fields.range('range');
  if ((range === null) !== (values === 0))
    throw fields.wrong('range', 'does not go with the number of values', 'null for no values');
  if (range === null) return emptyStatistics();
  const average = fields.object('average');
  return {
    range: { values, ...range, nonFinite: 0 } satisfies ValueRange,
    average: {
      samples: average.count('samples'),
      first: average.range('first'),
      current: average.range('current'),
    } satisfies MovingAverage,
    histogram: readHistogram(fields.object('histogram'), range),
    sample: emptyStatistics().sample,
  };
}

/** The bins that were left out at either end are needed where the range reaches into them. */
function readHistogram(fields: JsonFields, range: CalibratedRange): ValueHistogram {
  const exponent = fields.integer('exponent', EXPONENTS[0], EXPONENTS[1]);
  const first = fields.integer('first', -(2 ** 31), 2 ** 31);
  const counts = fields.counts('counts', CALIBRATION_AXIS.bins ?? 0);
  const width = 2 ** exponent;
  const holds = Math.floor(range.min / width) === first && Math.floor(range.max / width) === first + counts.length - 1;
  if (!holds)
    throw fields.wrong('first', 'the bins do not begin and end with the range', 'bins from the smallest to the largest value');
  return { axis: CALIBRATION_AXIS, low: range.min, high: range.max, exponent, first, counts };
}
