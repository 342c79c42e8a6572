import { code, scale } from '../../../charts/format';
import { useInspector } from '../../InspectorContext';
import { formulaText, rangeText, shapeText, shortName } from '../../text';
import type { OperatorTensor } from './tensorRoles';

/** Inputs, constants and outputs; a click on a value copies it in full. */
export function TensorTable({ tensors }: { readonly tensors: readonly OperatorTensor[] }) {
  return (
    <div class="wide-table">
      <table class="tensor-table" aria-label="Tensors" data-testid="tensor-table">
        <thead>
          <tr>
            {['', 'tensor', 'scale', 'zero'].map((label) => (
              <th scope="col" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tensors.map(({ tensor, role }) => {
            const { quantization } = tensor;
            const [first] = quantization?.scales ?? [];
            const many = (quantization?.scales.length ?? 0) > 1;
            return (
              <tr key={tensor.index}>
                <th scope="row" class="dim">
                  {role}
                </th>
                <td>
                  <Value what="Name" full={tensor.name} tip={`tensor ${tensor.index}, ${tensor.name}`}>
                    {shortName(tensor.name, 150) || `tensor ${tensor.index}`}
                  </Value>
                  <div class="dim">
                    {tensor.dtype}{' '}
                    <Value what="Shape" full={JSON.stringify(tensor.shape)}>
                      {shapeText(tensor.shape)}
                    </Value>
                  </div>
                </td>
                <td class="figure small">
                  {quantization && first !== undefined ? (
                    <Value
                      what={many ? 'Scales' : 'Scale'}
                      full={many ? JSON.stringify(quantization.scales) : String(first)}
                      tip={`${formulaText(quantization)}${rangeText(quantization) === null ? '' : `\n${rangeText(quantization)}`}`}
                    >
                      {many ? `${quantization.scales.length} scales` : scale(first)}
                    </Value>
                  ) : null}
                </td>
                <td class="figure small">
                  {quantization && first !== undefined ? (
                    <Value
                      what="Zero point"
                      full={many ? JSON.stringify(quantization.zeroPoints) : String(quantization.zeroPoints[0] ?? 0)}
                    >
                      {code(quantization.zeroPoints[0] ?? 0)}
                    </Value>
                  ) : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface ValueProps {
  /** Names the value for the confirmation. */
  readonly what: string;
  readonly full: string;
  readonly tip?: string;
  readonly children: string;
}

/** Not a tab stop of its own: the panel's copy menu has the whole table. */
function Value({ what, full, tip, children }: ValueProps) {
  const inspector = useInspector();
  return (
    <button
      type="button"
      class="copyable"
      tabIndex={-1}
      data-tip={`${tip === undefined ? '' : `${tip}\n`}Click copies ${full.length > 60 ? 'all of it' : full}`}
      onClick={() => void inspector.copy(what, full)}
    >
      {children}
    </button>
  );
}
