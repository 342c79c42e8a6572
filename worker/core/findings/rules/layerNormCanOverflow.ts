import { GATES, GATE_LETTERS } from '../../lstm/signals';
import { constantValues } from '../../model/constants';
import { LSTM_OPERANDS } from '../../model/lstmOperands';
import type { Tensor } from '../../model/model';
import { grouped } from '../../wording';
import type { FindingRule, LintedLstm, Occurrence } from '../findingRule';

const INT32_MAX = 2147483647;
/** Fraction bits of a normalized value. */
const NORMALIZED = 1024;

/** Worst case: of n values, one can be sqrt(n - 1) deviations from their mean, not more. */
export const layerNormCanOverflow: FindingRule = {
  rule: 'layer-norm-can-overflow',
  severity: 'info',
  title: 'Layer norm can leave int32',
  explanation:
    'The kernel computes normalized value · coefficient + bias in int32 without saturation. A bias far above the coefficients, or very many cells, bring the sum past the end, where its sign changes.',
  fix: 'Run it on real data: whether a value gets there is counted. If so, train with larger coefficients or smaller biases.',
  reference: 'TensorFlow Lite kernels/internal/reference/portable_tensor_utils.cc, PortableApplyLayerNorm',
  check: ({ lstms }) => lstms.flatMap((lstm) => (lstm.isInteger && lstm.info.layerNorm ? worstGate(lstm) : [])),
};

function worstGate({ info, operand, operator }: LintedLstm): Occurrence[] {
  const farthest = Math.sqrt(Math.max(0, info.cell - 1));
  const bounds = GATES.flatMap((gate) => {
    const coefficients = codesOf(operand(LSTM_OPERANDS.layerNormCoefficients[gate]), 'int16');
    const biases = codesOf(operand(LSTM_OPERANDS.gateBias[gate]), 'int32');
    if (coefficients === null || biases === null) return [];
    let most = 0;
    for (let j = 0; j < coefficients.length; j++) {
      most = Math.max(most, farthest * NORMALIZED * Math.abs(coefficients[j] ?? 0) + Math.abs(biases[j] ?? 0));
    }
    return [{ letter: GATE_LETTERS[gate], most }];
  });
  const over = bounds.filter(({ most }) => most > INT32_MAX).sort((a, b) => b.most - a.most);
  const [worst] = over;
  if (worst === undefined) return [];
  const message = `${info.name}: ${over.map(({ letter }) => letter).join(', ')} can reach ${grouped(Math.round(worst.most))} with ${grouped(info.cell)} cells, int32 ends at ${grouped(INT32_MAX)}.`;
  return [{ message, op: operator, name: info.name }];
}

function codesOf(tensor: Tensor | null, dtype: 'int16' | 'int32'): Int16Array | Int32Array | null {
  if (tensor?.dtype !== dtype || tensor.data === null || tensor.sparsity !== null) return null;
  const values = constantValues(tensor);
  return values instanceof Int16Array || values instanceof Int32Array ? values : null;
}
