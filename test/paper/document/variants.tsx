import { max, median, min } from 'd3';
import { count } from '../../../webview/charts/format';
import { drawFile } from '../charts/ChartFile';
import { StripChart } from '../charts/StripChart';
import type { ModelResult } from '../measure/measureModel';
import { OBSERVERS, QUIRKS, type VariantName } from '../measure/variants';
import type { PaperResults } from '../results';
import { errorsOf, logitDecibels, modelsApart, modelsWith, withoutQuirks } from './figures';
import { signed } from './markdown';
import type { Section } from './section';

const MEASURES = { leftTitle: 'Logits against float: dB gained', rightTitle: 'Word error rate: points' } as const;

const QUIRK_LABELS = {
  'hidden-zero-point': 'hidden zero point',
  'peephole-width': 'peephole width',
  'double-rounding': 'double rounding',
} as const;

/** Estimators of int8 ranges other than min-max. */
export function observerSection(results: PaperResults): Section {
  const rows = OBSERVERS.map((observer) => ({ label: observer, ...gains(results, `observer:${observer}`) }));
  const words = rows.map(({ label, decibels, points }) => `${label} ${signed(decibels, 2)} dB, ${signed(points, 2)} points`);
  const summary = `${words.join('; ')} against min-max`;
  return {
    heading: 'Range estimators',
    claims: [],
    chart: {
      file: 'paper-observers.svg',
      svg: drawFile(<StripChart title="Range estimators against min-max" {...MEASURES} summary={summary} strips={rows} />),
      summary,
    },
    text:
      `Against min-max (median of the models in dB, all words together in points): ${words.join('; ')}. ` +
      'They decide about int8 tensors only; gates before layer norm and cells, 16 bits wide, keep every value.',
  };
}

/** The same models under the recipe's arithmetic, one departure of TensorFlow Lite's kernel at a time. */
export function quirkSection(results: PaperResults): Section {
  const rows = QUIRKS.map((quirk) => ({ label: QUIRK_LABELS[quirk], ...gains(results, `without:${quirk}`) }));
  const words = rows.map(
    ({ label, decibels, points, lowest, highest, left }) =>
      `${label} ${signed(decibels, 1)} dB (${signed(lowest, 1)} to ${signed(highest, 1)}), ${signed(points, 2)} points, ${left.length} models`,
  );
  const { models } = results;
  const all =
    ` All off: ${count(errorsOf(results, models, withoutQuirks).errors)} errors in place of ${count(errorsOf(results, models, 'integer').errors)}, and ` +
    `${modelsApart(models, withoutQuirks, 'float').length} of ${models.length} models differ from float by more than two standard errors in place of ` +
    `${modelsApart(models, 'integer', 'float').length}.`;
  const summary = `without the quirk: ${words.join('; ')}`;
  const unmended = modelsWith(results, 'unmended');
  const constant =
    unmended.length === 0
      ? ''
      : ` CIFG with layer norm as TensorFlow Lite's quantizer leaves it answers one constant: ${errorsOf(results, unmended, 'unmended').rate.toFixed(0)} % word errors ` +
        `on ${unmended.length} models, against ${errorsOf(results, unmended, 'integer').rate.toFixed(2)} % with the scale that the recipe adds.`;
  return {
    heading: "TensorFlow Lite's quirks",
    claims: [],
    chart: {
      file: 'paper-quirks.svg',
      svg: drawFile(<StripChart title="Quirks switched off" {...MEASURES} summary={summary} strips={rows} />),
      summary,
    },
    text: `Where TensorFlow Lite's kernel departs from the paper, switched off one at a time on the models that it concerns: ${words.join('; ')}.${all}${constant}`,
  };
}

/** What a variant gains over the integer form as it is, by model and together. */
function gains(results: PaperResults, variant: VariantName) {
  const models = modelsWith(results, variant);
  const rate = (of: readonly ModelResult[], form: VariantName) => errorsOf(results, of, form).rate;
  const left = models.map((model) => logitDecibels(model, variant) - logitDecibels(model, 'integer'));
  const right = models.map((model) => rate([model], variant) - rate([model], 'integer'));
  return {
    ...{ left, right, decibels: median(left) ?? 0, lowest: min(left) ?? 0, highest: max(left) ?? 0 },
    points: models.length === 0 ? 0 : rate(models, variant) - rate(models, 'integer'),
  };
}
