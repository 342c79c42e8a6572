import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { readSamples } from '../../worker/core/data/readSamples';
import { readModel } from '../../worker/core/formats/readModel';
import { editDistance } from '../../worker/core/report/task/editDistance';
import { decodeOutput } from '../../worker/core/report/task/decode';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import { DIGITS, SETS, type SetName } from '../paper/speech/speechDigits';
import { describeShared, SHARED } from '../shared';
import { toHybrid } from './hybridModel';

const PATHS = ['float', 'hybrid', 'int8'] as const;
type Path = (typeof PATHS)[number];

/** TensorFlow Lite's own errors, by model, set and path. */
type Reference = Record<string, Record<SetName, Record<Path, { readonly edits: number }>>>;

/**
 * A few: all 32 models on all three sets take a quarter of an hour; GATESCOPE_SPEECH_MODELS=all (or a pattern of names) runs them.
 */
const ALL_SETS = ['lstm-ln-proj'];
const SHORT_ONLY = ['lstm', 'cifg-peep-sparse', 'cifg-ln-proj-peep', 'lstm-proj-sparse'];
const chosen = process.env['GATESCOPE_SPEECH_MODELS'];

const folder = join(SHARED ?? '', 'data/speech-digits');
const json = (name: string): unknown => (SHARED === null ? {} : JSON.parse(readFileSync(join(folder, name), 'utf8')));
const reference = json('wer-tflite.json') as Reference;
const labels = json('features/labels.json') as Record<SetName, Record<string, string>>;

describeShared('speech-digits: as many wrong digits as TensorFlow Lite', () => {
  // Each test keeps its thread busy: between two, the runner gets to say how far they are.
  beforeEach(() => setImmediate());

  const bytes = (...path: string[]) => new Uint8Array(readFileSync(join(folder, ...path)));

  function errorsOn(set: SetName, name: string, path: Path): number {
    const file = `${name}.${path === 'int8' ? 'int8' : 'float'}.tflite`;
    const model = readModel({ name: file, bytes: bytes('models', file) });
    const runner = prepareGraph(path === 'hybrid' ? toHybrid(model) : model, 0, { path, persona: 'tflite' });
    const samples = readSamples([{ name: `${set}.npz`, bytes: bytes('features', `${set}.npz`) }], runner.graph);
    let errors = 0;
    for (let index = 0; index < samples.count; index++) {
      const { name: utterance, inputs } = samples.get(index);
      runner.resetState();
      const [y] = runner.run(inputs);
      if (y === undefined) throw new Error('no output');
      errors += editDistance([...decodeOutput(DIGITS, y)], [...(labels[set][utterance] ?? '')]);
    }
    return errors;
  }

  const runs: (readonly [name: string, set: SetName, path: Path])[] =
    chosen === undefined
      ? [...product(ALL_SETS, SETS), ...product(SHORT_ONLY, ['short'])]
      : product(
          Object.keys(reference).filter((name) => chosen === 'all' || new RegExp(chosen).test(name)),
          SETS,
        );

  it.each(runs)('%s, %s, %s', { timeout: 600_000 }, (name, set, path) => {
    expect(errorsOn(set, name, path)).toBe(reference[name]?.[set][path].edits);
  });
});

function product(names: readonly string[], sets: readonly SetName[]): (readonly [string, SetName, Path])[] {
  return names.flatMap((name) => sets.flatMap((set) => PATHS.map((path) => [name, set, path] as const)));
}
