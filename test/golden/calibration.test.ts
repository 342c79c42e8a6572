import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { calibrate } from '../../worker/core/calibration/calibrate';
import { CALIBRATED, prepareCalibration } from '../../worker/core/calibration/calibrateSamples';
import type { Calibration } from '../../worker/core/calibration/calibration';
import type { ValueStatistics } from '../../worker/core/calibration/valueStatistics';
import { readSamples } from '../../worker/core/data/readSamples';
import { readModel } from '../../worker/core/formats/readModel';
import { LSTM_INTERMEDIATES } from '../../worker/core/model/lstmOperands';
import type { Model } from '../../worker/core/model/model';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import { describeShared } from '../shared';

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));
const modelAt = (path: string) => readModel({ name: path, bytes: bytesOf(path) });

/** As TensorFlow Lite's calibrator does it. */
async function calibration(model: Model, data: string): Promise<Calibration> {
  const samples = readSamples([{ name: data, bytes: bytesOf(data) }], model.graphs[0]!);
  const runner = prepareGraph(model, 0, CALIBRATED);
  const about = { model: model.fileName, state: 'as-tflite', synthetic: false } as const;
  return (await calibrate(prepareCalibration(runner, about), samples, 'as-tflite', {})).calibration;
}

const rangeOf = (statistics: ValueStatistics | null | undefined) =>
  !statistics || statistics.range.values === 0 ? null : [statistics.range.min, statistics.range.max];

/** By tensor: what was seen, of the intermediates too. */
function rangesByTensor({ tensors, lstms }: Calibration, { graphs }: Model) {
  const ranges = tensors.map((tensor) => rangeOf(tensor?.values));
  for (const [op, [cell]] of lstms) {
    const { intermediates, inputs } = graphs[0]!.operators[op]!;
    const hasLayerNorm = (inputs[21] ?? -1) >= 0;
    for (const [gate, position] of Object.entries(LSTM_INTERMEDIATES.gate)) {
      if (hasLayerNorm) ranges[intermediates[position]!] = rangeOf(cell?.gates[gate as keyof typeof cell.gates]);
    }
    ranges[intermediates[LSTM_INTERMEDIATES.hidden]!] = rangeOf(cell?.hidden);
  }
  return ranges;
}

describeShared("ranges equal those of TensorFlow Lite's calibrator in every bit", (shared) => {
  const cases = ['golden/lstm16', 'golden/bidirectional'].flatMap((folder) =>
    readdirSync(join(shared, folder))
      .map((name) => join(folder, name))
      .filter((path) => existsSync(join(shared, path, 'calibrated.tflite'))),
  );

  it('has the cases', () => expect(cases.length).toBe(60));

  it.each(cases)('%s', async (path) => {
    const at = (file: string) => join(shared, path, file);
    const model = modelAt(at('float.tflite'));
    const found = rangesByTensor(await calibration(model, at('calibration.npy')), model);
    const recorded = modelAt(at('calibrated.tflite')).graphs[0]!.tensors.map(({ range }) =>
      range === null || range.min.length === 0 ? null : [range.min[0], range.max[0]],
    );
    expect(found).toEqual(recorded);
  });
});

describeShared('scales of the speech models equal those of TensorFlow Lite', (shared) => {
  const folder = join(shared, 'data/speech-digits');
  const f = Math.fround;
  const asymmetric = ([low, high]: readonly number[]) => f(f(Math.max(high!, 0) - Math.min(low!, 0)) / 255);

  it.each(['lstm-ln-proj', 'lstm-peep-sparse'])('%s', async (name) => {
    const model = modelAt(join(folder, `models/${name}.float.tflite`));
    const found = await calibration(model, join(folder, 'features/calibration.npz'));
    const ranges = rangesByTensor(found, model);
    const states = new Set([...found.lstms.keys()].map((op) => model.graphs[0]!.operators[op]!.inputs[18]!));
    let compared = 0;
    modelAt(join(folder, `models/${name}.int8.tflite`)).graphs[0]!.tensors.forEach(({ dtype, quantization, data }, index) => {
      const range = ranges[index];
      // The states of the output take the output's own scale, and cells the next power of two.
      if (data !== null || range === null || range === undefined || quantization === null || states.has(index)) return;
      const reach = Math.max(-range[0]!, range[1]!);
      const scales =
        dtype === 'int8' ? [asymmetric(range)] : [f(reach / 32767), 2 ** (Math.max(0, Math.ceil(Math.log2(reach))) - 15)];
      expect(scales).toContain(quantization.scales[0]);
      compared++;
    });
    expect(found.samples).toBe(100);
    expect(compared).toBeGreaterThan(7);
  });
});
