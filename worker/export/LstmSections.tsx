import type { LstmInfo } from '../core/report/overview';
import type { LayerReport, SignalReport } from '../core/report/report';
import * as format from '../../webview/charts/format';
import { CellFigure } from '../../webview/figures/CellFigure';
import { LedgerTable } from '../../webview/figures/LedgerTable';
import { Legend } from '../../webview/figures/Legend';
import { toldAtRails } from '../../webview/figures/readings';
import { SignalFigure } from '../../webview/figures/SignalFigure';
import { findSignal, layerOf, signalLabel } from '../../webview/figures/signalNames';
import { FormulaSection } from './FormulaSection';
import type { Numbered } from './numbered';
import { sizesOf, sqnrOf } from './reportWords';

/** One section per LSTM: its cell, its gates, where it loses values, and the figures of every signal. */
export function LstmSections({ report, number }: Numbered) {
  return (
    <>
      {report.lstms.map((lstm) => {
        const layer = layerOf(report, lstm);
        return layer && <LstmSection report={report} lstm={lstm} layer={layer} number={number} />;
      })}
    </>
  );
}

interface LstmProps extends Numbered {
  readonly lstm: LstmInfo;
  readonly layer: LayerReport;
}

function LstmSection({ report, lstm, layer, number }: LstmProps) {
  const directions = lstm.bidirectional ? (['forward', 'backward'] as const) : (['forward'] as const);
  return (
    <section>
      <h2>
        {`${number()}. Inside ${lstm.name}`}
        <span class="note">{`${sizesOf(lstm)}, ${lstm.scheme}${lstm.bidirectional ? ', bidirectional' : ''}`}</span>
        <span class="end">
          <Legend quantizedPath={report.quantizedPath} />
        </span>
      </h2>
      <div class="wide-first">
        <div>
          {directions.map((direction) => (
            <figure>
              {lstm.bidirectional && <figcaption>{direction}</figcaption>}
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
        </div>
      )}
      {directions.map((direction) => (
        <>
          <h3 style={{ marginTop: '14px' }}>{lstm.bidirectional ? `Gates, ${direction}` : 'Gates and states'}</h3>
          <div class="three">
            {histogramSignals(layer, direction).map((signal) => (
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
      {layer.lstm?.realFormulas?.map((formula, cell, { length }) => (
        <FormulaSection formula={formula} cell={length === 1 ? null : cell === 0 ? 'forward' : 'backward'} />
      ))}
      <SignalTable layer={layer} />
    </section>
  );
}

/** Per gate the last stage before its activation, then the states. */
function histogramSignals(layer: LayerReport, direction: 'forward' | 'backward'): SignalReport[] {
  const before = (['f', 'i', 'g', 'o'] as const).map(
    (gate) =>
      findSignal(layer, `${gate}_ln`, direction) ??
      findSignal(layer, `${gate}_in`, direction) ??
      findSignal(layer, `${gate}_xh`, direction),
  );
  return [...before, findSignal(layer, 'c', direction), findSignal(layer, 'h', direction)].filter((signal) => signal !== null);
}

/** Only integers have rails to lose values at. */
function isInteger({ scheme }: LstmInfo): boolean {
  return scheme === 'int8' || scheme === '16x8';
}

function Facts({ lstm, layer }: { lstm: LstmInfo; layer: LayerReport }) {
  const parts: [string, boolean][] = [
    ['layer norm', lstm.layerNorm],
    ['projection', lstm.projection],
    ['peephole', lstm.peephole],
    ['CIFG', lstm.cifg],
  ];
  const clip = (value: number): string => (value > 0 ? `±${format.bound(value)}` : 'off');
  return (
    <div>
      <ul class="flags">
        {parts.map(([name, has]) => (
          <li class={has ? '' : 'absent'}>{has ? name : `no ${name}`}</li>
        ))}
      </ul>
      <dl>
        {layer.accumulated && (
          <>
            <dt>Output, accumulated</dt>
            <dd>{format.withUnit(sqnrOf(layer.accumulated), 'dB')}</dd>
            <dt>Output, local</dt>
            <dd>{format.withUnit(sqnrOf(layer.local), 'dB')}</dd>
          </>
        )}
        <dt>Cell</dt>
        <dd>{lstm.cellIntegerBits === null ? 'float' : format.qFormat(lstm.cellIntegerBits)}</dd>
        <dt>Cell clip</dt>
        <dd>{clip(lstm.cellClip)}</dd>
        <dt>Projection clip</dt>
        <dd>{clip(lstm.projectionClip)}</dd>
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

export function SignalTable({ layer }: { layer: LayerReport }) {
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
