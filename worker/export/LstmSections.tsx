import { cellInfos, isBidirectional, isLstm, kindName, type CellInfo } from '../core/report/cellInfos';
import type { LstmInfo, RecurrentInfo } from '../core/report/overview';
import type { SignalName } from '../core/lstm/signals';
import type { LayerReport, SignalReport } from '../core/report/report';
import * as format from '../../webview/charts/format';
import { CellFigure } from '../../webview/figures/CellFigure';
import { LedgerTable } from '../../webview/figures/LedgerTable';
import { costsAbsent } from '../../webview/figures/costsAbsent';
import { Legend } from '../../webview/figures/Legend';
import { toldAtRails } from '../../webview/figures/readings';
import { recurrentNotes } from '../../webview/figures/recurrentText';
import { SignalFigure } from '../../webview/figures/SignalFigure';
import { findSignal, layerOf, signalLabel } from '../../webview/figures/signalNames';
import { FormulaSection } from './FormulaSection';
import type { Numbered } from './numbered';
import { sizesOf, sqnrOf } from './reportWords';

/** One section per recurrent layer: its cell, its gates, where it loses values, and the figures of every signal. */
export function LstmSections({ report, number }: Numbered) {
  return (
    <>
      {cellInfos(report).map((lstm) => {
        const layer = layerOf(report, lstm);
        return layer && <LstmSection report={report} lstm={lstm} layer={layer} number={number} />;
      })}
    </>
  );
}

interface LstmProps extends Numbered {
  readonly lstm: CellInfo;
  readonly layer: LayerReport;
}

function LstmSection({ report, lstm, layer, number }: LstmProps) {
  const two = isBidirectional(lstm);
  const directions = two ? (['forward', 'backward'] as const) : (['forward'] as const);
  const unmeasured = costsAbsent(lstm, layer, report.quantizedPath);
  return (
    <section>
      <h2>
        {`${number()}. Inside ${lstm.name}`}
        <span class="note">{noteOf(lstm)}</span>
        <span class="end">
          <Legend quantizedPath={report.quantizedPath} />
        </span>
      </h2>
      <div class="wide-first">
        <div>
          {directions.map((direction) => (
            <figure>
              {two && <figcaption>{direction}</figcaption>}
              <CellFigure lstm={lstm} layer={layer} width={812} direction={direction} />
            </figure>
          ))}
        </div>
        <Facts lstm={lstm} layer={layer} />
      </div>
      {layer.lstm && isInteger(lstm) && (
        <div class="ledger">
          <h3>
            Where values are lost <span class="note">share of values, count below 0.1 %</span>
          </h3>
          <LedgerTable lstm={layer.lstm} />
          {unmeasured !== null && <p class="note">{unmeasured}</p>}
        </div>
      )}
      {directions.map((direction) => (
        <>
          <h3 style={{ marginTop: '14px' }}>{two ? `Gates, ${direction}` : 'Gates and states'}</h3>
          <div class="three">
            {histogramSignals(lstm, layer, direction).map((signal) => (
              <figure>
                <figcaption>
                  <b>{signalLabel(signal.signal)}</b>
                </figcaption>
                <SignalFigure layer={layer} signal={signal} width={340} height={160} persona={report.persona} />
              </figure>
            ))}
          </div>
        </>
      ))}
      {layer.lstm?.formula && <FormulaSection formula={layer.lstm.formula} />}
      {layer.lstm?.recurrentFormula && <FormulaSection formula={layer.lstm.recurrentFormula} />}
      {layer.lstm?.realFormulas?.map((formula, cell, { length }) => (
        <FormulaSection formula={formula} cell={length === 1 ? null : cell === 0 ? 'forward' : 'backward'} />
      ))}
      <SignalTable layer={layer} />
    </section>
  );
}

/** `GRU 4 → 6, int8, reset after the product, forward`. */
function noteOf(info: CellInfo): string {
  const sizes = `${isLstm(info) ? '' : `${kindName(info)} `}${sizesOf(info)}, ${info.scheme}`;
  if (!isLstm(info)) return `${sizes}, ${recurrentNotes(info)}`;
  return `${sizes}${info.bidirectional ? ', bidirectional' : ''}`;
}

/** Of a GRU what is activated, what comes of it, and h. */
const HIDDEN_SHOWN: readonly SignalName[] = ['z_xh', 'r_xh', 'n_xh', 'z', 'r', 'n', 'a_xh', 'h'];

/** Per gate the last stage before its activation, then the states. */
function histogramSignals(info: CellInfo, layer: LayerReport, direction: 'forward' | 'backward'): SignalReport[] {
  if (!isLstm(info)) return HIDDEN_SHOWN.flatMap((name) => findSignal(layer, name) ?? []);
  const before = (['f', 'i', 'g', 'o'] as const).map(
    (gate) =>
      findSignal(layer, `${gate}_ln`, direction) ??
      findSignal(layer, `${gate}_in`, direction) ??
      findSignal(layer, `${gate}_xh`, direction),
  );
  return [...before, findSignal(layer, 'c', direction), findSignal(layer, 'h', direction)].filter((signal) => signal !== null);
}

/** Only integers have rails to lose values at. */
function isInteger({ scheme }: CellInfo): boolean {
  return scheme === 'int8' || scheme === '16x8';
}

const clipText = (value: number): string => (value > 0 ? `±${format.bound(value)}` : 'off');

function Facts({ lstm, layer }: { lstm: CellInfo; layer: LayerReport }) {
  return (
    <div>
      {isLstm(lstm) && <PartFlags lstm={lstm} />}
      <dl>
        {layer.accumulated && (
          <>
            <dt>Output, accumulated</dt>
            <dd>{format.withUnit(sqnrOf(layer.accumulated), 'dB')}</dd>
            <dt>Output, local</dt>
            <dd>{format.withUnit(sqnrOf(layer.local), 'dB')}</dd>
          </>
        )}
        {isLstm(lstm) ? <LstmFacts lstm={lstm} /> : <HiddenFacts info={lstm} />}
        <dt>Operator</dt>
        <dd>{lstm.subgraph === 0 ? lstm.op : `${lstm.op} in subgraph ${lstm.subgraph}`}</dd>
      </dl>
      {layer.accumulated && isInteger(lstm) && (
        <p class="note">
          In boxes: SQNR top right, values at a rail bottom left, gain if put back to float bottom right, ranked.
        </p>
      )}
    </div>
  );
}

function PartFlags({ lstm }: { lstm: LstmInfo }) {
  const parts: [string, boolean][] = [
    ['layer norm', lstm.layerNorm],
    ['projection', lstm.projection],
    ['peephole', lstm.peephole],
    ['CIFG', lstm.cifg],
  ];
  return (
    <ul class="flags">
      {parts.map(([name, has]) => (
        <li class={has ? '' : 'absent'}>{has ? name : `no ${name}`}</li>
      ))}
    </ul>
  );
}

function LstmFacts({ lstm }: { lstm: LstmInfo }) {
  return (
    <>
      <dt>Cell</dt>
      <dd>{lstm.cellIntegerBits === null ? 'float' : format.qFormat(lstm.cellIntegerBits)}</dd>
      <dt>Cell clip</dt>
      <dd>{clipText(lstm.cellClip)}</dd>
      <dt>Projection clip</dt>
      <dd>{clipText(lstm.projectionClip)}</dd>
    </>
  );
}

function HiddenFacts({ info }: { info: RecurrentInfo }) {
  return (
    <>
      {info.reset !== null && (
        <>
          <dt>Reset gate</dt>
          <dd>{`${info.reset} the product`}</dd>
        </>
      )}
      <dt>Clip</dt>
      <dd>{clipText(info.gateClip)}</dd>
    </>
  );
}

function SignalTable({ layer }: { layer: LayerReport }) {
  return (
    <table class="data" style={{ marginTop: '14px' }} aria-label="Every signal in figures">
      <thead>
        <tr>
          <th>signal</th>
          <th>type</th>
          <th class="n">values</th>
          <th class="n">float range</th>
          <th class="n">quantized range</th>
          <th class="n">at rails</th>
          <th class="n">flat</th>
          <th class="n">bits used</th>
          <th class="n">local dB</th>
          <th class="n">accumulated dB</th>
        </tr>
      </thead>
      <tbody>
        {layer.signals.map((signal) => (
          <SignalRow signal={signal} />
        ))}
      </tbody>
    </table>
  );
}

function SignalRow({ signal }: { signal: SignalReport }) {
  const { rails, flat, values, min, max, effectiveBits } = signal;
  const none = format.NOT_MEASURED;
  const atRails = rails === null || flat !== null ? null : toldAtRails(signal);
  return (
    <tr>
      <td>{signal.direction ? `${signalLabel(signal.signal)}, ${signal.direction}` : signalLabel(signal.signal)}</td>
      <td class="t">{signal.dtype}</td>
      <td class="n">{format.count(values)}</td>
      <td class="n">{`${format.real(signal.floatMin)} to ${format.real(signal.floatMax)}`}</td>
      <td class="n">{min === null || max === null ? none : `${format.real(min)} to ${format.real(max)}`}</td>
      <td class={atRails?.lost ? 'n lost' : 'n'}>{atRails === null ? none : format.shareOrCount(atRails.count, values)}</td>
      <td class="n">{flat === null ? none : format.shareOrCount(flat.low + flat.high, values)}</td>
      <td class="n">{effectiveBits === null ? none : `${effectiveBits.used.toFixed(1)} of ${effectiveBits.bits}`}</td>
      <td class="n">{sqnrOf(signal.local)}</td>
      <td class="n">{sqnrOf(signal.accumulated)}</td>
    </tr>
  );
}
