import type { Report } from '../../../worker/core/report/report';
import { ErrorAlongGraph, layersAlongGraph } from '../../figures/ErrorAlongGraph';
import { layerErrorsTable } from '../../figures/layerTables';
import { Panel } from '../../ui/Panel';
import { Sized } from '../../ui/Sized';
import { useInspector } from '../InspectorContext';
import { goToLayer } from './goToLayer';

export function ErrorPanel({ report }: { readonly report: Report }) {
  const inspector = useInspector();
  return (
    <Panel
      title="Error along the graph"
      detail="SQNR, dB; a row shows its layer"
      testId="panel-error"
      copies
      charted={() => [layerErrorsTable(report, layersAlongGraph(report))]}
    >
      <Sized>
        {({ width }) => (
          <ErrorAlongGraph
            report={report}
            width={width}
            onSelect={(layer) => {
              goToLayer(inspector, layer);
            }}
          />
        )}
      </Sized>
    </Panel>
  );
}
