import { max, median, min, scaleLinear, scaleLog } from 'd3';
import { ChartFile } from './ChartFile';
import { linePath, Plot, ticksOf, type PlotArea } from './Plot';

export interface CalibrationLine {
  /** By size: one value for each subset. */
  readonly decibels: readonly (readonly number[])[];
  /** The same: points of word error rate more than float. */
  readonly added: readonly (readonly number[])[];
}

interface CalibrationChartProps {
  readonly sizes: readonly number[];
  /** One for each model. */
  readonly lines: readonly CalibrationLine[];
  readonly summary: string;
}

const WIDTH = 960;
const AREA = { top: 46, bottom: 300 };

/** What a calibration of so many utterances gives: every subset of every model as a dot, the models' medians as lines. */
export function CalibrationChart({ sizes, lines, summary }: CalibrationChartProps) {
  return (
    <ChartFile width={WIDTH} height={346} title="Calibration utterances" summary={summary}>
      <Panel
        area={{ ...AREA, left: 44, right: 450 }}
        title="Logits against float, dB (higher is better)"
        sizes={sizes}
        values={lines.map(({ decibels }) => decibels)}
      />
      <Panel
        area={{ ...AREA, left: 530, right: 936 }}
        title="Word error rate beyond float, points"
        sizes={sizes}
        values={lines.map(({ added }) => added)}
      />
    </ChartFile>
  );
}

interface PanelProps {
  readonly area: PlotArea;
  readonly title: string;
  readonly sizes: readonly number[];
  readonly values: readonly (readonly (readonly number[])[])[];
}

function Panel({ area, title, sizes, values }: PanelProps) {
  const x = scaleLog([sizes[0]!, sizes.at(-1)!], [area.left + 14, area.right - 14]);
  const all = values.flat(2);
  const y = scaleLinear([min(all) ?? 0, max(all) ?? 1], [area.bottom, area.top]).nice();
  return (
    <Plot area={area} title={title} xTicks={ticksOf(sizes, x)} yTicks={ticksOf(y.ticks(6), y)} xLabel="calibration utterances">
      {values.map((bySize) => (
        <>
          {bySize.flatMap((subsets, size) =>
            subsets.map((value) => (
              <circle cx={x(sizes[size]!).toFixed(1)} cy={y(value).toFixed(1)} r={1.8} fill="var(--gs-int)" fill-opacity={0.45} />
            )),
          )}
          <path
            d={linePath(bySize.map((subsets, size) => [x(sizes[size]!), y(median(subsets) ?? 0)]))}
            fill="none"
            stroke="var(--gs-int)"
            stroke-width={1.3}
          />
        </>
      ))}
    </Plot>
  );
}
