import type { Report } from '../../../worker/core/report/report';
import { SampleErrors } from '../../figures/SampleErrors';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';

export function SamplesPanel({ report }: { readonly report: Report }) {
  return (
    <Panel title="Samples by error" detail="output SQNR, dB" testId="panel-samples" copies>
      <Sized>{({ width }) => <SampleErrors report={report} width={width} />}</Sized>
    </Panel>
  );
}
