import { useRef, useState } from 'preact/hooks';
import type { SignalName } from '../../../worker/core/lstm/signals';
import { cellSizes } from '../../../worker/core/report/cellInfos';
import type { LayerReport, Report, SignalReport } from '../../../worker/core/report/report';
import { isHidden } from '../../charts/cellLayout';
import { code, count, decibel, gain, NOT_MEASURED, percent, real, shareOrCount, signedReal, withUnit } from '../../charts/format';
import { CostBars } from '../../figures/CostBars';
import { keyOfLstm, layerOf } from '../../derived';
import { costsTable, histogramTable } from '../../figures/chartTables';
import { FormulaList, formulaOf, rowsOf } from '../../figures/FormulaList';
import { NOTHING_DB, readSignal } from '../../figures/readings';
import { activationOf, findSignal, gateOf, PART_NAME, signalType } from '../../figures/signalNames';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { Sized } from '../../ui/Sized';
import { Term } from '../../ui/Term';
import { ErrorTable } from '../ErrorTable';
import type { AppState } from '../../state';
import type { ViewState } from '../../viewState';
import { BeforeLine } from './BeforeLine';
import { BlameLine } from './BlameLine';
import { FilterChips } from './FilterChips';
import { useInspector } from '../InspectorContext';
import { Reading } from '../Reading';
import { formulaText, plural } from '../text';
import type { CellProps } from './cellProps';
import { costOf, partOf } from './parts';
import { SignalHistogram } from './SignalHistogram';
import { figuresOf, stageLabel, stageOf, stagesOf } from './stages';

interface Props extends CellProps {
  readonly report: Report;
  /** The run before (state.ts). */
  readonly before: Report | null;
  readonly view: ViewState;
  readonly state: AppState;
}

/** What stands under the histogram where there is room for one of them. */
const LOWER = [
  { value: 'formula', label: 'formula' },
  { value: 'figures', label: 'figures' },
] as const;
type Lower = (typeof LOWER)[number]['value'];

/** The selected signal, large: float over int8, rails, what it says, its arithmetic and its figures. */
export function SignalPanel(props: Props) {
  const { lstm, layer, direction, selection, before } = props;
  const { persona, data } = props.report;
  const inspector = useInspector();
  const [lower, setLower] = useState<Lower>('formula');
  const drawn = useRef<SignalReport | null>(null);
  const stage = stageOf(lstm, selection);
  const signal = stage && figuresOf(layer, stage, direction);
  if (!stage || !signal) return selection === 'W' ? <WeightsPanel {...props} /> : <AbsentSignal selection={selection} />;
  const formula = formulaOf(layer.lstm, direction);
  const hasRows = formula !== null && rowsOf(formula, stage).length > 0;
  const layerBefore = before && layerOf(before, keyOfLstm(lstm));
  const signalBefore = layerBefore && figuresOf(layerBefore, stage, direction);
  return (
    <Panel
      title={stageLabel(lstm, stage)}
      detail={
        <>
          {props.view.steps || props.view.pick ? null : detailOf(signal, data.synthetic)}{' '}
          <FilterChips view={props.view} of="signal" />
        </>
      }
      class="signal-panel"
      testId="panel-signal"
      copies
      charted={() => [histogramTable(drawn.current ?? signal, stageLabel(lstm, stage), props.path ?? 'int8')]}
      end={
        <>
          {hasRows ? (
            <span class="lower-choice">
              <Segmented label="Under the histogram" choices={LOWER} value={lower} testId="lower" onChange={setLower} />
            </span>
          ) : null}
          <Segmented
            label="Counts"
            choices={[
              { value: 'linear', label: 'linear' },
              { value: 'log', label: 'log', tip: 'l changes between linear and log' },
            ]}
            value={props.view.counts}
            testId="counts"
            onChange={(value) => {
              inspector.view({ counts: value });
            }}
          />
        </>
      }
    >
      <StageLine {...props} stage={stage} signal={signal} />
      <SignalHistogram {...props} stage={stage} signal={signal} before={signalBefore} drawn={drawn} />
      <Reading reading={readSignal(layer, signal, persona)} />
      <div class={`signal-more shows-${hasRows ? lower : 'figures'}`}>
        {formula && hasRows ? <FormulaList formula={formula} selection={stage} /> : null}
        <div class="signal-figures">
          <div class="signal-facts">
            <SignalFacts signal={signal} path={props.path} activated={activatedOf(layer, stage, direction)} />
            <ErrorTable local={signal.local} accumulated={signal.accumulated} noiseFloor={signal.noiseFloor ?? null} />
          </div>
          <Cost {...props} signal={signal} />
        </div>
      </div>
      {before && layerBefore && signalBefore ? (
        <BeforeLine before={before} report={props.report} signals={[signalBefore, signal]} layers={[layerBefore, layer]} />
      ) : null}
      {props.path === null ? null : <BlameLine state={props.state} lstm={lstm} selection={selection} />}
    </Panel>
  );
}

function detailOf(signal: SignalReport, synthetic: boolean): string {
  return [signalType(signal), `${count(signal.values)} values`, ...(synthetic ? ['synthetic data'] : [])].join(' · ');
}

/** What the signal goes through, as tabs, and its errors. */
function StageLine(props: Props & { readonly stage: SignalName; readonly signal: SignalReport }) {
  const { lstm, layer, direction, selection, stage, signal } = props;
  const inspector = useInspector();
  const stages = stagesOf(lstm, selection).filter((other) => figuresOf(layer, other.signal, direction) !== null);
  const { accumulated, local } = signal;
  return (
    <div class="line wrap">
      {stages.length > 1 ? (
        <Segmented
          label="Stage"
          choices={stages.map(({ signal: value, label }) => ({ value, label }))}
          value={stage}
          testId="stage"
          onChange={(value) => {
            inspector.view({ signal: value });
          }}
        />
      ) : null}
      <span class="spread" />
      {accumulated || local ? (
        <span class="caption" data-testid="signal-errors">
          <Term of="accumulated">accumulated</Term>{' '}
          <b class="figure small">{withUnit(decibel(accumulated?.sqnrDb ?? null, accumulated?.exact), 'dB')}</b> &nbsp;{' '}
          <Term of="local">local</Term> <b class="figure small">{withUnit(decibel(local?.sqnrDb ?? null, local?.exact), 'dB')}</b>
        </span>
      ) : null}
    </div>
  );
}

/** Raw figures beside the reading: codes, counts and shares, ranges, bits. */
function SignalFacts(props: {
  readonly signal: SignalReport;
  readonly path: CellProps['path'];
  /** What becomes of it, where its activation follows. */
  readonly activated: SignalReport | null;
}) {
  const { signal, path, activated } = props;
  const { rails, lostAtRails, flat, quantization, effectiveBits, values } = signal;
  const ofValues = (number: number) => `${count(number)} (${percent(values > 0 ? number / values : 0)})`;
  return (
    <dl class="facts small-facts" data-testid="signal-facts">
      {rails && !flat ? (
        <>
          <dt>
            low <Term of="rail">rail</Term>
          </dt>
          <dd class={`figure small ${lostAtRails?.low ? 'lost' : ''}`} data-testid="rail-low">
            {`${code(rails.lowCode)} = ${real(rails.lowReal)}: ${ofValues(rails.low)}`}
          </dd>
          <dt>high rail</dt>
          <dd class={`figure small ${lostAtRails?.high ? 'lost' : ''}`} data-testid="rail-high">
            {`${code(rails.highCode, true)} = ${real(rails.highReal)}: ${ofValues(rails.high)}`}
          </dd>
        </>
      ) : null}
      {flat ? (
        <>
          <dt>
            <Term of="flat">flat</Term>
          </dt>
          <dd class="figure small">{`low ${ofValues(flat.low)}, high ${ofValues(flat.high)}`}</dd>
        </>
      ) : null}
      {activated?.flat ? (
        <>
          <dt>
            <Term of="flat">flat</Term> {`after ${activationOf(gateOf(activated.signal) ?? 'o')}`}
          </dt>
          <dd class="figure small" data-testid="flat-after">
            {`low ${ofValues(activated.flat.low)}, high ${ofValues(activated.flat.high)}`}
          </dd>
        </>
      ) : null}
      <dt>float</dt>
      <dd class="figure small">{`${signedReal(signal.floatMin)} to ${signedReal(signal.floatMax)}`}</dd>
      {path !== null && signal.min !== null && signal.max !== null ? (
        <>
          <dt>{path} path</dt>
          <dd class="figure small">{`${signedReal(signal.min)} to ${signedReal(signal.max)}`}</dd>
        </>
      ) : null}
      {rails && path !== null && !flat ? (
        <>
          <dt>range</dt>
          <dd class="figure small" data-testid="range-use">
            {rangeUse(signal)}
          </dd>
        </>
      ) : null}
      {effectiveBits ? (
        <>
          <dt>bits in use</dt>
          <dd class="figure small">{`${effectiveBits.used.toFixed(1)} of ${effectiveBits.bits}`}</dd>
        </>
      ) : null}
      {quantization ? (
        <>
          <dt>codes</dt>
          <dd class="figure small">{formulaText(quantization)}</dd>
        </>
      ) : null}
      {signal.nonFinite ? (
        <>
          <dt>not finite</dt>
          <dd class="figure small lost">{`${count(signal.nonFinite)} NaN or infinite values`}</dd>
        </>
      ) : null}
    </dl>
  );
}

/** The activated gate of the last stage before it; null for other stages. */
function activatedOf(layer: LayerReport, stage: SignalName, direction: CellProps['direction']): SignalReport | null {
  const gate = gateOf(stage);
  return gate && stage !== gate ? findSignal(layer, gate, direction) : null;
}

/** How much of what the type holds is used, and what float has beyond it. */
function rangeUse({ rails, min, max, floatMin, floatMax, lostAtRails, values }: SignalReport): string {
  if (!rails || min === null || max === null) return NOT_MEASURED;
  const span = rails.highReal - rails.lowReal;
  const used = span > 0 ? Math.min(1, (max - min) / span) : 0;
  const beyond = [
    ...(floatMin < rails.lowReal ? [signedReal(floatMin)] : []),
    ...(floatMax > rails.highReal ? [signedReal(floatMax)] : []),
  ];
  const lost = lostAtRails ? lostAtRails.low + lostAtRails.high : 0;
  const clipped =
    beyond.length === 0 ? 'nothing clipped' : `float goes on to ${beyond.join(' and ')}, ${shareOrCount(lost, values)} clipped`;
  return `${percent(used)} used, ${percent(1 - used)} wasted; ${clipped}`;
}

/** What putting the signal's part back to float would gain, and what that means. */
function Cost({ layer, lstm, signal }: CellProps & { readonly signal: SignalReport }) {
  if (signal.signal === 'out') return null;
  const part = partOf(signal.signal);
  const cost = costOf(layer.lstm, part);
  const output = layer.accumulated?.sqnrDb ?? null;
  const steps = layer.lstm?.costSteps ?? null;
  if (cost === null) return null;
  return (
    <p class="caption">
      {`${gain(cost)} dB: ${PART_NAME[part]} of ${lstm.name} runs in float, all else stays int8`}
      {output === null || Math.abs(cost) < NOTHING_DB
        ? '.'
        : `; SQNR of h goes from ${decibel(output)} to ${decibel(output + cost)} dB.`}{' '}
      {steps === null ? '' : `Measured over ${plural(steps, 'step')}. `}
      Gains overlap and do not add up.
    </p>
  );
}

function WeightsPanel({ layer, lstm, state, path, direction }: Props) {
  const formula = formulaOf(layer.lstm, direction);
  const cost = costOf(layer.lstm, 'W');
  const rails = layer.lstm?.ledger.find(({ cause }) => cause === 'weight-rails')?.entries ?? [];
  const sizes = cellSizes(lstm);
  return (
    <Panel
      title="W, R"
      detail={lstm.scheme === 'float' ? 'float weights' : 'int8 weights, all gates'}
      class="signal-panel"
      testId="panel-signal"
      copies
      charted={() => (layer.lstm ? [costsTable(layer.lstm)] : [])}
    >
      <p class="reading">
        <strong>{cost === null ? 'Cost not measured.' : `${gain(cost)} dB if put back to float.`}</strong>{' '}
        {cost === null ? '' : 'Weights of all gates run in float, all else stays int8. Gains overlap and do not add up.'}
      </p>
      {layer.lstm ? <CostsChart lstm={layer.lstm} /> : null}
      <dl class="facts">
        {rails.map(({ count: lost, values }, at) => (
          <WeightRails key={at} lost={lost} values={values} />
        ))}
        <dt>Sizes</dt>
        <dd class="figure">{`W ${sizes.cell} × ${sizes.input}, R ${sizes.cell} × ${sizes.output}${isHidden(lstm) && lstm.kind === 'rnn' ? '' : ', per gate'}`}</dd>
      </dl>
      {formula ? <FormulaList formula={formula} selection="W" /> : null}
      {path === null ? null : <BlameLine state={state} lstm={lstm} selection="W" />}
    </Panel>
  );
}

function CostsChart({ lstm }: { readonly lstm: NonNullable<LayerReport['lstm']> }) {
  if (!lstm.costs) return null;
  return (
    <>
      <h3>What each part costs, dB</h3>
      <Sized>{({ width }) => <CostBars lstm={lstm} width={Math.min(width, 640)} />}</Sized>
    </>
  );
}

function WeightRails({ lost, values }: { readonly lost: number; readonly values: number }) {
  return (
    <>
      <dt>At the rails</dt>
      <dd class="figure">{`${count(lost)} of ${count(values)} weights (${percent(values > 0 ? lost / values : 0)})`}</dd>
    </>
  );
}

function AbsentSignal({ selection }: Pick<CellProps, 'selection'>) {
  return (
    <Panel title={selection} class="signal-panel" testId="panel-signal">
      <p class="dim">This cell has no such signal, or the run has no figures of it.</p>
    </Panel>
  );
}
