import type { LstmFormula, MatmulFormula, ProductFormula } from '../../worker/core/lstm/integer/integerFormula';
import type { LstmInfo } from '../../worker/core/report/overview';
import { quantizeMultiplier } from '../../worker/core/quantization/quantizeMultiplier';

const product = (first: number, second: number, result: number): ProductFormula => ({
  scales: [first, second, result],
  ...quantizeMultiplier(Math.fround(Math.fround(first * second) / result)),
});

const matmul = (
  scales: readonly [number, number, number],
  zeroPoint: number,
  hasBias: boolean,
  depth: number,
): MatmulFormula => ({
  ...product(...scales),
  zeroPoint,
  hasBias,
  depth,
  bias: [1013, 8208],
});

/** An LSTM's arithmetic with plausible scales; multipliers are really computed from them. */
export function formulaOf({ layerNorm, projection, peephole, cifg, input, cell, output }: LstmInfo): LstmFormula {
  const gates = (['input', 'forget', 'cell', 'output'] as const).filter((gate) => !(gate === 'input' && cifg));
  const result = layerNorm ? 0.0004054 : 2 ** -12;
  return {
    accumulator: 'int32',
    recurrentSaturatesAlone: false,
    gates: gates.map((gate) => ({
      gate,
      input: matmul([0.007627, 0.0078431, result], -1, !layerNorm, input),
      recurrent: matmul([0.0058148, 0.0078402, result], 0, false, output),
      peephole: peephole && gate !== 'cell' ? product(0.0000112, 2 ** -13, result) : null,
      layerNorm: layerNorm ? { scale: 0.0000305, ...quantizeMultiplier(0.0000305 * 4096), varianceGuard: 1 } : null,
    })),
    cell: { exponent: -13, products: { kind: 'shift', forgetShift: 15, inputShift: 17 }, clip: null },
    hidden: { ...product(2 ** -15, 2 ** -15, 0.00784), zeroPoint: -1 },
    projection: projection
      ? { ...matmul([0.0061, 0.00784, 0.00784], -1, true, cell), outputZeroPoint: -1, clip: [-38, 38] }
      : null,
    source: 'arXiv 2101.05453',
  };
}
