import type { SignalDetail, StepSeries } from '../../../worker/core/report/detail';
import { count, percent, real, signedReal } from '../../charts/format';
import { pointOfStep } from '../../charts/stepText';
import { shareAt } from '../../charts/stepLayout';
import { plural } from '../text';

interface Props {
  readonly detail: SignalDetail;
  readonly step: number;
  readonly unit: number | null;
  readonly path: string;
}

/** All figures of one step, line by line. */
export function StepTip({ detail, step, unit, path }: Props) {
  const { series, samples, size, batch } = detail;
  const point = series ? pointOfStep(series, step) : -1;
  if (!series || point < 0) return null;
  const of = (values: ArrayLike<number>) => real(values[point] ?? 0);
  const share = shareAt(series, point);
  return (
    <>
      <div>
        <b>{stepsText(series, point)}</b>{' '}
        <span class="dim">of {samples.length === 1 ? samples[0]?.name : plural(samples.length, 'sample')}</span>
      </div>
      <div>
        error RMS <b class="figure small">{of(series.rmse)}</b> <span class="dim">local</span>{' '}
        <span class="figure small">{of(series.localRmse)}</span>
      </div>
      <div>
        float <span class="figure small of-float">{`${of(series.floatMin)} to ${of(series.floatMax)}`}</span>
      </div>
      <div>
        {path} <span class="figure small of-int">{`${of(series.min)} to ${of(series.max)}`}</span>
      </div>
      {share > 0 ? <div class="lost">{`${percent(share)} of ${plural(size * batch, 'value')} at a rail`}</div> : null}
      <Worst series={series} point={point} path={path} />
      {unit === null ? null : <UnitLine detail={detail} step={step} unit={unit} path={path} />}
    </>
  );
}

function stepsText({ first, stepsPerPoint }: StepSeries, point: number): string {
  const from = first + point * stepsPerPoint;
  return stepsPerPoint === 1 ? `step ${count(from)}` : `steps ${count(from)} to ${count(from + stepsPerPoint - 1)}`;
}

function Worst({ series, point, path }: { readonly series: StepSeries; readonly point: number; readonly path: string }) {
  const [unit, error] = [series.worstUnit?.[point], series.worstError?.[point]];
  if (unit === undefined || error === undefined || error === 0) return null;
  return <div class="dim">{`worst: unit ${count(unit)}, ${path} − float = ${signedReal(error)}`}</div>;
}

const OF = { error: 'error', saturation: 'at a rail', value: 'value' } as const;

/** The unit that is picked out, in the heat map's own measure. */
function UnitLine({ detail: { matrix, unitList }, step, unit }: Props & { readonly unit: number }) {
  const row = matrix ? matrix.units.indexOf(unit) : -1;
  const figures = unitList?.find((one) => one.unit === unit);
  if (!matrix || row < 0) return null;
  const line = Math.floor(row / matrix.unitsPerRow);
  const column = Math.floor((step - matrix.firstStep) / matrix.stepsPerColumn);
  const cell = column >= 0 && column < matrix.columns ? matrix.cells[line * matrix.columns + column] : undefined;
  const units =
    matrix.unitsPerRow === 1 ? `unit ${count(unit)}` : `unit ${count(unit)} and ${count(matrix.unitsPerRow - 1)} beside it`;
  const here =
    cell === undefined || Number.isNaN(cell)
      ? ''
      : `: ${OF[matrix.of]} ${matrix.of === 'saturation' ? percent(cell) : signedReal(cell)}`;
  return <div>{`${units}${here}${figures ? `; RMS ${real(figures.rmse)}` : ''}`}</div>;
}
