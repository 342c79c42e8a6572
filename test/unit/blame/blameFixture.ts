import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { BlameRequest } from '../../../worker/core/blame/blameModel';
import { readSamples } from '../../../worker/core/data/readSamples';
import type { SampleSource } from '../../../worker/core/data/sample';
import { syntheticSamples } from '../../../worker/core/data/synthetic';
import { readModel } from '../../../worker/core/formats/readModel';
import { describeLstms } from '../../../worker/core/model/lstmInfo';
import { schemeOf } from '../../../worker/core/model/scheme';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { readLabels } from '../../../worker/core/report/task/labels';

export const SAMPLES = resolve(import.meta.dirname, '../../../samples');
export const INPUTS = readdirSync(join(SAMPLES, 'inputs'))
  .filter((name) => name.endsWith('.npy'))
  .sort()
  .map((name) => join(SAMPLES, 'inputs', name));

export const named = (path: string) => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) });
export const modelOf = (path: string) => readModel(named(path));

/** A request on files (synthetic samples without data), with reset states and everything to be measured unless told otherwise. */
export function blameRequest(
  path: string,
  floatPath: string | null,
  data: readonly string[],
  changes: Partial<BlameRequest> = {},
): BlameRequest {
  const model = modelOf(path);
  const { fileName, byteLength } = model;
  const lstms = model.graphs.flatMap(describeLstms);
  const labels = data.map((file) => join(file, '../labels.json')).find(existsSync);
  return {
    model,
    sha256: '',
    overview: { fileName, byteLength, format: 'tflite', scheme: schemeOf(model), lstms } as unknown as ModelOverview,
    floatModel: floatPath === null ? null : { model: modelOf(floatPath), sha256: '' },
    samples:
      data.length === 0
        ? syntheticSamples(model.graphs[0]!, { count: 2, steps: 8 })
        : readSamples(data.map(named), model.graphs[0]!),
    dataLabel: 'data',
    dataFiles: [],
    persona: 'tflite',
    state: 'reset',
    labels: labels === undefined ? null : readLabels(named(labels)),
    generator: 'test',
    ...changes,
  };
}

/** The first samples alone. */
export function firstOf(samples: SampleSource, count: number): SampleSource {
  return { ...samples, count, names: samples.names.slice(0, count) };
}

/** Does all the work at once. */
export function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}
