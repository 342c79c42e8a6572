import { isLstm, type CellInfo } from '../../../worker/core/report/cellInfos';
import type { LstmInfo, ModelOverview } from '../../../worker/core/report/overview';
import type { LayerReport, Report } from '../../../worker/core/report/report';
import { bound, decibel, qFormat, withUnit } from '../../charts/format';
import { keyOfLstm, layerOf } from '../../derived';
import { Legend } from '../../figures/Legend';
import { Icon } from '../../ui/Icon';
import { Link } from '../../ui/Link';
import { Panel } from '../../ui/Panel';
import type { Term as TermName } from '../../glossary';
import { Term } from '../../ui/Term';
import { useInspector } from '../InspectorContext';
import { beforeActivation, stageLabel } from '../lstm/stages';
import { MiniSignals } from './MiniSignals';

/** The LSTMs: what parts they have, and after a run six signals of each. */
export function LstmsPanel({ overview, report }: { readonly overview: ModelOverview; readonly report: Report | null }) {
  if (overview.lstms.length === 0) return null;
  return (
    <Panel
      title="LSTMs"
      detail={overview.lstms.length}
      end={report ? <Legend quantizedPath={report.quantizedPath} /> : undefined}
      flush
      testId="panel-lstms"
    >
      <ul class="rows">
        {overview.lstms.map((lstm) => (
          <LstmRow key={`${lstm.subgraph}-${lstm.op}`} lstm={lstm} layer={layerOf(report, keyOfLstm(lstm))} />
        ))}
      </ul>
    </Panel>
  );
}

function LstmRow({ lstm, layer }: { readonly lstm: LstmInfo; readonly layer: LayerReport | null }) {
  const inspector = useInspector();
  const open = () => {
    inspector.openLstm(keyOfLstm(lstm));
  };
  return (
    <li class="row lstm-row">
      <div class="line lstm-title">
        <span>
          <strong class="lstm-name">{lstm.name}</strong> <span class="figure dim">{sizesText(lstm)}</span>{' '}
          <span class="dim">{lstm.cellIntegerBits === null ? cellText(lstm) : <Term of="q-format">{cellText(lstm)}</Term>}</span>
        </span>
        <span class="spread" />
        {layer?.accumulated ? (
          <strong class="figure large">{withUnit(decibel(layer.accumulated.sqnrDb, layer.accumulated.exact), 'dB')}</strong>
        ) : null}
      </div>
      <Flags lstm={lstm} />
      {layer ? <SixSignals lstm={lstm} layer={layer} /> : null}
      <Link testId={`open-lstm-${lstm.subgraph}-${lstm.op}`} label={`Open microscope, ${lstm.name}`} onClick={open}>
        Open microscope <Icon name="arrow-right" size={12} />
      </Link>
    </li>
  );
}

export function sizesText(info: CellInfo): string {
  if (!isLstm(info)) return `${info.input} → ${info.hidden}`;
  return `${info.input} → ${info.cell}${info.projection ? ` → ${info.output}` : ''}`;
}

function cellText({ scheme, cellIntegerBits, cellClip }: LstmInfo): string {
  const format =
    cellIntegerBits === null ? (scheme === 'float' || scheme === 'hybrid' ? 'float' : 'int16') : qFormat(cellIntegerBits);
  return `cell ${format}${cellClip > 0 ? `, clip ±${bound(cellClip)}` : ''}`;
}

/** Parts that this LSTM has; those it lacks stay, dashed, so that two compare by position. */
export function Flags({ lstm }: { readonly lstm: LstmInfo }) {
  const flags: readonly (readonly [term: TermName, present: boolean, name?: string])[] = [
    ['layer norm', lstm.layerNorm],
    ['projection', lstm.projection],
    ['peephole', lstm.peephole],
    ['cifg', lstm.cifg, 'CIFG'],
    ['bidirectional', lstm.bidirectional],
  ];
  return (
    <ul class="flags" aria-label="Parts">
      {flags.map(([term, present, name = term]) => (
        <li key={term} class={present ? 'present' : ''}>
          {present ? null : <span class="visually-hidden">no </span>}
          <Term of={term}>{name}</Term>
        </li>
      ))}
    </ul>
  );
}

function SixSignals({ lstm, layer }: { readonly lstm: LstmInfo; readonly layer: LayerReport }) {
  const inspector = useInspector();
  const names = [...(['f', 'i', 'g', 'o'] as const).map((gate) => beforeActivation(lstm, gate)), 'c' as const, 'h' as const];
  return (
    <MiniSignals
      layer={layer}
      owner={lstm.name}
      names={names}
      labelOf={(name) => stageLabel(lstm, name)}
      onOpen={(name) => {
        inspector.openLstm(keyOfLstm(lstm), name);
      }}
    />
  );
}
