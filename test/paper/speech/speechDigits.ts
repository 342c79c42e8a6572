import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSamples } from '../../../worker/core/data/readSamples';
import type { Sample, SampleSource } from '../../../worker/core/data/sample';
import type { NamedBytes } from '../../../worker/core/formats/namedBytes';
import { readModel } from '../../../worker/core/formats/readModel';
import type { TaskLabels } from '../../../worker/core/report/task/labels';

export const SETS = ['short', 'long', 'telephony'] as const;
export type SetName = (typeof SETS)[number];

/** One recording with what was said. */
export interface Utterance {
  readonly sample: Sample;
  readonly digits: string;
}

/** TensorFlow Lite's own count of wrong digits, by set and path. */
export type ReferenceErrors = Readonly<
  Record<SetName, Readonly<Record<'float' | 'hybrid' | 'int8', { readonly edits: number }>>>
>;

/** Connected digits, decoded greedily; class 10 is the blank. */
export const DIGITS: TaskLabels = {
  kind: 'ctc-greedy',
  unit: 'digits',
  file: 'labels.json',
  blank: 10,
  classes: null,
  labelOf: () => null,
};

/** The recordings and recognizers of shared/data/speech-digits. */
export class SpeechDigits {
  /** In the order of the alphabet; sparse ones end in `-sparse`. */
  readonly names: readonly string[];
  readonly calibration: SampleSource;
  readonly #folder: string;
  readonly #sets = new Map<SetName, readonly Utterance[]>();

  constructor(shared: string) {
    this.#folder = join(shared, 'data/speech-digits');
    this.names = readdirSync(join(this.#folder, 'models')).flatMap((file) => /^(.+)\.float\.tflite$/.exec(file)?.[1] ?? []);
    this.calibration = this.#samples('calibration');
  }

  floatFile(name: string): NamedBytes {
    return this.#file(`models/${name}.float.tflite`);
  }

  /** What TensorFlow Lite's calibrator and quantizer made of the model. */
  quantizedFile(name: string): NamedBytes {
    return this.#file(`models/${name}.int8.tflite`);
  }

  referenceErrors(name: string): ReferenceErrors {
    const all = this.#json<Record<string, ReferenceErrors>>('wer-tflite.json');
    const found = all[name];
    if (found === undefined) throw new Error(`wer-tflite.json has no model ${name}.`);
    return found;
  }

  set(name: SetName): readonly Utterance[] {
    const known = this.#sets.get(name);
    if (known !== undefined) return known;
    const labels = this.#json<Record<SetName, Record<string, string>>>('features/labels.json')[name];
    const source = this.#samples(name);
    const utterances = source.names.map((key, index): Utterance => {
      const digits = labels[key];
      if (digits === undefined) throw new Error(`labels.json has no ${name} ${key}.`);
      return { sample: source.get(index), digits };
    });
    this.#sets.set(name, utterances);
    return utterances;
  }

  #samples(set: string): SampleSource {
    // All models take the same input.
    const model = readModel(this.floatFile(this.names[0] ?? ''));
    return readSamples([this.#file(`features/${set}.npz`)], model.graphs[0]!);
  }

  #file(path: string): NamedBytes {
    return { name: path, bytes: new Uint8Array(readFileSync(join(this.#folder, path))) };
  }

  #json<T>(path: string): T {
    return JSON.parse(readFileSync(join(this.#folder, path), 'utf8')) as T;
  }
}
