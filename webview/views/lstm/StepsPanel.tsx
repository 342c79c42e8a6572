import { isBidirectional } from '../../../worker/core/report/cellInfos';
import type { LayerReport, Report, SignalReport } from '../../../worker/core/report/report';
import type { SignalName } from '../../../worker/core/lstm/signals';
import type { StepMarker } from '../../charts/stepLayout';
import type { SignalDetail } from '../../../worker/core/report/detail';
import { stepsTable, unitsTable } from '../../figures/chartTables';
import type { TextRows } from '../../figures/textRows';
import { plain, readSignal } from '../../figures/readings';
import { Dropdown } from '../../ui/Dropdown';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { Sized } from '../../ui/Sized';
import { HEATS, type ViewState } from '../../viewState';
import { keyOfLstm } from '../../derived';
import { NO_PLACES } from '../../inspector';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { useDetail } from '../useDetail';
import { useCallback, useMemo, useRef } from 'preact/hooks';
import { StepFigure, type FigurePlaces } from '../steps/StepFigure';
import type { CellProps } from './cellProps';
import { FilterChips } from './FilterChips';
import { HeatLegend } from './HeatLegend';
import { seriesBefore } from './seriesBefore';
import { figuresOf, stageLabel, stageOf } from './stages';
import { aboutOf, addressOf, filterOf, matrixOf, samplesShown } from './stepChoices';

interface Props extends CellProps {
  readonly report: Report;
  /** The run before (state.ts). */
  readonly before: Report | null;
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
  const drawn = useRef<SignalDetail | null>(null);
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
          <FilterChips view={view} of="steps" />
        </>
      }
      class="steps-panel"
      testId="panel-steps"
      copies
      charted={() => tablesOf(drawn.current, stageLabel(lstm, stage), report.quantizedPath ?? 'int8')}
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
      <Sized class="steps-figure">
        {({ width, height }) => <Lanes {...props} samples={samples} width={width} height={height} drawn={drawn} />}
      </Sized>
    </Panel>
  );
}

function tablesOf(detail: SignalDetail | null, title: string, path: string): readonly TextRows[] {
  return [
    ...(detail?.series ? [stepsTable(detail.series, title, path)] : []),
    ...(detail?.unitList ? [unitsTable(detail.unitList, title, path)] : []),
  ];
}

function sampleChoices(report: Report) {
  const one = report.perSample.map(({ index, name, steps }) => ({
    value: String(index),
    label: `${name} · ${plural(steps, 'step')}`,
    short: `${name} · ${plural(steps, 'step')}`,
  }));
  return report.perSample.length > 1 ? [{ value: 'all', label: 'all together', short: 'all together' }, ...one] : one;
}

interface LanesProps extends Props {
  readonly stage: SignalName;
  readonly signal: SignalReport;
  readonly samples: readonly number[];
  readonly width: number;
  readonly height: number;
  /** Told what is drawn. */
  readonly drawn: { current: SignalDetail | null };
}

/** Units whose figures one answer brings; beyond them only the worst can be named. */
const MOST_UNITS = 4_096;

function Lanes(props: LanesProps) {
  const { lstm, layer, direction, report, view, stage, signal, samples, width, height } = props;
  const inspector = useInspector();
  const address = addressOf(keyOfLstm(lstm), isBidirectional(lstm), direction, stage);
  const about = aboutOf(report, address);
  const request = {
    ...address,
    samples,
    units: null,
    filter: filterOf(view.pick),
    series: { mostPoints: Math.max(64, Math.min(1024, width)) },
    unitList: { order: 'worst' as const, most: MOST_UNITS },
    matrix: matrixOf(view.heat, width, 108),
  };
  const { detail, waiting, problem } = useDetail(
    'signalDetail',
    about,
    samples.length === 0 ? null : { ...request, steps: null },
  );
  // Where steps share a point, a window of them has points of its own.
  const isCoarse = (detail?.series?.stepsPerPoint ?? 1) > 1;
  const closer = useDetail(
    'signalDetail',
    about,
    isCoarse && view.stepWindow && samples.length > 0 ? { ...request, steps: view.stepWindow } : null,
  );
  const before = seriesBefore(detail, report, props.before, address, samples);
  const markers = useMemo(() => divergence(layer, direction), [layer, direction]);
  const onPlaces = useCallback(
    (places: FigurePlaces | null) => {
      inspector.stepPlaces = places ?? NO_PLACES;
    },
    [inspector],
  );
  props.drawn.current = detail;
  if (problem !== null)
    return (
      <p class="dim" data-testid="steps-problem">
        {problem}
      </p>
    );
  if (!detail) return <p class="dim steps-waiting">{waiting ? 'Working out the steps…' : 'No steps to show.'}</p>;
  return (
    <StepFigure
      detail={(view.stepWindow && closer.detail) ?? detail}
      whole={detail}
      waiting={waiting || closer.waiting}
      path={report.quantizedPath ?? 'int8'}
      title={stageLabel(lstm, stage)}
      summary={plain(readSignal(layer, signal, report.persona))}
      width={width}
      height={height > 120 ? height : null}
      before={before}
      noiseFloor={signal.noiseFloor ?? null}
      markers={markers}
      pick={view}
      onPick={(change) => {
        inspector.view(change);
      }}
      onPlaces={onPlaces}
      keys=", and ."
    />
  );
}

/** Where h begins to follow the state's own error. */
function divergence(layer: LayerReport, direction: ViewState['direction']): readonly StepMarker[] {
  const first = layer.lstm?.divergence?.[direction === 'backward' ? 1 : 0] ?? null;
  return first ? [{ step: first.step, text: `step ${first.step}: h first over 2 × local` }] : [];
}
