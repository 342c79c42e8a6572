import type { Report } from '../../worker/core/report/report';
import * as format from '../charts/format';
import { SamplesByError } from '../charts/SamplesByError';

export interface SampleErrorsProps {
  readonly report: Pick<Report, 'perSample'>;
  readonly width: number;
  /** Default: 74. */
  readonly height?: number;
  /** Index of a sample. */
  readonly selected?: number | null;
  readonly onSelect?: (sample: number) => void;
}

/** Samples from worst to best by the SQNR of the model's output. */
export function SampleErrors({ report, width, height = 74, selected = null, onSelect }: SampleErrorsProps) {
  const known = report.perSample.flatMap(({ sqnrDb }) => (sqnrDb === null ? [] : [sqnrDb]));
  const [least, most] = [known.reduce((a, b) => Math.min(a, b), Infinity), known.reduce((a, b) => Math.max(a, b), -Infinity)];
  const summary =
    known.length > 0 ? `from ${format.decibel(least)} to ${format.withUnit(format.decibel(most), 'dB')}` : 'not measured';
  const at = report.perSample.findIndex(({ index }) => index === selected);
  return (
    <SamplesByError
      width={width}
      height={height}
      title="Samples by error"
      summary={summary}
      samples={report.perSample}
      selected={selected === null || at < 0 ? null : at}
      {...(onSelect && {
        onSelect: (place: number) => {
          const sample = report.perSample[place];
          if (sample) onSelect(sample.index);
        },
      })}
    />
  );
}
