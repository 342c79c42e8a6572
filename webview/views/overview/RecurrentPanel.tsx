import type { ModelOverview, RecurrentInfo } from '../../../worker/core/report/overview';
import type { LayerReport, Report } from '../../../worker/core/report/report';
import { decibel, withUnit } from '../../charts/format';
import { keyOfLstm, layerOf } from '../../derived';
import { Legend } from '../../figures/Legend';
import { recurrentNotes } from '../../figures/recurrentText';
import { Badge } from '../../ui/Badge';
import { Icon } from '../../ui/Icon';
import { Link } from '../../ui/Link';
import { Panel } from '../../ui/Panel';
import { useInspector } from '../InspectorContext';
import { stageLabel } from '../lstm/stages';
import { MiniSignals } from './MiniSignals';

/** The GRUs and simple recurrent layers: what form each has, and after a run its gates before their activations and h. */
export function RecurrentPanel({ overview, report }: { readonly overview: ModelOverview; readonly report: Report | null }) {
  const layers = overview.recurrent ?? [];
  if (layers.length === 0) return null;
  return (
    <Panel
      title="Recurrent layers"
      detail={layers.length}
      end={report ? <Legend quantizedPath={report.quantizedPath} /> : undefined}
      flush
      testId="panel-recurrent"
    >
      <ul class="rows">
        {layers.map((info) => (
          <RecurrentRow key={`${info.subgraph}-${info.op}`} info={info} layer={layerOf(report, keyOfLstm(info))} />
        ))}
      </ul>
    </Panel>
  );
}

function RecurrentRow({ info, layer }: { readonly info: RecurrentInfo; readonly layer: LayerReport | null }) {
  const inspector = useInspector();
  const { name, kind, input, hidden, scheme, subgraph, op } = info;
  return (
    <li class="row lstm-row" data-testid="recurrent-layer">
      <div class="line lstm-title">
        <span>
          <strong class="lstm-name">{name}</strong> <span class="figure dim">{`${kind.toUpperCase()} ${input} → ${hidden}`}</span>
        </span>
        <Badge>{scheme}</Badge>
        <span class="spread" />
        {layer?.accumulated ? (
          <strong class="figure large">{withUnit(decibel(layer.accumulated.sqnrDb, layer.accumulated.exact), 'dB')}</strong>
        ) : null}
      </div>
      <div class="detail">{recurrentNotes(info)}</div>
      {layer ? (
        <MiniSignals
          layer={layer}
          owner={name}
          names={kind === 'gru' ? ['z_xh', 'r_xh', 'n_xh', 'h'] : ['a_xh', 'h']}
          labelOf={(name) => stageLabel(info, name)}
          onOpen={(signal) => {
            inspector.openLstm(keyOfLstm(info), signal);
          }}
        />
      ) : null}
      <Link
        testId={`open-lstm-${subgraph}-${op}`}
        label={`Open microscope, ${name}`}
        onClick={() => {
          inspector.openLstm(keyOfLstm(info));
        }}
      >
        Open microscope <Icon name="arrow-right" size={12} />
      </Link>
    </li>
  );
}
