import { everyLstm, type FindingRule } from '../findingRule';
import { grouped } from '../../wording';
import { real } from '../wording';

const FACTOR = 1048576;

/** The integer variance multiplies by trunc(2^20 / n). */
export const layerNormCells: FindingRule = {
  rule: 'layer-norm-cells',
  severity: 'info',
  title: 'Layer norm divides inexactly',
  explanation:
    'The integer kernel computes the mean of squares with trunc(2^20 / n), which is exact for powers of two only. Variances come out too small, normalized values too large.',
  fix: 'Use a power of two as the number of cells.',
  reference: 'TensorFlow Lite kernels/internal/reference/portable_tensor_utils.cc, PortableApplyLayerNorm',
  check: everyLstm(({ info, isInteger }) => {
    const n = info.cell;
    if (!isInteger || !info.layerNorm || n <= 0 || FACTOR % n === 0) return null;
    const lost = 1 - (Math.trunc(FACTOR / n) * n) / FACTOR;
    const message = `${info.name}: ${grouped(n)} cells are no power of two. 1/${grouped(n)} is truncated to 20 bits, and sums of squares come out ${real(100 * lost)} % too small.`;
    return lost >= 1e-3 ? { message, severity: 'warning' as const } : { message };
  }),
};
