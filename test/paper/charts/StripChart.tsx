import { max, median, min, scaleLinear } from 'd3';
import { Label, round } from '../../../webview/charts/Label';
import { ChartFile } from './ChartFile';
import { Plot, ticksOf, type PlotArea } from './Plot';

/** One value for each model, in two measures. */
export interface Strip {
  readonly label: string;
  readonly left: readonly number[];
  readonly right: readonly number[];
}

interface StripChartProps {
  readonly title: string;
  readonly summary: string;
  readonly leftTitle: string;
  readonly rightTitle: string;
  readonly strips: readonly Strip[];
}

const WIDTH = 960;
const NAMES = 150;
const ROW = 34;
const TOP = 46;

/** Rows of dots, one a model, in two measures; a stroke marks the median of each row, a line stands at 0. */
export function StripChart({ title, summary, leftTitle, rightTitle, strips }: StripChartProps) {
  const bottom = TOP + strips.length * ROW;
  const middle = (NAMES + WIDTH) / 2;
  return (
    <ChartFile width={WIDTH} height={bottom + 46} title={title} summary={summary}>
      {strips.map(({ label }, row) => (
        <Label x={NAMES - 14} y={TOP + (row + 0.5) * ROW + 4} anchor="end">
          {label}
        </Label>
      ))}
      <Panel
        area={{ top: TOP, bottom, left: NAMES, right: middle - 20 }}
        title={leftTitle}
        rows={strips.map(({ left }) => left)}
      />
      <Panel
        area={{ top: TOP, bottom, left: middle + 20, right: WIDTH - 24 }}
        title={rightTitle}
        rows={strips.map(({ right }) => right)}
      />
    </ChartFile>
  );
}

function Panel({
  area,
  title,
  rows,
}: {
  readonly area: PlotArea;
  readonly title: string;
  readonly rows: readonly (readonly number[])[];
}) {
  const all = [0, ...rows.flat()];
  const x = scaleLinear([min(all) ?? 0, max(all) ?? 1], [area.left + 8, area.right - 8]).nice();
  return (
    <Plot area={area} title={title} xTicks={ticksOf(x.ticks(6), x)} yTicks={[]} xLabel="">
      <path d={`M${round(x(0))},${area.top}V${area.bottom}`} stroke="var(--gs-line)" />
      {rows.map((values, row) => {
        const y = area.top + (row + 0.5) * ROW;
        return (
          <>
            {values.map((value, place) => (
              <circle
                cx={round(x(value))}
                // Spread a little, so that equal values are seen.
                cy={round(y + ((place % 5) - 2) * 3)}
                r={2.6}
                fill="var(--gs-int)"
                fill-opacity={0.6}
              />
            ))}
            <path d={`M${round(x(median(values) ?? 0))},${y - 11}v22`} stroke="var(--gs-fg)" stroke-width={1.6} />
          </>
        );
      })}
    </Plot>
  );
}
