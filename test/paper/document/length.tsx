import { median, sum } from 'd3';
import { drawFile } from '../charts/ChartFile';
import { FORMS, type FormName } from '../charts/forms';
import { LengthChart, type StepLine } from '../charts/LengthChart';
import { decibels, STEP_BINS } from '../measure/stepNoise';
import type { PaperResults } from '../results';
import type { SetName } from '../speech/speechDigits';
import { beyondFloat, errorsOf } from './figures';
import { fixed, signed, span } from './markdown';
import type { Section } from './section';

const SHORT_DIGITS = [3, 4, 5, 6, 7] as const;
/** Steps that the last bin's middle is told of: long utterances have some 1500. */
const LAST_STEP = 1500;
const SETTLED_BIN = STEP_BINS.indexOf(16);

/** What counts as no growth: dB of h, points of word error rate beyond float. */
const SAME_DECIBELS = 1;
const SAME_POINTS = 0.1;

/** Short and long utterances, and steps of the long ones. */
export function lengthSection(results: PaperResults): Section {
  const bins = [
    ...SHORT_DIGITS.map((digits) => ({ label: String(digits), rates: rates(results, 'short', (length) => length === digits) })),
    {
      label: `${Math.min(...results.digits.long)}–${Math.max(...results.digits.long)}`,
      rates: rates(results, 'long', () => true),
    },
  ];
  const lines = (['hybrid', 'integer'] as const).flatMap((form) =>
    [0, 1].map((layer): StepLine => ({ form, label: `${form}, LSTM ${layer + 1}`, points: stepPoints(results, form, layer) })),
  );
  const beyond = (set: SetName) =>
    errorsOf(results, results.models, 'integer', [set]).rate - errorsOf(results, results.models, 'float', [set]).rate;
  const [short, long] = [beyond('short'), beyond('long')];
  const second = lines.at(-1)!.points;
  const [early, late] = [second[SETTLED_BIN]![1], second.at(-1)![1]];
  const doesNotGrow = long - short <= SAME_POINTS && early - late <= SAME_DECIBELS;
  const figures = `integer has ${signed(short, 2)} points more than float on 3 to 7 digits and ${signed(long, 2)} on ${bins.at(-1)!.label}; h of the second LSTM is at ${fixed(early, 1)} dB in steps 16 to 31 and at ${fixed(late, 1)} dB beyond step 1024`;
  const worst = results.models.reduce((a, b) => (beyondLong(results, b.name) > beyondLong(results, a.name) ? b : a));
  return {
    heading: 'Length of the utterance',
    claims: [
      {
        claim: 'Error does not grow with the length of the sequence',
        verdict: doesNotGrow ? 'reproduces' : 'does not reproduce',
        figures,
      },
    ],
    chart: {
      file: 'paper-length.svg',
      svg: drawFile(<LengthChart bins={bins} lines={lines} summary={figures} />),
      summary: figures,
    },
    text:
      `Left: sets \`short\` and \`long\`, which have the same noise; all models together. Right: signal against noise of h beside float, by step of the ` +
      `long utterances, median of the models: from step 4 on, that of integer lies within ${span(
        lines.slice(2).flatMap(({ points }) => points.slice(1).map(([, db]) => db)),
        1,
      )} dB. The most that a model loses ` +
      `on the long set is ${signed(beyondLong(results, worst.name), 2)} points (\`${worst.name}\`; ${signed(beyondFloat(results, worst, 'integer'), 2)} on all three sets).`,
  };
}

function beyondLong(results: PaperResults, name: string): number {
  const model = results.models.filter((one) => one.name === name);
  return errorsOf(results, model, 'integer', ['long']).rate - errorsOf(results, model, 'float', ['long']).rate;
}

/** Of the utterances of a set whose number of digits passes. */
function rates({ models, digits }: PaperResults, set: SetName, passes: (digits: number) => boolean): Record<FormName, number> {
  const chosen = digits[set].flatMap((length, utterance) => (passes(length) ? [utterance] : []));
  const words = models.length * sum(chosen, (utterance) => digits[set][utterance]!);
  const rate = (form: FormName) =>
    (100 * sum(models, ({ scores }) => sum(chosen, (utterance) => scores[form]![set].errors[utterance]!))) / words;
  return Object.fromEntries(FORMS.map((form) => [form, rate(form)])) as Record<FormName, number>;
}

function stepPoints({ models }: PaperResults, form: 'hybrid' | 'integer', layer: number): [step: number, decibels: number][] {
  return STEP_BINS.map((first, bin) => {
    const end = STEP_BINS[bin + 1] ?? LAST_STEP;
    const values = models.map(({ steps }) => {
      const { signal, noise } = steps[form][layer]!;
      return decibels(signal[bin]!, noise[bin]!);
    });
    return [Math.sqrt(Math.max(1, first) * end), median(values) ?? 0];
  });
}
