import type { OperatorInfo } from '../../../../worker/core/report/overview';
import type { Report } from '../../../../worker/core/report/report';
import { count } from '../../../charts/format';
import { histogramTable } from '../../../figures/chartTables';
import { readSignal } from '../../../figures/readings';
import { useCharted } from '../../charted';
import { ErrorTable } from '../../ErrorTable';
import { Reading } from '../../Reading';
import { SignalChart } from '../../SignalChart';
import { plural } from '../../text';
import type { LayerRow } from '../layerRows';
import type { OperatorTensor } from './tensorRoles';
import { TensorTable } from './TensorTable';

interface Props {
  readonly row: LayerRow;
  readonly tensors: readonly OperatorTensor[];
  readonly counts: 'linear' | 'log';
  readonly report: Report | null;
}

/** What comes out, how far it is from float, and the tensors that take part. */
export function OutputPart({ row, tensors, counts, report }: Props) {
  const { operator, layer, signal } = row;
  useCharted(() => (signal ? [histogramTable(signal, row.output, report?.quantizedPath ?? 'int8')] : []));
  return (
    <>
      {layer && signal && report ? (
        <>
          <SignalChart layer={layer} signal={signal} persona={report.persona} counts={counts} path={report.quantizedPath} />
          <Reading reading={readSignal(layer, signal, report.persona)} />
          <ErrorTable local={signal.local} accumulated={signal.accumulated} noiseFloor={signal.noiseFloor ?? null} />
        </>
      ) : null}
      {operator ? (
        <>
          <h3>Tensors</h3>
          <TensorTable tensors={tensors} />
          <Options op={operator} />
        </>
      ) : (
        <p class="caption">
          {row.dtypes} {row.shape}
        </p>
      )}
    </>
  );
}

function Options({ op }: { readonly op: OperatorInfo }) {
  const options = Object.entries(op.options);
  return (
    <dl class="facts small-facts">
      <dt>MACs</dt>
      <dd class="figure">{count(op.macs)}</dd>
      <dt>Parameters</dt>
      <dd class="figure">{count(op.params)}</dd>
      <dt>Version</dt>
      <dd class="figure">{op.version}</dd>
      {options.map(([name, value]) => (
        <OptionRow key={name} name={name} value={value} />
      ))}
      {op.isCustom ? (
        <>
          <dt>Kind</dt>
          <dd>custom op, {plural(op.inputs.length, 'input')}</dd>
        </>
      ) : null}
    </dl>
  );
}

function OptionRow({ name, value }: { readonly name: string; readonly value: OperatorInfo['options'][string] }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class="figure">{typeof value === 'object' ? `[${value.join(', ')}]` : String(value)}</dd>
    </>
  );
}
