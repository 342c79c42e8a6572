import type { PersonaName } from '../../../worker/core/lstm/persona';
import type { ModelOverview, OperatorInfo, TensorInfo } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import { byteCount, count } from '../../charts/format';
import { readSignal } from '../../figures/readings';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { ErrorTable } from '../ErrorTable';
import { useInspector } from '../InspectorContext';
import { Reading } from '../Reading';
import { SignalChart } from '../SignalChart';
import { Reasons } from '../targets/Reasons';
import { formulaText, plural, shapeText } from '../text';
import type { LayerRow } from './layerRows';

interface Props {
  readonly row: LayerRow;
  readonly overview: ModelOverview;
  readonly counts: 'linear' | 'log';
  readonly target: string | null;
  readonly targetLabel: string;
  readonly persona: PersonaName;
  readonly path: Report['quantizedPath'];
}

/** All that is known of the selected operator. */
export function LayerDetail({ row, overview, counts, target, targetLabel, persona, path }: Props) {
  const inspector = useInspector();
  const { operator, layer, signal, placement } = row;
  return (
    <Panel
      title={operator ? `Op ${row.index} ${row.name}` : `Model input ${-row.index}`}
      class="layer-detail"
      testId="layer-detail"
      {...(layer && signal ? { copies: true as const } : {})}
      end={
        <Button
          quiet
          icon="close"
          label="Close details"
          onClick={() => {
            inspector.view({ layer: null });
          }}
        />
      }
    >
      <p class="name">{row.output}</p>
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
      {layer && signal ? (
        <>
          <SignalChart layer={layer} signal={signal} persona={persona} counts={counts} path={path} />
          <Reading reading={readSignal(layer, signal, persona)} />
          <ErrorTable local={signal.local} accumulated={signal.accumulated} />
        </>
      ) : null}
      {operator ? (
        <>
          <h3>Tensors</h3>
          <Tensors op={operator} overview={overview} />
          <Options op={operator} />
        </>
      ) : (
        <p class="caption">
          {row.dtypes} {row.shape}
        </p>
      )}
      {placement && target !== null ? (
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
    </Panel>
  );
}

function Tensors({ op, overview }: { readonly op: OperatorInfo; readonly overview: ModelOverview }) {
  const rows = (
    [...op.inputs.map((at) => ['in', at] as const), ...op.outputs.map((at) => ['out', at] as const)] as const
  ).flatMap(([direction, at]) => {
    const tensor = overview.tensors.find(({ subgraph, index }) => subgraph === op.subgraph && index === at);
    return tensor ? [{ direction, tensor }] : [];
  });
  return (
    <ul class="tensors">
      {rows.map(({ direction, tensor }, at) => (
        <li key={at}>
          <div class="line">
            <span class="dim direction">{direction}</span>
            <span class="name" data-tip={tensor.name}>
              {tensor.name}
            </span>
          </div>
          <div class="caption">{tensorText(tensor)}</div>
          {tensor.quantization ? <div class="figure small">{formulaText(tensor.quantization)}</div> : null}
        </li>
      ))}
    </ul>
  );
}

function tensorText(tensor: TensorInfo): string {
  const kind = tensor.isVariable ? ', state' : tensor.constantBytes > 0 ? `, constant, ${byteCount(tensor.constantBytes)}` : '';
  return `tensor ${tensor.index}, ${tensor.dtype} ${shapeText(tensor.shape)}${kind}`;
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
