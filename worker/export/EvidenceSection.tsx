import type { LayerReport, Report, SignalReport } from '../core/report/report';
import { ModelCostBars } from '../../webview/figures/CostBars';
import { ErrorAlongGraph } from '../../webview/figures/ErrorAlongGraph';
import { Legend } from '../../webview/figures/Legend';
import { lostShare, readSignal } from '../../webview/figures/readings';
import { SignalFigure } from '../../webview/figures/SignalFigure';
import { layerLabel, signalLabel } from '../../webview/figures/signalNames';
import type { Numbered } from './numbered';

const HALF = 516;

/** First evidence: what costs most, beside the loudest signal. The two are seldom the same. */
export function EvidenceSection({ report, number }: Numbered) {
  const costly = report.layers.flatMap(({ lstm }) => (lstm?.costs ? [lstm] : []));
  const loudest = loudestSignal(report);
  return (
    <section class="two">
      {report.quantizedPath && (
        <div>
          {costly.length > 0 ? (
            <>
              <h2>
                {`${number()}. What each part costs`}
                <span class="note">{`dB gained at ${costly.length > 1 ? "each LSTM's output" : costly[0]?.name} if put back to float; gains do not add up`}</span>
              </h2>
              <ModelCostBars lstms={costly} width={HALF} />
            </>
          ) : (
            <>
              <h2>
                {`${number()}. Error along the graph`}
                <span class="note">SQNR, dB</span>
              </h2>
              <ErrorAlongGraph report={report} width={HALF} />
            </>
          )}
        </div>
      )}
      {loudest && <Loudest report={report} {...loudest} number={number} />}
    </section>
  );
}

interface LoudestProps extends Numbered {
  readonly layer: LayerReport;
  readonly signal: SignalReport;
}

function Loudest({ report, layer, signal, number }: LoudestProps) {
  const reading = readSignal(layer, signal, report.persona);
  const inLstm = signal.signal !== 'out';
  // Fused operators carry the names of all that was fused into them.
  const [output = ''] = layer.name.split(';');
  const name = inLstm ? `${layerLabel(report, layer)}, ${signalLabel(signal.signal)}` : output || layerLabel(report, layer);
  return (
    <figure>
      <h2>
        {`${number()}. ${inLstm ? '' : layer.op === 'INPUT' ? 'Input ' : 'Output '}${name}`}
        <span class="end">
          <Legend quantizedPath={report.quantizedPath} />
        </span>
      </h2>
      <SignalFigure layer={layer} signal={signal} width={HALF} height={190} persona={report.persona} />
      <p class="reading">
        <b class={reading.lost ? 'lost' : ''}>{reading.lead}</b> {reading.rest}
      </p>
    </figure>
  );
}

/** The signal that loses the largest share at the rails; with none at a rail, the output of the last layer. */
export function loudestSignal({ inputs, layers }: Report): { readonly layer: LayerReport; readonly signal: SignalReport } | null {
  const all = [...inputs, ...layers].flatMap((layer) => layer.signals.map((signal) => ({ layer, signal })));
  const lossy = all.filter(({ signal }) => signal.flat === null);
  const [loudest] = [...lossy].sort((a, b) => lostShare(b.signal) - lostShare(a.signal));
  return loudest && lostShare(loudest.signal) > 0 ? loudest : (lossy[lossy.length - 1] ?? null);
}
