import type { SignalDetail } from '../../../worker/core/report/detail';
import type { LayerReport, Report, SignalReport } from '../../../worker/core/report/report';
import type { SignalName } from '../../../worker/core/lstm/signals';
import { percent, real } from '../../charts/format';
import { describeStep, pointOfStep, StepLanes, type StepPoint, type StepRange } from '../../charts/StepLanes';
import { layoutSteps, mostShare, type StepFigures, type StepMarker } from '../../charts/stepLayout';
import { plain, readSignal } from '../../figures/readings';
import { Dropdown } from '../../ui/Dropdown';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { Sized } from '../../ui/Sized';
import { HEATS, type ViewState } from '../../viewState';
import { keyOfLstm } from '../../derived';
import { NO_PLACES, type StepPlaces } from '../../inspector';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { useDetail } from '../useDetail';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { CellProps } from './cellProps';
import { FilterChips } from './FilterChips';
import { HeatLegend } from './HeatLegend';
import { HeatMap } from './HeatMap';
import { figuresOf, stageLabel, stageOf } from './stages';
import { aboutOf, addressOf, filterOf, matrixOf, samplesShown } from './stepChoices';
import { WorstUnits } from './WorstUnits';

interface Props extends CellProps {
  readonly report: Report;
  readonly view: ViewState;
}

/** The selected signal over time: error, range, share at the rails, and every unit at every step. */
export function StepsPanel(props: Props) {
  const { lstm, layer, selection, direction } = props;
  const stage = stageOf(lstm, selection);
  const signal = stage && figuresOf(layer, stage, direction);
  // Weights have no steps; a path alone has nothing to compare.
  if (!stage || !signal?.located) return null;
  return <Steps {...props} stage={stage} signal={signal} />;
}

function Steps(props: Props & { readonly stage: SignalName; readonly signal: SignalReport }) {
  const { lstm, report, view, stage, signal } = props;
  const inspector = useInspector();
  const samples = samplesShown(report, signal, view.sample);
  const [shown] = samples;
  return (
    <Panel
      title="Steps"
      detail={
        <>
          {stageLabel(lstm, stage)} · sample{' '}
          <Dropdown
            label="Sample"
            choices={sampleChoices(report)}
            value={view.sample === 'all' ? 'all' : String(shown ?? 0)}
            testId="step-sample"
            onChange={(value) => {
              inspector.view({ sample: value === 'all' ? 'all' : Number(value) });
            }}
          />
        </>
      }
      class="steps-panel"
      testId="panel-steps"
      copies
      end={
        <>
          <HeatLegend heat={view.heat} path={report.quantizedPath ?? 'int8'} />
          <Segmented
            label="Units by steps show"
            choices={HEATS.map((value) => ({ value, label: value }))}
            value={view.heat}
            testId="heat"
            onChange={(heat) => {
              inspector.view({ heat });
            }}
          />
        </>
      }
    >
      <FilterChips view={view} />
      <Sized class="steps-figure">{({ width }) => <Lanes {...props} samples={samples} width={width} />}</Sized>
    </Panel>
  );
}

function sampleChoices(report: Report) {
  const one = report.perSample.map(({ index, name, steps }) => ({
    value: String(index),
    label: `${name} · ${plural(steps, 'step')}`,
    short: `${name} · ${plural(steps, 'step')}`,
  }));
  return report.perSample.length > 1 ? [{ value: 'all', label: 'all together', short: 'all together' }, ...one] : one;
}

/** Heat map height in pixels: three a unit, within what a panel takes. */
const heatHeightOf = (units: number): number => Math.max(36, Math.min(108, units * 3));

interface LanesProps extends Props {
  readonly stage: SignalName;
  readonly signal: SignalReport;
  readonly samples: readonly number[];
  readonly width: number;
}

function Lanes({ lstm, layer, direction, report, view, stage, signal, samples, width }: LanesProps) {
  const inspector = useInspector();
  const [preview, setPreview] = useState<StepRange | null>(null);
  const address = addressOf(keyOfLstm(lstm), lstm.bidirectional, direction, stage);
  const { detail, waiting, problem } = useDetail(
    'signalDetail',
    aboutOf(report, address),
    samples.length === 0
      ? null
      : {
          ...address,
          samples,
          steps: null,
          units: null,
          filter: filterOf(view.pick),
          series: { mostPoints: Math.max(64, Math.min(1024, width)) },
          unitList: { order: 'worst', most: 8 },
          matrix: matrixOf(view.heat, width, 108),
        },
  );
  // Pointing at a step changes nothing of where things are.
  const lanes = useMemo(() => detail && lanesOf(detail, layer, view.direction, width), [detail, layer, view.direction, width]);
  useEffect(() => {
    inspector.stepPlaces = lanes?.places ?? NO_PLACES;
    return () => {
      inspector.stepPlaces = NO_PLACES;
    };
  }, [inspector, lanes]);
  if (problem !== null)
    return (
      <p class="dim" data-testid="steps-problem">
        {problem}
      </p>
    );
  if (!detail || !lanes) return <p class="dim steps-waiting">{waiting ? 'Working out the steps…' : 'No steps to show.'}</p>;

  const path = report.quantizedPath ?? 'int8';
  const { layout, figures, heatHeight } = lanes;
  const { matrix } = detail;
  const row = view.unit === null || !matrix ? null : rowOfUnit(matrix, view.unit, heatHeight);
  const onPoint = (point: StepPoint | null) => {
    if (!point) return;
    const unit =
      point.heatY === null || !matrix
        ? null
        : (matrix.units[Math.floor((point.heatY / heatHeight) * matrix.rows) * matrix.unitsPerRow] ?? null);
    if (point.step !== view.step || (unit !== null && unit !== view.unit)) {
      inspector.view({ step: point.step, ...(unit === null ? {} : { unit }) });
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
        title={stageLabel(lstm, stage)}
        summary={plain(readSignal(layer, signal, report.persona))}
        path={path}
        cursor={view.step}
        brush={preview ?? view.steps}
        heatRow={row}
        onPoint={onPoint}
        onBrush={(range, final) => {
          setPreview(final ? null : range);
          if (final) inspector.view({ steps: range });
        }}
      />
      {layout.notes > 0 && detail.unitList ? (
        <div class="worst-place" style={{ left: `${layout.left + layout.plotWidth + 8}px`, top: `${layout.heatTop - 2}px` }}>
          <WorstUnits units={detail.unitList} selected={view.unit} />
        </div>
      ) : null}
      <p class="caption step-text" data-testid="step-text" aria-live="polite">
        {view.step === null ? stepHint(detail) : `${describeStep(figures, view.step, path)}${worstText(detail, view.step)}`}
      </p>
    </div>
  );
}

/** What the lanes are drawn from; null without steps. */
function lanesOf(detail: SignalDetail, layer: LayerReport, direction: ViewState['direction'], width: number) {
  const { series: figures, steps, rails, size } = detail;
  if (!figures) return null;
  const heatHeight = heatHeightOf(size);
  const markers = markersOf(detail, layer, direction);
  const layout = layoutSteps({ width, figures, steps, rails, heatHeight, markers });
  return { width, figures, rails, heatHeight, layout, places: placesOf(figures, markers) };
}

function placesOf({ first, stepsPerPoint, atRails }: StepFigures, markers: readonly StepMarker[]): StepPlaces {
  return {
    marked: markers.map(({ step }) => step).sort((a, b) => a - b),
    atRails: Array.from(atRails, (values, point) => ({ values, step: first + point * stepsPerPoint })).flatMap(
      ({ values, step }) => (values > 0 ? [step] : []),
    ),
  };
}

/** The largest error of this signal, and where h begins to follow the state's own error. */
function markersOf(detail: SignalDetail, layer: LayerReport, direction: ViewState['direction']): readonly StepMarker[] {
  const { series } = detail;
  if (!series) return [];
  let worst = -1;
  for (let k = 0; k < series.rmse.length; k++) if ((series.rmse[k] ?? 0) > (series.rmse[worst] ?? 0)) worst = k;
  const largest =
    worst < 0
      ? []
      : [
          {
            step: series.first + worst * series.stepsPerPoint,
            text: `step ${series.first + worst * series.stepsPerPoint}: largest error`,
          },
        ];
  const divergence = layer.lstm?.divergence?.[direction === 'backward' ? 1 : 0] ?? null;
  if (!divergence || divergence.step >= detail.steps) return largest;
  return [...largest, { step: divergence.step, text: `step ${divergence.step}: h first over 2 × local` }];
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
function stepHint({ series, samples }: SignalDetail): string {
  const most = series ? mostShare(series) : 0;
  const rails = most > 0 ? `, up to ${percent(most)} of a step at the rails` : '';
  return `${samples.length === 1 ? (samples[0]?.name ?? '') : plural(samples.length, 'sample')}${rails}. Drag to select steps; , and . move by one.`;
}
