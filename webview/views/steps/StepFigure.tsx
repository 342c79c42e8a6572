import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SignalDetail } from '../../../worker/core/report/detail';
import type { NoiseFloor } from '../../../worker/core/report/report';
import { percent, real } from '../../charts/format';
import { describeStep, pointOfStep, StepLanes, type StepPoint, type StepRange } from '../../charts/StepLanes';
import { layoutSteps, mostShare, type StepFigures, type StepMarker } from '../../charts/stepLayout';
import { plural } from '../text';
import { HeatMap } from '../lstm/HeatMap';
import { WorstUnits } from './WorstUnits';

/** What of the steps and units is picked out. */
export interface StepPick {
  readonly step: number | null;
  readonly unit: number | null;
  readonly steps: StepRange | null;
}

/** Steps that keys lead to. */
export interface FigurePlaces {
  readonly marked: readonly number[];
  readonly atRails: readonly number[];
}

interface Props {
  readonly detail: SignalDetail;
  /** Figures of an earlier question, while the next one is under way. */
  readonly waiting: boolean;
  /** Name of the quantized path, such as `int8`. */
  readonly path: string;
  readonly title: string;
  readonly summary: string;
  readonly width: number;
  readonly noiseFloor: NoiseFloor | null;
  /** Beside the largest error. */
  readonly markers?: readonly StepMarker[];
  readonly pick: StepPick;
  readonly onPick: (change: Partial<StepPick>) => void;
  readonly onPlaces?: (places: FigurePlaces | null) => void;
  /** Keys that move by one step, for people. Default: the arrow keys, inside the figure. */
  readonly keys?: string;
}

/** Heat map height in pixels: three a unit, within what a panel takes. */
const heatHeightOf = (units: number): number => Math.max(36, Math.min(108, units * 3));

const NO_MARKERS: readonly StepMarker[] = [];

/** A signal over time: error, range, share at the rails, and every unit at every step. */
export function StepFigure(props: Props) {
  const { detail, waiting, path, width, noiseFloor, markers = NO_MARKERS, pick, onPick, onPlaces } = props;
  const [preview, setPreview] = useState<StepRange | null>(null);
  // Pointing at a step changes nothing of where things are.
  const lanes = useMemo(() => lanesOf(detail, markers, width), [detail, markers, width]);
  useEffect(() => {
    onPlaces?.(lanes?.places ?? null);
    return () => {
      onPlaces?.(null);
    };
  }, [onPlaces, lanes]);
  if (!lanes) return <p class="dim steps-waiting">No steps to show.</p>;

  const { layout, figures, heatHeight } = lanes;
  const { matrix } = detail;
  const row = pick.unit === null || !matrix ? null : rowOfUnit(matrix, pick.unit, heatHeight);
  const onPoint = (point: StepPoint | null) => {
    if (!point) return;
    const unit =
      point.heatY === null || !matrix
        ? null
        : (matrix.units[Math.floor((point.heatY / heatHeight) * matrix.rows) * matrix.unitsPerRow] ?? null);
    if (point.step !== pick.step || (unit !== null && unit !== pick.unit)) {
      onPick({ step: point.step, ...(unit === null ? {} : { unit }) });
    }
  };
  return (
    <div class={`steps ${waiting ? 'stale' : ''}`} data-testid="steps">
      {matrix ? (
        <div class="heat-place" style={{ left: `${layout.left}px`, top: `${layout.heatTop}px` }}>
          <HeatMap matrix={matrix} width={Math.round(layout.plotWidth)} height={heatHeight} />
        </div>
      ) : null}
      <StepLanes
        {...lanes}
        title={props.title}
        summary={props.summary}
        path={path}
        cursor={pick.step}
        brush={preview ?? pick.steps}
        heatRow={row}
        reference={noiseFloor && { rmse: noiseFloor.float16Rmse, label: 'float16' }}
        onPoint={onPoint}
        onBrush={(range, final) => {
          setPreview(final ? null : range);
          if (final) onPick({ steps: range });
        }}
      />
      {layout.notes > 0 && detail.unitList ? (
        <div class="worst-place" style={{ left: `${layout.left + layout.plotWidth + 8}px`, top: `${layout.heatTop - 2}px` }}>
          <WorstUnits
            units={detail.unitList}
            selected={pick.unit}
            onSelect={(unit) => {
              onPick({ unit });
            }}
          />
        </div>
      ) : null}
      <p class="caption step-text" data-testid="step-text" aria-live="polite">
        {pick.step === null
          ? stepHint(detail, props.keys ?? 'arrow keys')
          : `${describeStep(figures, pick.step, path)}${worstText(detail, pick.step)}`}
      </p>
    </div>
  );
}

/** What the lanes are drawn from; null without steps. */
function lanesOf(detail: SignalDetail, others: readonly StepMarker[], width: number) {
  const { series: figures, steps, rails, size } = detail;
  if (!figures) return null;
  const heatHeight = heatHeightOf(size);
  const markers = [...largestError(figures), ...others.filter(({ step }) => step < steps)];
  const layout = layoutSteps({ width, figures, steps, rails, heatHeight, markers });
  return { width, figures, rails, heatHeight, layout, places: placesOf(figures, markers) };
}

function placesOf({ first, stepsPerPoint, atRails }: StepFigures, markers: readonly StepMarker[]): FigurePlaces {
  return {
    marked: markers.map(({ step }) => step).sort((a, b) => a - b),
    atRails: Array.from(atRails, (values, point) => ({ values, step: first + point * stepsPerPoint })).flatMap(
      ({ values, step }) => (values > 0 ? [step] : []),
    ),
  };
}

function largestError({ rmse, first, stepsPerPoint }: StepFigures): readonly StepMarker[] {
  let worst = -1;
  for (let k = 0; k < rmse.length; k++) if ((rmse[k] ?? 0) > (rmse[worst] ?? 0)) worst = k;
  if (worst < 0) return [];
  const step = first + worst * stepsPerPoint;
  return [{ step, text: `step ${step}: largest error` }];
}

function rowOfUnit(matrix: NonNullable<SignalDetail['matrix']>, unit: number, height: number) {
  const at = matrix.units.indexOf(unit);
  if (at < 0) return null;
  const each = height / matrix.rows;
  return { y: Math.floor(at / matrix.unitsPerRow) * each, height: each };
}

function worstText({ series }: SignalDetail, step: number): string {
  if (!series?.worstUnit || !series.worstError) return '';
  const point = pointOfStep(series, step);
  const unit = series.worstUnit[point];
  const error = series.worstError[point];
  return unit === undefined || error === undefined || error === 0 ? '' : `; worst: unit ${unit}, ${real(error)}`;
}

/** What there is to see before a step is pointed at. */
function stepHint({ series, samples }: SignalDetail, keys: string): string {
  const most = series ? mostShare(series) : 0;
  const rails = most > 0 ? `, up to ${percent(most)} of a step at the rails` : '';
  return `${samples.length === 1 ? (samples[0]?.name ?? '') : plural(samples.length, 'sample')}${rails}. Drag to select steps; ${keys} move by one.`;
}
