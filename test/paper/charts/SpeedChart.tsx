import { max, scaleLinear, scaleLog } from 'd3';
import { Label } from '../../../webview/charts/Label';
import { ChartFile } from './ChartFile';
import { FORM_COLORS } from './forms';
import { linePath, Plot, ticksOf } from './Plot';

export interface SpeedLine {
  /** What integer is compared with. */
  readonly form: 'float' | 'hybrid';
  /** Time of the form by that of integer, one layer of so many cells. */
  readonly layers: readonly (readonly [cell: number, ratio: number])[];
  /** The same of each whole speech model. */
  readonly models: readonly number[];
}

interface SpeedChartProps {
  readonly lines: readonly SpeedLine[];
  readonly modelCells: number;
  readonly summary: string;
}

const AREA = { left: 44, right: 560, top: 46, bottom: 300 };

/** How much faster integer is, by the size of a layer; dots are the speech models. */
export function SpeedChart({ lines, modelCells, summary }: SpeedChartProps) {
  const cells = lines[0]?.layers.map(([cell]) => cell) ?? [];
  const x = scaleLog([cells[0] ?? 1, cells.at(-1) ?? 2], [AREA.left + 12, AREA.right - 12]);
  const most = max(lines, ({ layers, models }) => max([...layers.map(([, ratio]) => ratio), ...models])) ?? 2;
  const y = scaleLinear([0, most], [AREA.bottom, AREA.top]).nice();
  return (
    <ChartFile width={680} height={346} title="Speed of integer" summary={summary}>
      <Plot
        area={AREA}
        title="Times as fast as float, as hybrid"
        xTicks={ticksOf(cells, x)}
        yTicks={ticksOf(y.ticks(6), y)}
        xLabel={`cells of a layer (dots: the speech models, ${modelCells} cells)`}
      >
        <path d={`M${AREA.left},${y(1)}H${AREA.right}`} stroke="var(--gs-line)" />
        {lines.map(({ form, layers, models }) => {
          const path = layers.map(([cell, ratio]) => [x(cell), y(ratio)] as const);
          const [lastX, lastY] = path.at(-1) ?? [0, 0];
          return (
            <>
              <path d={linePath(path)} fill="none" stroke={FORM_COLORS[form]} stroke-width={1.6} />
              {models.map((ratio) => (
                <circle
                  cx={(x(modelCells) + (form === 'float' ? -4 : 4)).toFixed(1)}
                  cy={y(ratio).toFixed(1)}
                  r={2.6}
                  fill={FORM_COLORS[form]}
                  fill-opacity={0.6}
                />
              ))}
              <Label x={lastX + 18} y={lastY + 4}>
                {`than ${form}`}
              </Label>
            </>
          );
        })}
      </Plot>
    </ChartFile>
  );
}
