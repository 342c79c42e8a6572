import type { SampleReport } from '../report';
import { alignParts, type PartPair } from './alignParts';
import type { Confusion, Flips, LabelParts } from './taskReport';

/** Rows of a matrix that can still be read, and samples that a cell keeps. */
export const MOST_TEXTS = 64;
export const MOST_SAMPLES = 20;

export type Answers = Pick<SampleReport, 'index' | 'expected' | 'float' | 'quantized'>;

interface Counted {
  float: number;
  quantized: number;
  readonly samples: number[];
}

/** Parts of a label or an answer, as they are counted. */
export function partsOf(parts: LabelParts, text: string): string[] {
  if (parts === 'whole') return [text];
  return parts === 'characters' ? [...text] : text.split(/\s+/).filter((part) => part !== '');
}

/** What was answered for what over the labelled samples; null where there are too many different answers for a matrix. */
export function confusionOf(parts: LabelParts, samples: readonly Answers[]): Confusion | null {
  const rows = new Map<string, Map<string, Counted>>();
  const texts = new Set<string>();
  const countPath = ({ index, expected }: Answers, answer: string | null, path: 'float' | 'quantized') => {
    if (expected === null || answer === null) return;
    for (const [wanted, got] of pairsOf(parts, expected, answer)) {
      for (const text of [wanted, got]) if (text !== null) texts.add(text);
      const row = entry(rows, wanted ?? '', () => new Map<string, Counted>());
      const cell = entry(row, got ?? '', (): Counted => ({ float: 0, quantized: 0, samples: [] }));
      cell[path]++;
      if (cell.samples.at(-1) !== index && cell.samples.length < MOST_SAMPLES) cell.samples.push(index);
    }
  };
  for (const sample of samples) {
    countPath(sample, sample.float, 'float');
    countPath(sample, sample.quantized, 'quantized');
    if (texts.size > MOST_TEXTS) return null;
  }
  const isCompared = samples.some(({ quantized }) => quantized !== null);
  const hasNothing = rows.has('') || [...rows.values()].some((row) => row.has(''));
  const sorted = [...texts].filter((text) => text !== '').sort(byNumberOrText);
  const ordered = hasNothing ? [...sorted, ''] : sorted;
  const cells = ordered.flatMap((wanted, expected) =>
    ordered.flatMap((got, answered) => {
      const cell = rows.get(wanted)?.get(got);
      if (cell === undefined) return [];
      return [{ expected, answered, ...cell, quantized: isCompared ? cell.quantized : null }];
    }),
  );
  return { texts: ordered, cells };
}

/** Samples whose answers differ between the paths; null where nothing is compared. */
export function flipsOf(samples: readonly Answers[]): Flips | null {
  const compared = samples.filter(({ expected, float, quantized }) => expected !== null && float !== null && quantized !== null);
  if (compared.length === 0) return null;
  const differing = compared.filter(({ float, quantized }) => float !== quantized);
  const indices = (is: (sample: Answers) => boolean) => differing.filter(is).map(({ index }) => index);
  return {
    lost: indices(({ float, expected }) => float === expected),
    won: indices(({ quantized, expected }) => quantized === expected),
    changed: indices(({ float, quantized, expected }) => float !== expected && quantized !== expected),
  };
}

function pairsOf(parts: LabelParts, expected: string, answer: string): readonly PartPair[] {
  return parts === 'whole' ? [[expected, answer]] : alignParts(partsOf(parts, expected), partsOf(parts, answer));
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Class numbers by their size, texts by their characters: the same everywhere, whatever the language. */
function byNumberOrText(a: string, b: string): number {
  const [first, second] = [Number(a), Number(b)];
  if (!Number.isNaN(first) && !Number.isNaN(second) && first !== second) return first - second;
  return a < b ? -1 : a > b ? 1 : 0;
}
