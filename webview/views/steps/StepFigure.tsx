import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DetailMatrix, SignalDetail } from '../../../worker/core/report/detail';
import type { NoiseFloor } from '../../../worker/core/report/report';
import { percent, real } from '../../charts/format';
import { StepLanes, type StepPoint, type StepRange } from '../../charts/StepLanes';
import {
  layoutSteps,
  mostShare,
  WHOLE,
  type StepFigures,
  type StepLayout,
  type StepMarker,
  type StepZoom,
} from '../../charts/stepLayout';
import { describeStep, pointOfStep } from '../../charts/stepText';
import { ChartTip } from '../../ui/ChartTip';
import { useDwell } from '../../ui/useDwell';
import { plural } from '../text';
import { HeatMap } from '../lstm/HeatMap';
import { fadedSteps, fadedUnits } from './fadedSteps';
import { StepTip } from './StepTip';
import { WorstUnits } from './WorstUnits';

/** What of the steps and units is picked out. */
export interface StepPick {
  readonly step: number | null;
  readonly unit: number | null;
  readonly steps: StepRange | null;
  /** Steps that are shown; null: all. */
  readonly stepWindow: StepRange | null;
}

/** Steps that keys lead to. */
export interface FigurePlaces {
  readonly marked: readonly number[];
  readonly atRails: readonly number[];
}

interface Props {
  readonly detail: SignalDetail;
  /** The same over all steps, where `detail` is of a window: marks are found there. Default: `detail`. */
  readonly whole?: SignalDetail;
  /** Figures of an earlier question, while the next one is under way. */
  readonly waiting: boolean;
  /** Name of the quantized path, such as `int8`. */
  readonly path: string;
  readonly title: string;
  readonly summary: string;
  readonly width: number;
  /** Pixels that lanes and heat map share; null: as they need. */
  readonly height?: number | null;
  readonly noiseFloor: NoiseFloor | null;
  /** Error of an earlier run. */
  readonly before?: StepFigures | null;
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
  const {
    detail,
    whole = detail,
    waiting,
    path,
    width,
    height = null,
    noiseFloor,
    markers = NO_MARKERS,
    pick,
    onPick,
    onPlaces,
  } = props;
  const [preview, setPreview] = useState<StepRange | null>(null);
  const [values, setValues] = useState<Pick<StepZoom, 'range' | 'error'>>(WHOLE);
  const { from, to } = pick.stepWindow ?? { from: 0, to: 0 };
  const zoom = useMemo<StepZoom>(() => ({ ...values, steps: to > from ? [from, to] : null }), [values, from, to]);
  // Pointing at a step changes nothing of where things are.
  const lanes = useMemo(
    () => lanesOf(detail, whole, markers, width, height, zoom),
    [detail, whole, markers, width, height, zoom],
  );
  const faded = useMemo(() => ({ steps: fadedSteps(detail.matrix), units: fadedUnits(detail.matrix) }), [detail.matrix]);
  const tip = useTip(pick.step);
  useEffect(() => {
    onPlaces?.(lanes?.places ?? null);
    return () => {
      onPlaces?.(null);
    };
  }, [onPlaces, lanes]);
  if (!lanes) return <p class="dim steps-waiting">No steps to show.</p>;

  const { layout, figures } = lanes;
  const { matrix } = detail;
  const row = pick.unit === null || !matrix ? null : rowOfUnit(matrix, pick.unit, layout.heatHeight);
  const onPoint = (point: StepPoint | null) => {
    tip.point(point !== null);
    if (!point) return;
    const unit =
      point.heatY === null || !matrix
        ? null
        : (matrix.units[Math.floor((point.heatY / layout.heatHeight) * matrix.rows) * matrix.unitsPerRow] ?? null);
    if (point.step !== pick.step || (unit !== null && unit !== pick.unit)) {
      onPick({ step: point.step, ...(unit === null ? {} : { unit }) });
    }
  };
  const told = pick.step === null || pointOfStep(figures, pick.step) < 0 ? null : pick.step;
  return (
    <div class={`steps ${waiting ? 'stale' : ''}`} data-testid="steps">
      {matrix ? <PlacedHeatMap matrix={matrix} layout={layout} /> : null}
      <StepLanes
        {...lanes}
        title={props.title}
        summary={props.summary}
        path={path}
        cursor={pick.step}
        brush={preview ?? pick.steps}
        faded={faded.steps}
        before={props.before ?? null}
        heatRow={row}
        zoom={zoom}
        allSteps={[0, detail.steps]}
        reference={noiseFloor && { rmse: noiseFloor.float16Rmse, label: 'float16' }}
        onPoint={onPoint}
        onRow={(by) => {
          const unit = matrix && nextRow(matrix, pick.unit, by);
          if (unit !== null) onPick({ unit });
        }}
        onBrush={(range, final) => {
          setPreview(final ? null : range);
          if (final) onPick({ steps: range });
        }}
        onZoom={(next) => {
          setValues(next ?? WHOLE);
          onPick({ stepWindow: next?.steps ? { from: next.steps[0], to: next.steps[1] } : null });
        }}
      />
      {layout.notes > 0 && detail.unitList ? (
        <div class="worst-place" style={{ left: `${layout.left + layout.plotWidth + 8}px`, top: `${layout.heatTop - 2}px` }}>
          <WorstUnits
            units={detail.unitList}
            most={Math.max(1, Math.floor((layout.heatHeight + 18) / 17))}
            faded={faded.units}
            selected={pick.unit}
            onSelect={(unit) => {
              onPick({ unit });
            }}
          />
        </div>
      ) : null}
      {tip.shown && told !== null ? (
        <ChartTip x={layout.left + layout.x(told + 0.5)} y={layout.error.top + 12} within={width} testId="step-tip">
          <StepTip detail={detail} step={told} unit={pick.unit} path={path} />
        </ChartTip>
      ) : null}
      <p class={height === null ? 'caption step-text' : 'visually-hidden'} data-testid="step-text" aria-live="polite">
        {pick.step === null
          ? stepHint(detail, props.keys ?? 'arrow keys')
          : `${describeStep(figures, pick.step, path)}${worstText(detail, pick.step)}${unitText(detail, pick.unit)}`}
      </p>
    </div>
  );
}

/** The box of figures: while the pointer is in the lanes, and after a key has moved the line, until the pointer has been and gone. */
function useTip(step: number | null) {
  const { shown, enter, leave, now } = useDwell();
  const inside = useRef(false);
  const last = useRef(step);
  useEffect(() => {
    if (step !== last.current && step !== null && !inside.current) now();
    if (step === null) leave();
    last.current = step;
  }, [step, now, leave]);
  const point = (isInside: boolean) => {
    inside.current = isInside;
    if (isInside) enter();
    else leave();
  };
  return { shown, point };
}

/** Where its steps are; what lies beside the window is cut off. */
function PlacedHeatMap({ matrix, layout }: { readonly matrix: DetailMatrix; readonly layout: StepLayout }) {
  const { left, plotWidth, heatTop, heatHeight, domain } = layout;
  const each = plotWidth / (domain[1] - domain[0]);
  return (
    <div
      class="heat-place"
      style={{ left: `${left}px`, top: `${heatTop}px`, width: `${plotWidth}px`, height: `${heatHeight}px` }}
    >
      <div class="heat-shift" style={{ left: `${(matrix.firstStep - domain[0]) * each}px` }}>
        <HeatMap matrix={matrix} width={Math.max(1, matrix.columns * matrix.stepsPerColumn * each)} height={heatHeight} />
      </div>
    </div>
  );
}

/** What the lanes are drawn from; null without steps. */
function lanesOf(
  { series: figures, rails, size, steps }: SignalDetail,
  whole: SignalDetail,
  others: readonly StepMarker[],
  width: number,
  height: number | null,
  zoom: StepZoom,
) {
  if (!figures) return null;
  const all = whole.series ?? figures;
  const markers = [...largestError(all), ...others.filter(({ step }) => step < steps)];
  const layout = layoutSteps({ width, height, figures, steps, rails, heatHeight: heatHeightOf(size), markers, zoom });
  return { width, figures, rails, layout, places: placesOf(all, markers) };
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

/** First unit of the next row, from the top down; at the ends it stays. */
function nextRow({ units, rows, unitsPerRow }: DetailMatrix, unit: number | null, by: 1 | -1): number | null {
  const row = unit === null ? -1 : Math.floor(units.indexOf(unit) / unitsPerRow);
  const next = row < 0 ? (by === 1 ? 0 : rows - 1) : Math.max(0, Math.min(rows - 1, row + by));
  return units[next * unitsPerRow] ?? null;
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

function unitText({ unitList }: SignalDetail, unit: number | null): string {
  const figures = unitList?.find((one) => one.unit === unit);
  return figures ? `; unit ${figures.unit}: RMS ${real(figures.rmse)}` : '';
}

/** What there is to see before a step is pointed at. */
function stepHint({ series, samples }: SignalDetail, keys: string): string {
  const most = series ? mostShare(series) : 0;
  const rails = most > 0 ? `, up to ${percent(most)} of a step at the rails` : '';
  return `${samples.length === 1 ? (samples[0]?.name ?? '') : plural(samples.length, 'sample')}${rails}. Drag to select steps; ${keys} move by one.`;
}
