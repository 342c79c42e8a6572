import { median, min } from 'd3';
import { CalibrationChart } from '../charts/CalibrationChart';
import { drawFile } from '../charts/ChartFile';
import { SIZES, SUBSETS, type SizeResult } from '../measure/calibrationSizes';
import { decibels } from '../measure/stepNoise';
import type { PaperResults } from '../results';
import { errorsOf } from './figures';
import { signed, span } from './markdown';
import type { Section } from './section';

/** What counts as no better: dB of the logits, points of word error rate. */
const SAME_DECIBELS = 0.5;
const SAME_POINTS = 0.1;

/** Calibration with subsets of the 100 utterances. */
export function calibrationSizeSection(results: PaperResults): Section {
  const lines = Object.entries(results.calibrationSizes).map(([name, found]) => {
    const model = results.models.filter((one) => one.name === name);
    const { words, rate } = errorsOf(results, model, 'float');
    const bySize = (value: (result: SizeResult) => number) =>
      SIZES.map((size) => found.filter((result) => result.size === size).map(value));
    return {
      name,
      decibels: bySize(({ signal, noise }) => decibels(signal, noise)),
      added: bySize(({ errors }) => (100 * errors) / words - rate),
    };
  });
  const at = (size: (typeof SIZES)[number]) => {
    const place = SIZES.indexOf(size);
    const gained = lines.flatMap(({ decibels }) => decibels[place]!.map((value) => value - decibels.at(-1)![0]!));
    const added = lines.flatMap(({ added }) => added[place]!);
    const points = median(added) ?? 0;
    return { gained: median(gained) ?? 0, worst: min(gained) ?? 0, points, added };
  };
  const [one, ten, fifty, hundred] = [at(1), at(10), at(50), at(100)];
  const isEnough = Math.abs(fifty.gained) <= SAME_DECIBELS && Math.abs(fifty.points - hundred.points) <= SAME_POINTS;
  const lost = ({ gained, worst }: typeof one) => `${signed(gained, 1)} dB, at worst ${signed(worst, 1)} dB`;
  const summary = `logits beside those of 100 utterances: with 50 ${lost(fifty)}; with 10 ${lost(ten)}; with 1 ${lost(one)}`;
  return {
    heading: 'Size of the calibration set',
    claims: [
      {
        claim: 'About 100 utterances are enough to calibrate',
        verdict: isEnough ? 'reproduces' : 'does not reproduce',
        figures: summary,
      },
    ],
    chart: {
      file: 'paper-calibration.svg',
      svg: drawFile(<CalibrationChart sizes={SIZES} lines={lines} summary={summary} />),
      summary,
    },
    text:
      `Word error rates lie ${span(one.added, 2, signed)} points from float with one utterance (median ${signed(one.points, 2)}), ` +
      `${span(ten.added, 2, signed)} with ten (${signed(ten.points, 2)}) and ${span(hundred.added, 2, signed)} with all 100 (${signed(hundred.points, 2)}). ` +
      `${SUBSETS} random subsets of each size, the same for each of ${lines.map(({ name }) => `\`${name}\``).join(', ')}: a dot is one of them, lines are a model's medians.`,
  };
}
