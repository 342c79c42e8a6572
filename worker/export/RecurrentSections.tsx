import type { SignalName } from '../core/lstm/signals';
import { Legend } from '../../webview/figures/Legend';
import { recurrentNotes } from '../../webview/figures/recurrentText';
import { SignalFigure } from '../../webview/figures/SignalFigure';
import { findSignal, signalLabel } from '../../webview/figures/signalNames';
import { SignalTable } from './LstmSections';
import type { Numbered } from './numbered';

/** What is activated, and what comes out. */
const SHOWN: readonly SignalName[] = ['z_xh', 'r_xh', 'n_xh', 'z', 'r', 'n', 'a_xh', 'h'];

/** One section per GRU or simple recurrent layer: its gates, and the figures of every signal. */
export function RecurrentSections({ report, number }: Numbered) {
  return (
    <>
      {(report.recurrent ?? []).map((info) => {
        const layer = report.layers.find(({ subgraph, index }) => subgraph === info.subgraph && index === info.op);
        if (layer === undefined) return null;
        const signals = SHOWN.flatMap((name) => findSignal(layer, name) ?? []);
        return (
          <section>
            <h2>
              {`${number()}. Inside ${info.name}`}
              <span class="note">{`${info.kind.toUpperCase()} ${info.input} → ${info.hidden}, ${info.scheme}, ${recurrentNotes(info)}`}</span>
              <span class="end">
                <Legend quantizedPath={report.quantizedPath} />
              </span>
            </h2>
            <div class="three">
              {signals.map((signal) => (
                <figure>
                  <figcaption>
                    <b>{signalLabel(signal.signal)}</b>
                  </figcaption>
                  <SignalFigure layer={layer} signal={signal} width={340} height={160} persona={report.persona} />
                </figure>
              ))}
            </div>
            <SignalTable layer={layer} />
          </section>
        );
      })}
    </>
  );
}
