import { formatTitle } from '../../../worker/core/report/formatTitle';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import { byteCount, count } from '../../charts/format';
import { BytesByType } from '../../figures/BytesByType';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { Term } from '../../ui/Term';
import { AssumedRows } from './AssumedRows';
import { isDynamic, modelSize, modelTitle, opCounts } from './modelTitle';

interface Props {
  readonly overview: ModelOverview;
  readonly floatPartner: string | null;
  readonly report: Report | null;
}

export function ModelPanel({ overview, floatPartner, report }: Props) {
  const { title, types } = modelTitle(overview);
  return (
    <Panel title="Model" testId="panel-model" copies>
      <p class="big">
        <Term of={overview.scheme}>{title}</Term> <span class="aside">{types}</span>
      </p>
      <p class="dim">{modelSize(overview)}</p>
      <dl class="facts">
        <dt>File</dt>
        <dd>
          {overview.fileName}, {formatTitle(overview).replace('TensorFlow Lite', 'TFLite')},{' '}
          <span class="figure">{byteCount(overview.byteLength)}</span>
        </dd>
        <AssumedRows overview={overview} />
        <dt>Parameters</dt>
        <dd class="figure" data-testid="params">
          {count(overview.params)}
        </dd>
        <dt>MACs</dt>
        <dd>
          <span class="figure">{count(overview.macs)}</span> {macsUnit(overview)}
        </dd>
        <dt>Ops</dt>
        <dd>{opCounts(overview)}</dd>
        {overview.scheme === 'float' ? null : (
          <>
            <dt>Float partner</dt>
            <dd>{partnerText(floatPartner, report)}</dd>
          </>
        )}
        {overview.description === '' ? null : (
          <>
            <dt>Made by</dt>
            <dd>{overview.description}</dd>
          </>
        )}
      </dl>
      <h3>Bytes by type</h3>
      <Sized>{({ width }) => <BytesByType overview={overview} width={width} />}</Sized>
    </Panel>
  );
}

function macsUnit(overview: ModelOverview): string {
  if (!isDynamic(overview)) return 'per inference';
  return overview.lstms.length > 0 ? 'per step' : 'with dynamic axes at 1';
}

const MATCHED_BY = { self: '', name: ', matched by name', order: ', matched by order', weights: ', matched by weights' } as const;

function partnerText(floatPartner: string | null, report: Report | null): string {
  const used = report?.floatModel;
  if (used?.source === 'file') {
    const { by, matched, operators } = used.matching;
    const some = matched < operators ? ` (${count(matched)} of ${count(operators)} ops)` : '';
    return `${used.fileName ?? 'file'}${MATCHED_BY[by]}${some}`;
  }
  if (used) return 'none: its own weights, dequantized';
  return floatPartner ?? 'none beside it: its own weights, dequantized';
}
