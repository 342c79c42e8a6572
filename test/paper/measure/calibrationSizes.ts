import { randomLcg, shuffler } from 'd3';
import type { CalibratedRange, CalibratedRanges, LstmRanges } from '../../../worker/core/calibration/calibratedRanges';
import { rangesOf } from '../../../worker/core/calibration/rangesOf';
import type { SampleSource } from '../../../worker/core/data/sample';
import { SpeechQuantizer } from '../speech/quantizeSpeech';
import { Recognizer } from '../speech/recognizer';
import { SETS, type SpeechDigits } from '../speech/speechDigits';
import { addToScore, emptyScore } from './score';

export const SIZES = [1, 2, 5, 10, 20, 50, 100] as const;
/** Random subsets of each size below 100. */
export const SUBSETS = 6;

/** A model that was calibrated with one subset, on all three sets together. */
export interface SizeResult {
  readonly size: number;
  readonly errors: number;
  /** Energy of the float model's logits, and of what differs from them. */
  readonly signal: number;
  readonly noise: number;
}

export async function measureCalibrationSizes(speech: SpeechDigits, name: string): Promise<SizeResult[]> {
  const quantizer = new SpeechQuantizer(speech.floatFile(name));
  const graph = quantizer.float.graphs[0]!;
  const single: CalibratedRanges[] = [];
  for (let index = 0; index < speech.calibration.count; index++) {
    single.push(rangesOf(await quantizer.calibrate(only(speech.calibration, index), 'reset'), graph));
  }
  const float = new Recognizer(quantizer.float, 'float');
  const utterances = SETS.flatMap((set) => speech.set(set)).map((utterance) => ({
    utterance,
    exact: float.recognize(utterance),
  }));
  return subsetsOf(single.length).map((subset): SizeResult => {
    const ranges = subset.map((index) => single[index]!).reduce(unionOfRanges);
    const recognizer = new Recognizer(quantizer.integerOf(ranges).model, 'int8');
    const score = emptyScore();
    for (const { utterance, exact } of utterances) addToScore(score, recognizer.recognize(utterance), exact);
    const { errors, signal, noise } = score;
    return { size: subset.length, errors: errors.reduce((sum, count) => sum + count, 0), signal, noise };
  });
}

/** The same for every model. */
function subsetsOf(count: number): number[][] {
  const shuffle = shuffler(randomLcg(1));
  const all = Array.from({ length: count }, (_, index) => index);
  return SIZES.flatMap((size) => Array.from({ length: size < count ? SUBSETS : 1 }, () => shuffle([...all]).slice(0, size)));
}

function only(source: SampleSource, index: number): SampleSource {
  return { count: 1, names: [source.names[index] ?? ''], synthetic: source.synthetic, get: () => source.get(index) };
}

/** What min-max sees of both together; states are reset, so utterances do not depend on each other. */
function unionOfRanges(a: CalibratedRanges, b: CalibratedRanges): CalibratedRanges {
  const cells = (op: number, cell: number): LstmRanges => {
    const [left, right] = [a.lstms.get(op)![cell]!, b.lstms.get(op)![cell]!];
    const gate = (name: keyof LstmRanges['gates']) => union(left.gates[name], right.gates[name]);
    return {
      gates: { input: gate('input'), forget: gate('forget'), cell: gate('cell'), output: gate('output') },
      hidden: union(left.hidden, right.hidden)!,
      cell: union(left.cell, right.cell)!,
      output: union(left.output, right.output)!,
    };
  };
  return {
    tensors: a.tensors.map((range, index) => union(range, b.tensors[index] ?? null)),
    lstms: new Map([...a.lstms].map(([op, list]) => [op, list.map((_, cell) => cells(op, cell))])),
  };
}

function union(a: CalibratedRange | null, b: CalibratedRange | null): CalibratedRange | null {
  if (a === null || b === null) return a ?? b;
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
