import type { Report, SampleReport } from '../../../worker/core/report/report';

/** Samples that follow each other in one recording. */
export interface Recording {
  readonly name: string;
  /** Places among the run's samples. */
  readonly from: number;
  readonly to: number;
}

/**
 * The recordings that samples are of. Samples of one step that are numbered pieces of one file (`name[0]`, `name[1]` ...) are the frames
 * of one recording; any other sample is one by itself.
 */
export function recordingsOf({ perSample }: Pick<Report, 'perSample'>): readonly Recording[] {
  const recordings: Recording[] = [];
  let last: SampleReport | null = null;
  for (const sample of perSample) {
    const stem = stemOf(sample);
    const open = recordings.at(-1);
    const continues =
      open !== undefined && last !== null && last.index + 1 === sample.index && stem !== null && stem === stemOf(last);
    if (continues) recordings[recordings.length - 1] = { ...open, to: sample.index + 1 };
    else recordings.push({ name: stem ?? sample.name, from: sample.index, to: sample.index + 1 });
    last = sample;
  }
  return recordings;
}

/** Name without its number; null for a sample that stands for itself. */
function stemOf({ name, steps }: SampleReport): string | null {
  const numbered = /^(.*)\[\d+\]$/s.exec(name);
  return steps > 1 || !numbered ? null : (numbered[1] ?? '');
}
