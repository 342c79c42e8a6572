import type { Report } from '../../../../worker/core/report/report';
import { VALUES_AS, type LayersState, type ValuesAs } from '../../../layersState';
import { Dropdown } from '../../../ui/Dropdown';
import { Segmented } from '../../../ui/Segmented';
import { useInspector } from '../../InspectorContext';
import { shapeText, shortName } from '../../text';
import type { OperatorTensor } from './tensorRoles';
import { ValueGrid } from './ValueGrid';

interface Props {
  readonly tensors: readonly OperatorTensor[];
  readonly layers: LayersState;
  readonly report: Report | null;
}

/** Single values: of a constant, or of a result for one sample. */
export function ValuesPart({ tensors, layers, report }: Props) {
  const inspector = useInspector();
  // Before a run only constants have values.
  const first = tensors.find(({ tensor, role }) => (report ? role === 'output' : tensor.constantBytes > 0));
  const shown = tensors.find(({ tensor }) => tensor.index === layers.tensor) ?? first ?? tensors[0];
  if (!shown) return <p class="dim">No tensor to look into.</p>;
  const isConstant = shown.tensor.constantBytes > 0;
  const samples = report?.perSample ?? [];
  const sample = samples.find(({ index }) => index === layers.sample) ?? samples[0];
  const choices = AS.filter(({ value }) => isOffered(value, isConstant, shown, report));
  const as = choices.find(({ value }) => value === layers.values)?.value ?? 'quantized';
  const about = `${report?.model.sha256 ?? ''} ${report?.persona ?? ''} ${shown.tensor.index} ${isConstant ? '' : (sample?.index ?? '')}`;
  return (
    <>
      <div class="line wrap">
        <Dropdown
          label="Tensor"
          testId="values-tensor"
          choices={tensors.map(({ tensor, role }) => {
            const label = `${role} ${shortName(tensor.name, 130) || tensor.index} ${shapeText(tensor.shape)}`;
            return { value: String(tensor.index), label, short: label };
          })}
          value={String(shown.tensor.index)}
          onChange={(value) => {
            inspector.layers({ tensor: Number(value) });
          }}
        />
        {isConstant || samples.length < 2 ? null : (
          <Dropdown
            label="Sample"
            prefix="Sample"
            testId="values-sample"
            choices={samples.map(({ index, name }) => ({ value: String(index), label: name, short: name }))}
            value={String(sample?.index ?? 0)}
            onChange={(value) => {
              inspector.layers({ sample: Number(value) });
            }}
          />
        )}
        <Segmented
          label="Values as"
          choices={choices}
          value={as}
          testId="values-as"
          onChange={(values) => {
            inspector.layers({ values });
          }}
        />
      </div>
      {!isConstant && !sample ? (
        <p class="dim">Run first: results exist for a sample only.</p>
      ) : (
        <ValueGrid
          key={about}
          tensor={shown.tensor.index}
          sample={isConstant ? null : (sample?.index ?? 0)}
          about={about}
          as={as}
          codeSize={codeSizeOf(shown)}
        />
      )}
    </>
  );
}

const LABELS: Readonly<Record<ValuesAs, string>> = {
  float: 'float',
  quantized: 'reals',
  difference: 'difference',
  codes: 'codes',
};
const AS = VALUES_AS.map((value) => ({ value, label: LABELS[value] }));

function codeSizeOf({ tensor: { quantization } }: OperatorTensor): number | null {
  return quantization?.scales.length === 1 ? (quantization.scales[0] ?? null) : null;
}

/** Constants have no float beside them, and reals no codes. */
function isOffered(as: ValuesAs, isConstant: boolean, { tensor }: OperatorTensor, report: Report | null): boolean {
  if (as === 'quantized') return true;
  if (as === 'codes') return tensor.quantization !== null && tensor.quantization.scales.length > 0;
  return !isConstant && report?.quantizedPath !== null;
}
