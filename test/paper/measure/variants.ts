import type { Calibration } from '../../../worker/core/calibration/calibration';
import type { PersonaOverrides } from '../../../worker/core/lstm/persona';
import { switchQuirks, type QuirkName } from '../../../worker/core/compare/quirks';
import type { ObserverName } from '../../../worker/core/recipe/recipe';
import type { SpeechQuantizer, WrittenModel } from '../speech/quantizeSpeech';
import { Recognizer } from '../speech/recognizer';
import { topologyOf } from '../speech/topology';

/** The recipe's own, `min-max`, is the integer form itself. */
export const OBSERVERS = [
  'percentile=99.99',
  'percentile=99.9',
  'mse',
  'entropy',
  'moving-average',
] as const satisfies ObserverName[];

/** What TensorFlow Lite's kernel does otherwise than the recipe, as far as it shows on these models. */
export const QUIRKS = ['hidden-zero-point', 'peephole-width', 'double-rounding'] as const satisfies QuirkName[];

/** The three forms of the paper's table; how TensorFlow Lite calibrates; one for each observer and each quirk that is switched off. */
export type VariantName =
  | 'float'
  | 'hybrid'
  | 'integer'
  | 'as-tflite'
  | 'unmended'
  | 'without-quirks'
  | `observer:${(typeof OBSERVERS)[number]}`
  | `without:${(typeof QUIRKS)[number]}`;

export type Variants = ReadonlyMap<VariantName, Recognizer>;

/** A model in every variant that its topology gives sense to. `float` comes first. */
export function variantsOf(
  quantizer: SpeechQuantizer,
  name: string,
  written: Readonly<Record<'hybrid' | 'integer' | 'asTflite', WrittenModel>>,
  calibration: Calibration,
): Variants {
  const { layerNorm, cifg } = topologyOf(name);
  const { model } = written.integer;
  const variants = new Map<VariantName, Recognizer>([
    ['float', new Recognizer(quantizer.float, 'float')],
    ['hybrid', new Recognizer(written.hybrid.model, 'hybrid')],
    ['integer', new Recognizer(model, 'int8')],
    ['as-tflite', new Recognizer(written.asTflite.model, 'int8')],
  ]);
  for (const observer of OBSERVERS) {
    variants.set(`observer:${observer}`, new Recognizer(quantizer.integer(calibration, { observer }).model, 'int8'));
  }
  const quirks = quirksOf(name);
  for (const quirk of quirks) variants.set(`without:${quirk}`, new Recognizer(model, 'int8', without([quirk])));
  if (quirks.length > 1) variants.set('without-quirks', new Recognizer(model, 'int8', without(quirks)));
  if (cifg && layerNorm) {
    const unmended = quantizer.integer(calibration, { mendCifgLayerNorm: false });
    variants.set('unmended', new Recognizer(unmended.model, 'int8'));
  }
  return variants;
}

/** Those that a model's topology is open to. */
export function quirksOf(name: string): readonly (typeof QUIRKS)[number][] {
  const { projection, peephole } = topologyOf(name);
  return QUIRKS.filter((quirk) => {
    switch (quirk) {
      case 'hidden-zero-point':
        return projection;
      case 'peephole-width':
        return projection && peephole;
      case 'double-rounding':
        return true;
    }
  });
}

function without(quirks: readonly QuirkName[]): PersonaOverrides {
  return switchQuirks(Object.fromEntries(quirks.map((quirk) => [quirk, false])), 'tflite');
}
