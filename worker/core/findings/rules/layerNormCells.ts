import type { FindingRule } from '../findingRule';
import { grouped, listed } from '../../wording';
import { real } from '../wording';

const FACTOR = 1048576;
/** Of the variance: from here on a code of the result. */
const NOTABLE_LOSS = 1e-3;

/** The integer variance multiplies by trunc(2^20 / n). */
export const layerNormCells: FindingRule = {
  rule: 'layer-norm-cells',
  severity: 'info',
  title: 'Layer norm divides inexactly',
  explanation:
    'The integer kernel computes the mean of squares with trunc(2^20 / n), which is exact for powers of two only. Variances come out too small, normalized values too large.',
  fix: 'Use a power of two as the number of cells.',
  reference: 'TensorFlow Lite kernels/internal/reference/portable_tensor_utils.cc, PortableApplyLayerNorm',
  check: ({ lstms }) => {
    const odd = lstms.filter(
      ({ info: { cell, layerNorm }, isInteger }) => isInteger && layerNorm && cell > 0 && FACTOR % cell !== 0,
    );
    // LSTMs of one model mostly have one size: then it is said once.
    return [...new Set(odd.map(({ info }) => info.cell))].flatMap((n) => {
      const alike = odd.filter(({ info }) => info.cell === n);
      const [first] = alike;
      if (first === undefined) return [];
      const lost = 1 - (Math.trunc(FACTOR / n) * n) / FACTOR;
      const names = listed(alike.map(({ info }) => info.name));
      const message = `${names}: ${grouped(n)} cells are no power of two. 1/${grouped(n)} is truncated to 20 bits, and sums of squares come out ${real(100 * lost)} % too small.`;
      return [{ message, op: first.operator, ...(lost >= NOTABLE_LOSS ? { severity: 'warning' as const } : {}) }];
    });
  },
};
