import { readModel } from '../../../worker/core/formats/readModel';
import { differences } from '../../golden/recipeCase';
import { SpeechQuantizer } from '../speech/quantizeSpeech';
import { SETS, type SetName, type SpeechDigits, type Utterance } from '../speech/speechDigits';
import { addToScore, emptyScore, type Score } from './score';
import { addStepNoise, emptyStepNoise, type StepNoise } from './stepNoise';
import { variantsOf, type VariantName, type Variants } from './variants';

export type SetScores = Readonly<Record<SetName, Score>>;

/** All that is measured of one speech model, speed apart. */
export interface ModelResult {
  readonly name: string;
  /** Of the files. */
  readonly bytes: Readonly<Record<'float' | 'hybrid' | 'integer', number>>;
  readonly scores: Readonly<Partial<Record<VariantName, SetScores>>>;
  /** Error of h in the long set, by step: of the first LSTM and of the second. */
  readonly steps: Readonly<Record<'hybrid' | 'integer', readonly StepNoise[]>>;
  /** Calibrated as TensorFlow Lite does: tensors beside those of its own file. */
  readonly tensors: { readonly compared: number; readonly differing: number };
}

export async function measureModel(speech: SpeechDigits, name: string): Promise<ModelResult> {
  const file = speech.floatFile(name);
  const quantizer = new SpeechQuantizer(file);
  const calibration = await quantizer.calibrate(speech.calibration, 'reset');
  const written = {
    hybrid: quantizer.hybrid(),
    integer: quantizer.integer(calibration),
    asTflite: quantizer.integer(await quantizer.calibrate(speech.calibration, 'as-tflite')),
  };
  const reference = readModel(speech.quantizedFile(name));
  const { compared, differing } = differences({ graphs: [{ graph: written.asTflite.model.graphs[0]! }] }, reference);
  const variants = variantsOf(quantizer, name, written, calibration);
  const steps = { hybrid: twoLayers(), integer: twoLayers() };
  const scores = SETS.map((set) => scoreSet(variants, speech.set(set), set === 'long' ? steps : null));
  return {
    name,
    bytes: { float: file.bytes.length, hybrid: written.hybrid.bytes, integer: written.integer.bytes },
    scores: byVariant(variants, scores),
    ...{ steps, tensors: { compared, differing: differing.length } },
  };
}

function twoLayers(): StepNoise[] {
  return [emptyStepNoise(), emptyStepNoise()];
}

/** Every variant on every utterance, next to float. */
function scoreSet(
  variants: Variants,
  utterances: readonly Utterance[],
  steps: ModelResult['steps'] | null,
): ReadonlyMap<VariantName, Score> {
  const scores = new Map([...variants.keys()].map((variant) => [variant, emptyScore()]));
  for (const utterance of utterances) {
    const float = variants.get('float')!.recognize(utterance, steps !== null);
    for (const [variant, recognizer] of variants) {
      const isTraced = steps !== null && (variant === 'hybrid' || variant === 'integer');
      const found = variant === 'float' ? float : recognizer.recognize(utterance, isTraced);
      addToScore(scores.get(variant)!, found, float);
      if (!isTraced) continue;
      steps[variant].forEach((noise, layer) =>
        addStepNoise(noise, float.hidden[layer]!, found.hidden[layer]!, utterance.sample.steps),
      );
    }
  }
  return scores;
}

function byVariant(variants: Variants, scores: readonly ReadonlyMap<VariantName, Score>[]): ModelResult['scores'] {
  return Object.fromEntries(
    [...variants.keys()].map((variant) => [
      variant,
      Object.fromEntries(SETS.map((set, index) => [set, scores[index]!.get(variant)!])),
    ]),
  );
}
