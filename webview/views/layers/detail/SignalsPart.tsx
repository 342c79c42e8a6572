import type { LayerReport, Report, SignalReport } from '../../../../worker/core/report/report';
import { NOT_MEASURED } from '../../../charts/format';
import { shareOf, sqnr } from '../../../figures/cellRows';
import { histogramTable } from '../../../figures/chartTables';
import { readSignal, toldAtRails } from '../../../figures/readings';
import { signalLabel, signalType } from '../../../figures/signalNames';
import type { ViewState } from '../../../viewState';
import { useCharted } from '../../charted';
import { ErrorTable } from '../../ErrorTable';
import { useInspector } from '../../InspectorContext';
import { Reading } from '../../Reading';
import { SignalChart } from '../../SignalChart';
import { WherePart } from './WherePart';

interface Props {
  readonly layer: LayerReport;
  readonly report: Report;
  readonly view: ViewState;
}

const HEAD = ['signal', 'local, dB', 'accumulated, dB', 'at rails', 'flat'] as const;

/** Every signal inside a recurrent layer that has no microscope (GRU, RNN): all in a table, the chosen one large. */
export function SignalsPart({ layer, report, view }: Props) {
  const inspector = useInspector();
  const signal = layer.signals.find((one) => one.signal === view.layers.signal) ?? layer.signals.at(-1);
  useCharted(() => (signal ? [histogramTable(signal, signalLabel(signal.signal), report.quantizedPath ?? 'int8')] : []));
  return (
    <>
      <table class="where-table" aria-label={`Signals of op ${layer.index}`} data-testid="layer-signals">
        <thead>
          <tr>
            {HEAD.map((label) => (
              <th scope="col" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {layer.signals.map((one) => (
            <SignalRow
              key={one.signal}
              signal={one}
              isChosen={one === signal}
              onChoose={() => {
                if (one.signal !== 'out') inspector.layers({ signal: one.signal });
              }}
            />
          ))}
        </tbody>
      </table>
      {signal === undefined ? null : (
        <>
          <h3>
            {signalLabel(signal.signal)} <span class="dim">{signalType(signal)}</span>
          </h3>
          <SignalChart layer={layer} signal={signal} persona={report.persona} counts={view.counts} path={report.quantizedPath} />
          <Reading reading={readSignal(layer, signal, report.persona)} />
          <ErrorTable local={signal.local} accumulated={signal.accumulated} noiseFloor={signal.noiseFloor ?? null} />
          {signal.located === undefined ? null : (
            <WherePart key={signal.signal} layer={layer} signal={signal} report={report} view={view} />
          )}
        </>
      )}
    </>
  );
}

interface RowProps {
  readonly signal: SignalReport;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function SignalRow({ signal, isChosen, onChoose }: RowProps) {
  const told = toldAtRails(signal);
  return (
    <tr class={isChosen ? 'picked' : ''}>
      <th scope="row">
        <button type="button" class="plain-link" aria-pressed={isChosen} onClick={onChoose}>
          {signalLabel(signal.signal)}
        </button>
      </th>
      <td class="figure small">{sqnr(signal.local)}</td>
      <td class="figure small">{sqnr(signal.accumulated)}</td>
      <td class={`figure small ${told.lost ? 'lost' : ''}`}>
        {signal.rails === null ? NOT_MEASURED : shareOf(told.count, signal.values)}
      </td>
      <td class="figure small">{signal.flat === null ? '' : shareOf(signal.flat.low + signal.flat.high, signal.values)}</td>
    </tr>
  );
}
