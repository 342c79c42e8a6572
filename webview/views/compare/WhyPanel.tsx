import type { Comparison, LayerDifference, SignalDifference } from '../../../worker/core/compare/comparison';
import { comparisonMarkdown } from '../../figures/comparisonMarkdown';
import { comparisonTables } from '../../figures/comparisonTables';
import { csvTable } from '../../figures/textRows';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { decibel, real, withUnit } from '../../charts/format';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { layerName, nameOf, outputOf, placeOf, selectionOfSignal } from './comparisonRows';

interface Props {
  readonly comparison: Comparison;
  readonly overview: ModelOverview;
}

/** What makes the difference, in sentences, with the figures that prove it. */
export function WhyPanel({ comparison, overview }: Props) {
  const inspector = useInspector();
  const { run, causes, headline } = comparison;
  const first = run?.first ?? null;
  const layer = first === null ? null : (run?.layers[first.layer] ?? null);
  const place = layer && placeOf(overview, layer.a);
  const signal = first && selectionOfSignal(first.signal);
  return (
    <Panel title={causes.length > 0 ? 'Why' : 'In short'} testId="panel-why">
      {causes.length > 0 ? (
        causes.map(({ quirk, label, on, explanation }) => (
          <p class="why" key={quirk}>
            <b>{`${capital(label)}, in ${on.toUpperCase()} only.`}</b> {explanation}
          </p>
        ))
      ) : (
        <ul class="why">
          {headline.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {layer && causes.length > 0 ? <Figures layer={layer} first={first?.signal ?? null} /> : null}
      <div class="buttons">
        {place ? (
          <Button
            testId="show-first"
            onClick={() => {
              if (signal === null) inspector.openLayer(place);
              else inspector.openLstm(place, signal);
            }}
          >
            {signal === null ? 'Show layer' : 'Show in microscope'}
          </Button>
        ) : null}
        <Button
          icon="copy"
          testId="copy-markdown"
          onClick={() => void inspector.copy('Comparison', comparisonMarkdown(comparison))}
        >
          Copy as Markdown
        </Button>
        <Button
          icon="copy"
          testId="copy-comparison-csv"
          onClick={() => void inspector.copy('Values that differ', valuesCsv(comparison))}
        >
          Copy as CSV
        </Button>
      </div>
    </Panel>
  );
}

/** The largest table, of every signal of every layer; of the files where nothing was run. */
function valuesCsv(comparison: Comparison): string {
  return csvTable(comparisonTables(comparison).at(-1)?.rows ?? []);
}

function Figures({ layer, first }: { readonly layer: LayerDifference; readonly first: string | null }) {
  const output = outputOf(layer);
  const named = ['c', first].flatMap((name) => layer.signals.find(({ signal }) => signal === name) ?? []);
  return (
    <dl class="facts small-facts">
      {named.reverse().map((signal) => (
        <Errors key={signal.signal} signal={signal} />
      ))}
      {output && output.maxErrorA !== null && output.maxErrorB !== null ? (
        <>
          <dt>{`largest error, ${layerName(layer)}`}</dt>
          <dd class="figure small">{`A ${real(output.maxErrorA)}, B ${real(output.maxErrorB)}`}</dd>
        </>
      ) : null}
    </dl>
  );
}

function Errors({ signal }: { readonly signal: SignalDifference }) {
  const { sqnrDbA, sqnrDbB } = signal;
  return (
    <>
      <dt>{nameOf(signal.signal).join(' ')}</dt>
      <dd class="figure small">{`A ${withUnit(decibel(sqnrDbA), 'dB')}, B ${withUnit(decibel(sqnrDbB), 'dB')}`}</dd>
    </>
  );
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
