import { realConstant } from '../model/constants';
import type { CalibratedRange } from '../calibration/calibratedRanges';
import { ABSENT } from '../model/model';
import { isConstant } from './activations';
import { bypass } from './bypass';
import type { Draft, DraftOperator } from './draft';

/** Constants in another form than the operators take: half floats, and sparse ones. */
const EXPANDING: ReadonlySet<string> = new Set(['DEQUANTIZE', 'DENSIFY']);

/**
 * Takes out operators that a quantized graph has no use for: those that expand constants, whose results become constants, and
 * FAKE_QUANT, whose range its tensor keeps.
 */
export function foldConversions(draft: Draft): void {
  draft.operators = draft.operators.filter((operator) => {
    const input = draft.tensors[draft.operand(operator, 0)];
    const output = draft.tensors[operator.outputs[0] ?? ABSENT];
    if (input === undefined || output === undefined) return true;
    if (operator.name === 'FAKE_QUANT') return !foldFakeQuant(draft, operator);
    if (!EXPANDING.has(operator.name) || !isConstant(input) || input.quantization !== null) return true;
    const values = realConstant(input);
    output.dtype = 'float32';
    output.data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return false;
  });
}

/** The range of a FAKE_QUANT. */
export function fakeQuantRange({ options }: Pick<DraftOperator, 'options'>): CalibratedRange {
  return { min: Number(options.min), max: Number(options.max) };
}

/** False where it stands between a graph's input and output and has to stay. */
function foldFakeQuant(draft: Draft, operator: DraftOperator): boolean {
  const keep = bypass(draft, operator);
  if (keep === null) return false;
  const range = fakeQuantRange(operator);
  const tensor = draft.tensor(keep);
  tensor.calibrated = range;
  if (isConstant(tensor)) tensor.range = { min: [range.min], max: [range.max] };
  return true;
}
