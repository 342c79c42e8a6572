import { median } from 'd3';
import { drawFile } from '../charts/ChartFile';
import { SpeedChart } from '../charts/SpeedChart';
import { LEAST_ROUNDS, type Times } from '../measure/speed';
import type { PaperResults } from '../results';
import { fixed, span } from './markdown';
import type { Claim, Section } from './section';

const MODEL_CELLS = 96;

/** Size of the files, and speed of this project's engine. */
export function costSection(results: PaperResults): Section {
  const { models, modelTimes, layerTimes, load, processors } = results;
  const ratio = (form: 'float' | 'hybrid') => (times: Times) => times[form] / times.integer;
  const ofModels = (form: 'float' | 'hybrid') => Object.values(modelTimes).map(ratio(form));
  const ofLayers = (form: 'float' | 'hybrid') => layerTimes.map(({ cell, times }) => [cell, ratio(form)(times)] as const);
  const lines = (['float', 'hybrid'] as const).map((form) => ({ form, layers: ofLayers(form), models: ofModels(form) }));
  const smaller = models.map(({ bytes }) => bytes.float / bytes.integer);
  const told = (form: 'float' | 'hybrid') =>
    `${span(ofModels(form), 1)} times (median ${fixed(median(ofModels(form)) ?? 0, 1)}) on the speech models, ${span(
      ofLayers(form).map(([, value]) => value),
      1,
    )} on layers of ${layerTimes[0]!.cell} to ${layerTimes.at(-1)!.cell} cells`;
  const summary = `${told('float')} as fast as float; ${told('hybrid')} as fast as hybrid`;
  return {
    heading: 'Speed and size',
    claims: [
      {
        claim: 'Weights are 4 times smaller',
        verdict: 'reproduces',
        figures: `files are ${span(smaller, 2)} times smaller; biases keep 32 bits, peepholes and layer norm take 16`,
      },
      speedClaim('Integer is about twice as fast as float', lines[0]!, told('float'), 1.5),
      speedClaim('Integer is faster than hybrid', lines[1]!, told('hybrid'), 1),
    ],
    chart: {
      file: 'paper-speed.svg',
      svg: drawFile(<SpeedChart lines={lines} modelCells={MODEL_CELLS} summary={summary} />),
      summary,
    },
    text:
      `Times of this project's own engine (WebAssembly SIMD, one thread, batch 1), forms in turn in every round, the fastest of at least ${LEAST_ROUNDS} rounds: whole dense models on one short ` +
      'utterance, and single LSTM layers of random weights, as many inputs as cells, 100 steps. It does not skip zeros: sparse models take as long as ' +
      'dense ones. ' +
      `Load of the machine meanwhile: ${fixed(load, 1)} on ${processors} processors. Other runtimes, and larger batches: [test/bench/results.md](../test/bench/results.md).`,
  };
}

interface Ratios {
  readonly layers: readonly (readonly [cell: number, ratio: number])[];
  readonly models: readonly number[];
}

/** @param least what every layer and the median model must reach */
function speedClaim(claim: string, { layers, models }: Ratios, figures: string, least: number): Claim {
  const all = [...layers.map(([, ratio]) => ratio), median(models) ?? 0];
  const reached = all.filter((ratio) => ratio >= least).length;
  return {
    claim,
    verdict: reached === all.length ? 'reproduces' : reached > 0 ? 'reproduces in part' : 'does not reproduce',
    figures,
  };
}
