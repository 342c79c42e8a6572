import type { Report } from '../../../worker/core/report/report';
import { ErrorAlongGraph } from '../../figures/ErrorAlongGraph';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';

export function ErrorPanel({ report }: { readonly report: Report }) {
  return (
    <Panel title="Error along the graph" detail="SQNR, dB" testId="panel-error" copies>
      <Sized>{({ width }) => <ErrorAlongGraph report={report} width={width} />}</Sized>
    </Panel>
  );
}
