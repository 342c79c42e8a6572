import type { AccumulatorHeadroom } from '../../worker/core/formula/accumulatorHeadroom';
import type { ChannelFigures } from '../../worker/core/report/detail';
import { count, NOT_MEASURED, real, scale } from '../charts/format';
import type { TextRows } from './textRows';

/** What the ranges of channels show, a row for each. */
export function channelsTable(channels: readonly ChannelFigures[], title: string): TextRows {
  return {
    title,
    rows: [
      ['channel', 'values', 'min', 'max', 'scale', 'zero point', 'at the ends'],
      ...channels.map(({ channel, values, min, max, scale: step, zeroPoint, atRails }) => [
        count(channel),
        count(values),
        real(min),
        real(max),
        step === null ? NOT_MEASURED : scale(step),
        zeroPoint === null ? NOT_MEASURED : count(zeroPoint),
        count(atRails),
      ]),
    ],
  };
}

/** Any histogram of counts. */
export function countsTable(edges: ArrayLike<number>, counts: ArrayLike<number>, title: string): TextRows {
  return {
    title,
    rows: [
      ['from', 'to', 'values'],
      ...Array.from(counts, (values, bin) => [scale(edges[bin] ?? 0), scale(edges[bin + 1] ?? 0), count(values)]),
    ],
  };
}

/** How far the sums of an operator can go. */
export function headroomTable(headroom: AccumulatorHeadroom): TextRows {
  const { accumulator, bound, limit, freeBits, worst, depth, channels, reach } = headroom;
  return {
    title: 'Room in the accumulator',
    rows: [
      ['figure', 'value'],
      ['accumulator', accumulator],
      ['products in a sum', count(depth)],
      ['sums', count(channels)],
      ['largest sum', count(bound)],
      ['holds', real(limit)],
      ['bits free', freeBits === null ? NOT_MEASURED : freeBits.toFixed(1)],
      ['channel of the largest', count(worst.channel)],
      ['whole sums from', count(reach[0])],
      ['whole sums to', count(reach[1])],
    ],
  };
}
