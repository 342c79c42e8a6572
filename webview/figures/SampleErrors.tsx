import { SamplesByError } from '../charts/SamplesByError';
import type { Report } from '../../worker/core/report/report';

export interface SampleErrorsProps {
  readonly report: Report;
  readonly width: number;
  /** Default: 74. */
  readonly height?: number;
}

/** Samples from worst to best by the SQNR of the model's output. */
export function SampleErrors({ report, width, height = 74 }: SampleErrorsProps) {
  return <SamplesByError width={width} height={height} title="Samples by error" summary="" samples={report.perSample} />;
}
