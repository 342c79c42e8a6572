import type { LayerDifference, RunDifferences } from '../../../worker/core/compare/comparison';
import type { ModelOverview } from '../../../worker/core/report/overview';
import { DifferenceMap } from '../../charts/DifferenceMap';
import { Dropdown } from '../../ui/Dropdown';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import { Sized } from '../../ui/Sized';
import type { ViewState } from '../../viewState';
import { useInspector } from '../InspectorContext';
import { plural } from '../text';
import { firstIn, layerName, lstmLayers, placeOf, selectionOfSignal, signalsOf, signalTable } from './comparisonRows';
import { SidesLegend } from './SidesLegend';

interface Props {
  readonly run: RunDifferences;
  readonly layer: LayerDifference;
  readonly overview: ModelOverview;
  readonly view: ViewState;
}

/** One LSTM signal by signal and step by step: what share of its integers differs, and how far each side is from float. */
export function SignalsPanel({ run, layer, overview, view }: Props) {
  const inspector = useInspector();
  const lstms = lstmLayers(run);
  const { differing } = signalsOf(layer, view.direction);
  const place = placeOf(overview, layer.a);
  return (
    <Panel
      title="Where A and B differ"
      detail={
        <>
          share of values that differ, per signal and step
          {lstms.length > 1 ? (
            <>
              {' · '}
              <Dropdown
                label="LSTM compared"
                choices={lstms.map((one) => ({ value: String(one.a.index), label: layerName(one) }))}
                value={String(layer.a.index)}
                testId="compared-lstm"
                onChange={(index) => {
                  inspector.view({ comparedOp: Number(index) });
                }}
              />
            </>
          ) : (
            ` · ${layerName(layer)}`
          )}
        </>
      }
      end={
        <>
          {layer.lstm?.bidirectional ? (
            <Segmented
              label="Direction"
              choices={[
                { value: 'forward', label: 'forward' },
                { value: 'backward', label: 'backward' },
              ]}
              value={view.direction}
              testId="compared-direction"
              onChange={(direction) => {
                inspector.view({ direction });
              }}
            />
          ) : null}
          <SidesLegend />
        </>
      }
      class="signals-panel"
      testId="panel-signals-differ"
      copies={() => [{ title: 'Signals', rows: signalTable(layer, view.direction) }]}
    >
      {differing.length === 0 ? (
        <p class="dim">{`Every value of ${layerName(layer)} is the same on both sides.`}</p>
      ) : (
        <Sized>
          {({ width }) => (
            <DifferenceMap
              width={width}
              title={`Where A and B differ in ${layerName(layer)}`}
              summary={`${plural(differing.length, 'signal')} differ`}
              rows={differing}
              stepsPerEntry={differing[0]?.signal.steps?.perEntry ?? 1}
              first={firstIn(run, layer, differing)}
              onSelect={(at) => {
                const signal = differing[at]?.signal.signal;
                if (place && signal) inspector.openLstm(place, selectionOfSignal(signal));
              }}
            />
          )}
        </Sized>
      )}
    </Panel>
  );
}
