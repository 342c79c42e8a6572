import { isLstm } from '../core/report/cellInfos';
import type { LayerReport, Report } from '../core/report/report';
import * as format from '../../webview/charts/format';
import { LayerProfile } from '../../webview/figures/LayerProfile';
import { MiniSignal } from '../../webview/figures/MiniSignal';
import { lostShare } from '../../webview/figures/readings';
import { layerLabel, lstmOf, signalLabel } from '../../webview/figures/signalNames';
import type { Numbered } from './numbered';
import { plural, saturationOf, shapeOf, sqnrOf } from './reportWords';

/** Rows of a table on paper; the rest is in the embedded JSON. */
const MOST_ROWS = 400;

/** Error along the graph: the profile where there are many layers, and every layer in figures. */
export function LayersSection({ report, number }: Numbered) {
  const { inputs, layers } = report;
  const shown = layers.slice(0, MOST_ROWS);
  return (
    <section>
      <h2>
        {`${number()}. Error along the graph`}
        <span class="note">SQNR in dB: local with exact inputs, accumulated with what the quantized path computed before</span>
      </h2>
      {layers.length > 8 && <LayerProfile report={report} width={1060} height={190} />}
      <table class="data">
        <thead>
          <tr>
            <th>op</th>
            <th>output</th>
            <th>shape</th>
            <th>type</th>
            <th class="n">local</th>
            <th class="n">accumulated</th>
            <th class="n">RMSE</th>
            <th class="n">at rails</th>
            <th>largest inside</th>
            <th>float over quantized</th>
          </tr>
        </thead>
        <tbody>
          {[...inputs, ...shown].map((layer) => (
            <Row report={report} layer={layer} />
          ))}
        </tbody>
      </table>
      {layers.length > shown.length && (
        <p class="note">{`${plural(layers.length - shown.length, 'more layer')} in the embedded JSON.`}</p>
      )}
    </section>
  );
}

function Row({ report, layer }: { report: Report; layer: LayerReport }) {
  const lstm = lstmOf(report, layer);
  const output = layer.signals.find(({ signal }) => signal === 'out' || signal === 'h');
  return (
    <tr>
      <td class="name">{lstm ? <b>{lstm.name}</b> : layerLabel(report, layer)}</td>
      <td class="dim name">{layer.op === 'INPUT' ? 'model input' : layer.name}</td>
      <td class="t">{shapeOf(layer.shape)}</td>
      <td>
        {lstm && isLstm(lstm) && lstm.cellIntegerBits !== null
          ? `${layer.dtype}, cell ${format.qFormat(lstm.cellIntegerBits)}`
          : layer.dtype}
      </td>
      <td class="n">{sqnrOf(layer.local)}</td>
      <td class="n">{sqnrOf(layer.accumulated)}</td>
      <td class="n">{layer.accumulated ? format.real(layer.accumulated.rmse) : format.NOT_MEASURED}</td>
      <td class={layer.lostAtRails > 0 ? 'n lost' : 'n'}>{saturationOf(layer)}</td>
      <td>{lstm ? loudestInside(layer) : ''}</td>
      <td>{output && output.histogram.edges.length > 1 && <MiniSignal signal={output} width={96} height={18} />}</td>
    </tr>
  );
}

function loudestInside({ signals }: LayerReport): string {
  const [loudest] = signals.filter(({ rails }) => rails !== null).sort((a, b) => lostShare(b) - lostShare(a));
  if (!loudest) return '';
  return lostShare(loudest) > 0 ? `${signalLabel(loudest.signal)}, ${format.percent(lostShare(loudest))}` : 'nothing lost';
}
