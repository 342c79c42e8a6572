import { useState } from 'preact/hooks';
import type { SignalName } from '../../../worker/core/lstm/signals';
import { DETAIL_LIMITS, type SignalDetail } from '../../../worker/core/report/detail';
import { isBidirectional } from '../../../worker/core/report/cellInfos';
import type { Report, SignalReport } from '../../../worker/core/report/report';
import { count, percent } from '../../charts/format';
import type { RealRange } from '../../charts/Histogram';
import { keyOfLstm } from '../../derived';
import type { Span, ViewState } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { SignalChart } from '../SignalChart';
import { plural } from '../text';
import { useDetail } from '../useDetail';
import type { CellProps } from './cellProps';
import { stageLabel } from './stages';
import { aboutOf, addressOf, filterOf, samplesShown } from './stepChoices';

/** Codes that a window holds at least: of one each, its bins are as narrow as they get. */
const LEAST_CODES = 8;

interface Props extends CellProps {
  readonly stage: SignalName;
  readonly signal: SignalReport;
  readonly report: Report;
  readonly view: ViewState;
  /** The same signal in the run before. */
  readonly before: SignalReport | null;
  /** Told what is drawn: the signal with the counts of what is picked out. */
  readonly drawn: { current: SignalReport | null };
}

/** The signal's histogram: of the whole run, or, counted anew, of a window of reals or of the steps selected. */
export function SignalHistogram(props: Props) {
  const { layer, lstm, direction, stage, signal, report, view, path } = props;
  const inspector = useInspector();
  const [dragged, setDragged] = useState<RealRange | null>(null);
  const address = addressOf(keyOfLstm(lstm), isBidirectional(lstm), direction, stage);
  const asked = view.window !== null || view.steps !== null || view.pick !== null;
  const all = report.perSample.map(({ index }) => index).slice(0, DETAIL_LIMITS.samples);
  // Selected steps are those of the sample that the lanes show.
  const samples = view.steps === null ? all : samplesShown(report, signal, view.sample);
  const { detail, waiting, problem } = useDetail(
    'signalDetail',
    aboutOf(report, address),
    !asked || samples.length === 0
      ? null
      : {
          ...address,
          samples,
          steps: view.steps,
          units: null,
          filter: filterOf(view.pick),
          histogram: { from: view.window?.from ?? null, to: view.window?.to ?? null, mostBins: 150 },
          ...(view.pick ? { matches: true as const } : {}),
        },
  );
  const shown = asked ? detail : null;
  const bounds = spanOf(signal);
  const drawn = shown ? recounted(signal, shown) : signal;
  props.drawn.current = drawn;
  return (
    <>
      <SignalChart
        key={stage}
        layer={layer}
        signal={drawn}
        title={stageLabel(lstm, stage)}
        persona={report.persona}
        counts={view.counts}
        path={path}
        stale={waiting}
        brush={dragged ?? (view.pick?.kind === 'range' ? view.pick : null)}
        window={view.window}
        matching={shown && view.pick && !dragged ? matchingOf(shown) : null}
        before={asked ? null : props.before}
        onBrush={(range, final) => {
          setDragged(final ? null : range);
          if (final) inspector.view({ pick: range && { kind: 'range', ...range } });
        }}
        onZoom={(window) => {
          inspector.view({ window: window && clipped(window, bounds, (signal.quantization?.scales[0] ?? 0) * LEAST_CODES) });
        }}
      />
      {problem === null ? null : <p class="dim">{problem}</p>}
      {shown ? <MatchText detail={shown} all={view.steps === null ? report.samples : samples.length} /> : null}
    </>
  );
}

/** The report's signal with the counts of a part: the chart then draws that part. */
function recounted(signal: SignalReport, { histogram }: SignalDetail): SignalReport {
  if (!histogram) return signal;
  const { edges, float, quantized, rails } = histogram;
  return {
    ...signal,
    values: Array.from(quantized ?? float).reduce((sum, one) => sum + one, histogram.below + histogram.above),
    rails: signal.rails && rails ? { ...signal.rails, ...rails } : signal.rails,
    histogram: { edges: Array.from(edges), float: Array.from(float), int8: quantized && Array.from(quantized) },
  };
}

function matchingOf({ histogram }: SignalDetail): readonly number[] | null {
  return histogram?.matching ? Array.from(histogram.matching) : null;
}

/** Which values match what is picked: how many, in how many units and steps, where most. */
function MatchText({ detail, all }: { readonly detail: SignalDetail; readonly all: number }) {
  const { matches, samples, steps, size } = detail;
  const cover = samples.length < all ? ` (of the first ${count(samples.length)} samples)` : '';
  if (!matches)
    return cover === '' ? null : <p class="caption">{`Counted over the first ${plural(samples.length, 'sample')}.`}</p>;
  const [unit] = matches.topUnits;
  const [step] = matches.topSteps;
  return (
    <p class="caption" data-testid="matches">
      {`${count(matches.count)} of ${count(matches.values)} values${cover}, in ${count(matches.units)} of ${plural(size, 'unit')} and ${count(matches.steps)} of ${plural(steps, 'step')}`}
      {unit && unit.count > 0
        ? `; most in unit ${unit.unit} (${percent(unit.count / Math.max(1, unit.values))} of its values)`
        : ''}
      {step && step.count > 0 ? `, at step ${step.step} (${percent(step.count / Math.max(1, step.values))})` : ''}.
    </p>
  );
}

function spanOf({ histogram: { edges } }: SignalReport): Span {
  return { from: edges[0] ?? 0, to: edges[edges.length - 1] ?? 1 };
}

/** A window moved inside what there is to see; null when it is all of it. */
function clipped(window: Span, bounds: Span, least: number): Span | null {
  const size = Math.max(least, window.to - window.from);
  if (size >= bounds.to - bounds.from) return null;
  const from = Math.max(bounds.from, Math.min(bounds.to - size, window.from));
  return size > 0 ? { from, to: from + size } : null;
}
