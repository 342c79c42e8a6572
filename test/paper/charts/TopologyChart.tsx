import { scaleLog } from 'd3';
import { Label } from '../../../webview/charts/Label';
import { ChartFile } from './ChartFile';
import { FormLegend, FormMark, FORMS, type FormName } from './forms';
import { Plot, ticksOf } from './Plot';

export interface TopologyRow {
  readonly label: string;
  readonly sparse: boolean;
  /** Word error rates in percent, by set. */
  readonly rates: readonly Readonly<Record<FormName, number>>[];
}

interface TopologyChartProps {
  readonly sets: readonly string[];
  readonly rows: readonly TopologyRow[];
  readonly summary: string;
}

const ROW = 14;
const TOP = 62;
const NAMES = 168;
const GAP = 26;
const WIDTH = 960;
const TICKS = [0.5, 1, 2, 5, 10, 20];
/** One wrong digit of the short set is 0.16 %; none would stand at the left end. */
const RANGE = [0.25, 32] as const;

/** Word error rate of every model in three forms, one plot for each set. */
export function TopologyChart({ sets, rows, summary }: TopologyChartProps) {
  const bottom = TOP + rows.length * ROW + 4;
  const panel = (WIDTH - NAMES - GAP * sets.length) / sets.length;
  const y = (row: number) => TOP + (row + 0.5) * ROW + 2;
  return (
    <ChartFile width={WIDTH} height={bottom + 46} title="Word error rate by topology" summary={summary}>
      <FormLegend x={NAMES} y={22} />
      {rows.map(({ label, sparse }, row) => (
        <Label x={NAMES - 12} y={y(row) + 4} anchor="end" tone={sparse ? 'dim' : 'fg'}>
          {sparse ? 'sparse' : label}
        </Label>
      ))}
      {sets.map((set, index) => {
        const left = NAMES + index * (panel + GAP);
        const x = scaleLog(RANGE, [left, left + panel]).clamp(true);
        const area = { left, right: left + panel, top: TOP, bottom };
        return (
          <Plot area={area} title={set} xTicks={ticksOf(TICKS, x)} yTicks={[]} xLabel="word error rate, %">
            {rows.map(({ rates }, row) =>
              FORMS.map((form) => <FormMark form={form} x={x(Math.max(RANGE[0], rates[index]![form]))} y={y(row)} />),
            )}
          </Plot>
        );
      })}
    </ChartFile>
  );
}
