import type { Report, SampleReport } from '../../worker/core/report/report';
import type { Flips } from '../../worker/core/report/task/taskReport';
import { NOT_MEASURED, real } from '../charts/format';

export interface FlipGroup {
  readonly title: string;
  readonly samples: readonly SampleReport[];
}

/** Samples that the paths answer differently, those that quantizing costs first; groups without any are left out. */
export function flipGroups({ perSample }: Pick<Report, 'perSample'>, flips: Flips, path: string): readonly FlipGroup[] {
  const byIndex = new Map(perSample.map((sample) => [sample.index, sample]));
  const group = (title: string, indices: readonly number[]): FlipGroup => ({
    title,
    samples: indices.flatMap((index) => byIndex.get(index) ?? []),
  });
  return [
    group(`right in float, wrong in ${path}`, flips.lost),
    group(`wrong in float, right in ${path}`, flips.won),
    group('wrong in both, differently', flips.changed),
  ].filter(({ samples }) => samples.length > 0);
}

/** `0.42 → −0.10`: how far each path's answer was ahead of the next; empty where it is not told. */
export function marginText({ margin }: SampleReport): string {
  if (margin === undefined) return '';
  const text = (value: number | null) => (value === null ? NOT_MEASURED : real(value));
  return `${text(margin.float)} → ${text(margin.quantized)}`;
}
