import { memo } from 'preact/compat';
import { useMemo } from 'preact/hooks';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import { cellRole } from '../../figures/cellRows';
import { foreignTip } from '../../figures/foreignText';
import { DETAIL_PARTS, type DetailPart } from '../../layersState';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { Segmented } from '../../ui/Segmented';
import type { ViewState } from '../../viewState';
import { allCharted, ChartedContext, type ChartedTables } from '../charted';
import { useInspector } from '../InspectorContext';
import { Reasons } from '../targets/Reasons';
import { ArithmeticPart } from './detail/ArithmeticPart';
import { OutputPart } from './detail/OutputPart';
import { weightsOf } from './detail/tensorRoles';
import { useTensors } from './detail/useTensors';
import { ValuesPart } from './detail/ValuesPart';
import { WeightsPart } from './detail/WeightsPart';
import { WherePart } from './detail/WherePart';
import type { LayerRow } from './layerRows';

interface Props {
  readonly row: LayerRow;
  readonly overview: ModelOverview;
  readonly view: ViewState;
  readonly target: string | null;
  readonly targetLabel: string;
  readonly report: Report | null;
}

const LABELS: Readonly<Record<DetailPart, string>> = {
  output: 'Output',
  where: 'Where',
  weights: 'Weights',
  arithmetic: 'Arithmetic',
  values: 'Values',
  target: 'Target',
};

/** All that is known of the selected operator, in parts. Pointing at other rows draws none of it anew. */
export const LayerDetail = memo(({ row, overview, view, target, targetLabel, report }: Props) => {
  const inspector = useInspector();
  const charted = useMemo<ChartedTables>(() => new Set(), []);
  const { layers } = view;
  const { operator, placement } = row;
  const tensors = useTensors(operator);
  const told = useMemo(() => {
    const role = operator ? cellRole(overview.recognised ?? [], row.subgraph, row.index) : null;
    return [...(role === null ? [] : [`${role}.`]), ...row.foreign.map(foreignTip)];
  }, [operator, overview, row]);
  const weights = useMemo(() => weightsOf(tensors ?? []), [tensors]);
  const offered: Readonly<Record<DetailPart, boolean>> = {
    output: true,
    where: row.operator !== null && row.signal?.located !== undefined && row.signal.signal === 'out',
    // What is not known yet keeps its place.
    weights: (tensors === null || weights.length > 0) && row.subgraph === 0,
    arithmetic: operator !== null,
    values: tensors?.length !== 0 && row.subgraph === 0,
    target: placement !== null && target !== null,
  };
  const parts = DETAIL_PARTS.filter((part) => offered[part]);
  const part = offered[layers.part] ? layers.part : 'output';
  return (
    <Panel
      title={operator ? `Op ${row.index} ${row.name}` : `Model input ${-row.index}`}
      {...(told.length === 0 ? {} : { detail: told.join(' ') })}
      class={`layer-detail part-${part}`}
      testId="layer-detail"
      copies
      charted={() => allCharted(charted)}
      end={
        <>
          <Button
            quiet
            icon={layers.wide ? 'screen-normal' : 'screen-full'}
            label={layers.wide ? 'Narrow details' : 'Widen details'}
            testId="detail-wide"
            onClick={() => {
              inspector.layers({ wide: !layers.wide });
            }}
          />
          <Button
            quiet
            icon="close"
            label="Close details"
            onClick={() => {
              inspector.view({ layer: null, layers: { ...layers, also: [] } });
            }}
          />
        </>
      }
    >
      <ChartedContext.Provider value={charted}>
        <p class="name">{row.output}</p>
        {parts.length > 1 ? (
          <Segmented
            label="Part of the details"
            choices={parts.map((value) => ({ value, label: LABELS[value] }))}
            value={part}
            testId="detail-part"
            onChange={(next) => {
              inspector.layers({ part: next });
            }}
          />
        ) : null}
        {row.isLstm ? (
          <Button
            primary
            testId="open-gates"
            onClick={() => {
              inspector.openLstm(row);
            }}
          >
            Open microscope
          </Button>
        ) : null}
        {part === 'output' ? <OutputPart row={row} tensors={tensors ?? []} counts={view.counts} report={report} /> : null}
        {part === 'where' && row.layer && row.signal && report ? (
          <WherePart key={row.id} layer={row.layer} signal={row.signal} report={report} view={view} />
        ) : null}
        {part === 'weights' ? <WeightsPart weights={weights} layers={layers} /> : null}
        {part === 'arithmetic' ? (
          <ArithmeticPart row={row} persona={report?.persona ?? view.persona} channel={layers.channel ?? 0} />
        ) : null}
        {part === 'values' && tensors ? <ValuesPart tensors={tensors} layers={layers} report={report} /> : null}
        {part === 'target' && placement && target !== null ? (
          <>
            <h3>On {targetLabel}</h3>
            <Reasons placement={placement} />
            <Button
              onClick={() => {
                inspector.openPlacement({ target, subgraph: row.subgraph, index: row.index });
              }}
            >
              Show in Targets
            </Button>
          </>
        ) : null}
      </ChartedContext.Provider>
    </Panel>
  );
});
