import type { SampleSource } from '../../../worker/core/data/sample';
import { GRU_OPERANDS } from '../../../worker/core/model/gruOperands';
import type { Model } from '../../../worker/core/model/model';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { compareModel } from '../../../worker/core/report/compareModel';
import type { Value } from '../../../worker/core/run/value';
import { uniform } from '../lstm/randomLstm';
import { modelOf, quantizedBy } from './quantizedGru';
import { gruSpec, randomGru } from './randomGru';

export const [STEPS, INPUT, HIDDEN] = [12, 4, 6];

const random = (seed: number): Value => ({
  dtype: 'float32',
  shape: [STEPS, 1, INPUT],
  data: Float32Array.from({ length: STEPS * INPUT }, uniform(seed)),
});

/** Three of random values. */
export const SAMPLES: SampleSource = {
  count: 3,
  names: ['a', 'b', 'c'],
  synthetic: false,
  get: (index) => ({ name: SAMPLES.names[index] ?? '', inputs: [random(index + 1)], steps: STEPS }),
};

/** A float GRU, and its int8 form. */
export function models(linearBeforeReset: boolean, reverse: boolean): { readonly float: Model; readonly int8: Model } {
  const gru = randomGru({ input: INPUT, hidden: HIDDEN, linearBeforeReset, clip: 0 }, 7);
  const float = modelOf(gruSpec(gru, { timeMajor: true, options: { reverse } }), [GRU_OPERANDS.input]);
  return { float, int8: quantizedBy(float, [random(1)]) };
}

export async function reportOf(model: Model, floatModel: Model | null) {
  const report = await compareModel({
    model,
    sha256: '',
    overview: buildOverview(model, {}),
    floatModel: floatModel === null ? null : { model: floatModel, sha256: '' },
    samples: SAMPLES,
    ...{ dataLabel: 'test', dataFiles: [], persona: 'tflite', state: 'reset', labels: null, generator: 'test' },
  });
  const layer = report.layers.find(({ op }) => op === 'GRU');
  if (layer === undefined) throw new Error('the report has no GRU');
  return { report, layer, signal: (name: string) => layer.signals.find((one) => one.signal === name) };
}
