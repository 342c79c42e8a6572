import type { ModelOverview, TensorInfo } from '../../../worker/core/report/overview';
import { Panel } from '../../ui/Panel';
import { formulaText, hasStepsInMiddle, rangeText, shapeText } from '../text';

/** What goes in and out, in which units. */
export function TensorsPanel({ overview }: { readonly overview: ModelOverview }) {
  const hasSteps = hasStepsInMiddle(overview);
  return (
    <Panel title="Inputs and outputs" flush testId="panel-io">
      <ul class="rows" aria-label="Inputs">
        {overview.inputs.map((tensor) => (
          <TensorRow key={tensor.index} tensor={tensor} hasSteps={hasSteps} direction="in" />
        ))}
      </ul>
      <ul class="rows" aria-label="Outputs">
        {overview.outputs.map((tensor) => (
          <TensorRow key={tensor.index} tensor={tensor} hasSteps={hasSteps} direction="out" />
        ))}
      </ul>
    </Panel>
  );
}

function TensorRow(props: { readonly tensor: TensorInfo; readonly hasSteps: boolean; readonly direction: 'in' | 'out' }) {
  const { tensor } = props;
  const range = tensor.quantization && rangeText(tensor.quantization);
  return (
    <li class="row">
      <div class="line">
        <span class="dim direction">{props.direction}</span>
        <strong class="name">{tensor.name}</strong>
        <span class="figure small dim">{shapeText(tensor.shape, props.hasSteps)}</span>
        <span class="chip">{tensor.dtype}</span>
      </div>
      {tensor.quantization ? <div class="figure">{formulaText(tensor.quantization)}</div> : null}
      {range ? <div class="caption">{range}</div> : null}
    </li>
  );
}
