import { max, min, scaleLinear, scaleLog } from 'd3';
import { Label } from '../../../webview/charts/Label';
import { ChartFile } from './ChartFile';
import { FORM_COLORS, FormLegend, FormMark, FORMS, type FormName } from './forms';
import { linePath, Plot, ticksOf } from './Plot';

export interface LengthBin {
  readonly label: string;
  /** Word error rates in percent. */
  readonly rates: Readonly<Record<FormName, number>>;
}

export interface StepLine {
  readonly form: 'hybrid' | 'integer';
  readonly label: string;
  /** Middle of the steps of each bin, and dB. */
  readonly points: readonly (readonly [step: number, decibels: number])[];
}

interface LengthChartProps {
  readonly bins: readonly LengthBin[];
  readonly lines: readonly StepLine[];
  readonly summary: string;
}

const WIDTH = 960;
const LABEL_HEIGHT = 13;
const AREA = { top: 62, bottom: 300 };

/** Errors by length on the left; on the right, how the error of h goes on over the steps of the long utterances. */
export function LengthChart({ bins, lines, summary }: LengthChartProps) {
  const left = { ...AREA, left: 44, right: 440 };
  const right = { ...AREA, left: 530, right: 860 };
  const most = max(bins, ({ rates }) => max(FORMS, (form) => rates[form]) ?? 0) ?? 1;
  const rate = scaleLinear([0, most * 1.15], [AREA.bottom, AREA.top]);
  const column = (bin: number) => left.left + ((bin + 0.5) * (left.right - left.left)) / bins.length;
  const last = max(lines, ({ points }) => points.at(-1)?.[0]) ?? 1;
  const step = scaleLog([2, last], [right.left, right.right]);
  const levels = lines.flatMap(({ points }) => points.map(([, db]) => db));
  const decibel = scaleLinear([(min(levels) ?? 0) - 2, (max(levels) ?? 0) + 2], [AREA.bottom, AREA.top]).nice();
  const labelYs = apart(lines.map(({ points }) => decibel(points.at(-1)?.[1] ?? 0)));
  return (
    <ChartFile width={WIDTH} height={346} title="Error against length" summary={summary}>
      <FormLegend x={left.left} y={22} />
      <Plot
        area={left}
        title="Word error rate, %"
        xTicks={bins.map(({ label }, bin) => ({ at: column(bin), text: label }))}
        yTicks={ticksOf(rate.ticks(5), rate)}
        xLabel="digits in the utterance"
      >
        {bins.map(({ rates }, bin) =>
          FORMS.map((form, place) => <FormMark form={form} x={column(bin) + (place - 1) * 12} y={rate(rates[form])} />),
        )}
      </Plot>
      <Plot
        area={right}
        title="h against float, dB"
        xTicks={ticksOf([2, 10, 100, 1000], step)}
        yTicks={ticksOf(decibel.ticks(6), decibel)}
        xLabel="step of a long utterance"
      >
        {lines.map(({ form, label, points }, line) => {
          const path = points.map(([at, db]) => [step(at), decibel(db)] as const);
          const [x] = path.at(-1) ?? [0];
          return (
            <>
              <path d={linePath(path)} fill="none" stroke={FORM_COLORS[form]} stroke-width={1.6} />
              {path.map(([cx, cy]) => (
                <circle cx={cx.toFixed(1)} cy={cy.toFixed(1)} r={2} fill={FORM_COLORS[form]} />
              ))}
              <Label x={x + 8} y={labelYs[line]! + 4}>
                {label}
              </Label>
            </>
          );
        })}
      </Plot>
    </ChartFile>
  );
}

/** Baselines moved down until none covers another. */
function apart(ys: readonly number[]): number[] {
  const placed = [...ys];
  const order = [...ys.keys()].sort((a, b) => ys[a]! - ys[b]!);
  order.forEach((line, place) => {
    const above = order[place - 1];
    if (above !== undefined) placed[line] = Math.max(placed[line]!, placed[above]! + LABEL_HEIGHT);
  });
  return placed;
}
