import type { Report } from '../../../worker/core/report/report';
import { samplesTable } from '../../figures/layerTables';
import { SampleErrors } from '../../figures/SampleErrors';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { useInspector } from '../InspectorContext';

interface Props {
  readonly report: Report;
  readonly sample: number | 'all' | null;
}

/** A sample that is chosen here is the one all screens show. */
export function SamplesPanel({ report, sample }: Props) {
  const inspector = useInspector();
  const picked = report.perSample.find(({ index }) => index === sample);
  return (
    <Panel
      title="Samples by error"
      detail={picked ? `output SQNR, dB; ${picked.name} is shown` : 'output SQNR, dB'}
      testId="panel-samples"
      copies
      charted={() => [samplesTable(report)]}
    >
      <Sized>
        {({ width }) => (
          <SampleErrors
            report={report}
            width={width}
            selected={picked?.index ?? null}
            onSelect={(index) => {
              inspector.showSample(index);
            }}
          />
        )}
      </Sized>
    </Panel>
  );
}
