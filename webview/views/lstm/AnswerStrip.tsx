import type { ComponentChildren } from 'preact';
import { cellInfos, isBidirectional, kindName, type CellInfo } from '../../../worker/core/report/cellInfos';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { LayerReport, Report } from '../../../worker/core/report/report';
import { count, decibel, gain, isCount, shareOrCount, signedReal, withUnit } from '../../charts/format';
import { keyOfLstm, opId } from '../../derived';
import type { CellSelection } from '../../figures/CellFigure';
import { NOTHING_DB } from '../../figures/readings';
import { costTip, signalTip } from '../../figures/figureTips';
import { findSignal, GATE_NAME, gateOf, PART_NAME } from '../../figures/signalNames';
import type { AppState } from '../../state';
import type { ViewState } from '../../viewState';
import { Dropdown } from '../../ui/Dropdown';
import { Segmented } from '../../ui/Segmented';
import { useInspector } from '../InspectorContext';
import { sizesText } from '../overview/LstmsPanel';
import { runningText } from '../states/RunningPanel';
import { plural } from '../text';
import { answersOf } from './answers';
import { selectionOf } from './parts';
import { stageLabel } from './stages';

interface Props {
  readonly state: AppState;
  readonly overview: ModelOverview;
  readonly lstm: CellInfo;
  readonly layer: LayerReport | null;
}

/** Which recurrent layer, and the answers: each is a way to the place that proves it. */
export function AnswerStrip({ state, overview, lstm, layer }: Props) {
  const run = state.host?.run;
  const report = state.host?.report ?? null;
  return (
    <section class="strip" aria-label="Answers" data-testid="answers-strip">
      <LstmPicker state={state} overview={overview} lstm={lstm} />
      {run?.status === 'running' ? (
        <div class="answer">
          <span class="answer-label">Running float and {report?.quantizedPath ?? 'int8'}</span>
          <span class="answer-value">
            <b>{runningText(run.progress)}</b> <span class="dim">{run.progress.sample}</span>
          </span>
        </div>
      ) : layer && report ? (
        <MeasuredAnswers
          lstm={lstm}
          layer={layer}
          report={report}
          direction={isBidirectional(lstm) ? state.view.direction : 'forward'}
        />
      ) : null}
    </section>
  );
}

function LstmPicker({ state, overview, lstm }: Omit<Props, 'layer'>) {
  const inspector = useInspector();
  const cells = cellInfos(overview);
  const kinds = [...new Set(cells.map(kindName))];
  const choices = cells.map((other) => ({
    value: opId(keyOfLstm(other)),
    label: `${other.name}  ${kinds.length > 1 ? `${kindName(other)} ` : ''}${sizesText(other)}`,
  }));
  return (
    <div class="strip-picker">
      <Dropdown
        label={kinds.join(', ')}
        choices={choices}
        value={opId(keyOfLstm(lstm))}
        testId="lstm-picker"
        onChange={(id) => {
          const chosen = cells.find((other) => opId(keyOfLstm(other)) === id);
          if (chosen) inspector.view({ lstm: keyOfLstm(chosen) });
        }}
      />
      {isBidirectional(lstm) ? (
        <Segmented
          label="Direction"
          choices={[
            { value: 'forward', label: 'forward' },
            { value: 'backward', label: 'backward' },
          ]}
          value={state.view.direction}
          testId="direction"
          onChange={(direction) => {
            inspector.view({ direction });
          }}
        />
      ) : null}
    </div>
  );
}

interface MeasuredProps {
  readonly lstm: CellInfo;
  readonly layer: LayerReport;
  readonly report: Report;
  readonly direction: 'forward' | 'backward';
}

function MeasuredAnswers({ lstm, layer, report, direction }: MeasuredProps) {
  const path = report.quantizedPath;
  if (path === null)
    return (
      <Answer label="Float model" goTo={null} testId="answer-output">
        <span class="dim">ranges only, nothing to compare</span>
      </Answer>
    );
  const { causes, gate, saturation } = answersOf(layer, direction);
  const [first, second] = causes;
  const { accumulated, local } = layer;
  const output = findSignal(layer, 'h', direction);
  const gateLetter = gate && gateOf(gate.part as 'i');
  return (
    <>
      <Answer label={`Output h, ${path} against float`} goTo="h" testId="answer-output" tip={output && signalTip(output, path)}>
        <b>{withUnit(decibel(accumulated?.sqnrDb ?? null, accumulated?.exact), 'dB')}</b>{' '}
        <small class="dim">local {decibel(local?.sqnrDb ?? null, local?.exact)}</small>
      </Answer>
      <Answer
        label="Cause: gains most in float"
        goTo={first ? selectionOf(lstm, first.part) : null}
        testId="answer-cause"
        tip={first && costTip(layer, first.part, path)}
      >
        {first && first.gainDb < NOTHING_DB ? (
          <span class="dim">nothing costs anything</span>
        ) : first ? (
          <>
            <b>{causeName(first.part)}</b> <span class="figure">{gain(first.gainDb)}</span>
            {second ? (
              <span class="dim">
                {' '}
                · {causeName(second.part)} <span class="figure">{gain(second.gainDb)}</span>
              </span>
            ) : null}
          </>
        ) : (
          <NotMeasured />
        )}
      </Answer>
      <Answer
        label="Gate: gains most in float"
        goTo={gate ? selectionOf(lstm, gate.part) : null}
        testId="answer-gate"
        tip={gate && costTip(layer, gate.part, path)}
      >
        {gate && gateLetter && gate.gainDb < NOTHING_DB ? (
          <span class="dim">none costs</span>
        ) : gate && gateLetter ? (
          <>
            <b>{gate.part}</b> {GATE_NAME[gateLetter]} <span class="figure">{gain(gate.gainDb)} dB</span>
          </>
        ) : (
          <NotMeasured />
        )}
      </Answer>
      <StepAnswer layer={layer} direction={direction} report={report} />
      <Answer
        label="Saturation: largest"
        goTo={saturation && saturation.signal.signal !== 'out' ? saturation.signal.signal : null}
        testId="answer-saturation"
        tip={saturation && signalTip(saturation.signal, path)}
      >
        {saturation ? (
          <>
            <b class="lost">{lossText(saturation)}</b> of {stageLabel(lstm, saturation.signal.signal)}{' '}
            {saturation.costDb === null ? null : <span class="dim">costs {decibel(Math.max(0, saturation.costDb))} dB</span>}
          </>
        ) : (
          <span class="dim">no value lost at a rail</span>
        )}
      </Answer>
    </>
  );
}

/** The one value of the output that is furthest from float. */
function StepAnswer({ layer, report, direction }: Omit<MeasuredProps, 'lstm'>) {
  const largest = findSignal(layer, 'h', direction)?.located?.largest ?? null;
  const sample = report.perSample.find(({ index }) => index === largest?.sample);
  if (!largest || !sample)
    return (
      <Answer label="Step: largest error of h" goTo={null} testId="answer-step">
        <span class="dim">h equals float</span>
      </Answer>
    );
  return (
    <Answer
      label="Step: largest error of h"
      goTo="h"
      // Where states run on, steps are counted on from sample to sample.
      place={{ sample: largest.sample, step: report.state === 'reset' ? largest.step : null, unit: largest.unit, steps: null }}
      testId="answer-step"
      tip={`${report.quantizedPath ?? 'int8'} − float of h at its largest: float ${signedReal(largest.float)}, ${report.quantizedPath ?? 'int8'} ${signedReal(largest.quantized)}${largest.atRail ? ', at a rail' : ''}`}
    >
      <b>step {count(largest.step)}</b>{' '}
      <small class="dim">
        {sample.name}, unit {largest.unit}{' '}
      </small>
      <span class={`figure small ${largest.atRail ? 'lost' : ''}`}>{signedReal(largest.quantized - largest.float)}</span>
    </Answer>
  );
}

/** `27.5 %`, or `17 values` where a share would say little. */
function lossText(loss: { readonly count: number; readonly values: number }): string {
  return isCount(loss.count, loss.values) ? plural(loss.count, 'value') : shareOrCount(loss.count, loss.values);
}

const causeName = (part: keyof typeof PART_NAME): string => (part === 'W' ? 'int8 weights' : PART_NAME[part]);

function NotMeasured() {
  return <span class="dim">not measured</span>;
}

function Answer(props: {
  readonly label: string;
  readonly goTo: CellSelection | null;
  /** Where in the signal. */
  readonly place?: Partial<ViewState>;
  /** How it was computed. */
  readonly tip?: string | null | undefined;
  readonly testId: string;
  readonly children: ComponentChildren;
}) {
  const inspector = useInspector();
  const { goTo } = props;
  const content = (
    <>
      <span class="answer-label">{props.label}</span>
      <span class="answer-value">{props.children}</span>
    </>
  );
  if (goTo === null)
    return (
      <div class="answer" data-testid={props.testId} data-tip={props.tip ?? undefined}>
        {content}
      </div>
    );
  return (
    <button
      type="button"
      class="answer"
      data-testid={props.testId}
      data-tip={props.tip ?? undefined}
      onClick={() => {
        inspector.view({ signal: goTo, ...props.place });
      }}
    >
      {content}
    </button>
  );
}
