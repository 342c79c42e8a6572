import { Chart, type ChartFrame } from './chart';
import { Label, round } from './Label';

export interface HeadroomBarProps extends ChartFrame {
  /** Bits of the accumulator without its sign: 31 or 63. */
  readonly bits: number;
  /** log2 of the largest sum; may be more than `bits`. */
  readonly used: number;
}

const LEFT = 2;
const TOP = 2;
const BAR = 12;

/** How many bits of an accumulator the largest sum takes: one mark for each 8 bits; what is beyond its end is lost. */
export function HeadroomBar(props: HeadroomBarProps) {
  const { width, bits, used } = props;
  const most = Math.max(bits, used);
  const x = (bit: number): number => LEFT + ((width - 2 * LEFT) * Math.max(0, bit)) / most;
  const marks = Array.from({ length: Math.floor(bits / 8) + 1 }, (_, k) => k * 8);
  const inside = Math.min(used, bits);
  return (
    <Chart {...props}>
      <rect x={LEFT} y={TOP} width={round(x(bits) - LEFT)} height={BAR} fill="none" stroke="var(--gs-wire)" />
      <rect x={LEFT} y={TOP} width={round(x(inside) - LEFT)} height={BAR} fill="var(--gs-fg)" fill-opacity={0.45} />
      {used > bits && <rect x={round(x(bits))} y={TOP} width={round(x(used) - x(bits))} height={BAR} fill="var(--gs-sat)" />}
      <path d={marks.map((bit) => `M${round(x(bit))},${TOP + BAR}v4`).join('')} stroke="var(--gs-wire)" />
      {marks.map((bit) => (
        <Label key={bit} x={x(bit)} y={TOP + BAR + 15} anchor={bit === 0 ? 'start' : 'middle'} tone="dim" mono>
          {bit}
        </Label>
      ))}
    </Chart>
  );
}
