import type { AccumulatorHeadroom } from '../../worker/core/formula/accumulatorHeadroom';
import type {
  Arithmetic,
  FormulaOperand,
  OperatorFormula,
  ProductsArithmetic,
  Rescale,
} from '../../worker/core/formula/operatorFormula';
import type { AffineParameters } from '../../worker/core/quantization/affine';
import * as format from '../charts/format';
import { integers, scaleText, type FormulaRow } from './formulaRows';

/** How an operator computes, with the file's own numbers; `_x` marks a subscript. */
export function operatorFormulaRows(formula: OperatorFormula, channel: number): readonly FormulaRow[] {
  const { operands, arithmetic, limits } = formula;
  const zeroOf = (symbol: string): string => offset(operands.find((one) => one.symbol === symbol)?.zeroPoint ?? 0);
  const y = operands.find(({ symbol }) => symbol === 'y');
  const plus = y && y.zeroPoint !== 0 ? ` ${y.zeroPoint < 0 ? '−' : '+'} ${format.count(Math.abs(y.zeroPoint))}` : '';
  return [
    ...arithmeticRows(arithmetic, { zeroOf, plus, formula, channel }),
    ...(limits === null
      ? []
      : [
          {
            symbol: 'clamp',
            text: `${format.code(limits.low)} to ${format.code(limits.high)}`,
            note: limits.activation === 'NONE' ? 'ends of the type' : limits.activation,
          },
        ]),
  ];
}

/** Scales and zero points of what takes part. */
export function operandRows({ operands }: OperatorFormula): readonly FormulaRow[] {
  return operands.map(operandRow);
}

interface Parts {
  /** `− z` of an operand, or nothing. */
  readonly zeroOf: (symbol: string) => string;
  /** `+ z_y`, or nothing. */
  readonly plus: string;
  readonly formula: OperatorFormula;
  readonly channel: number;
}

function arithmeticRows(arithmetic: Arithmetic, parts: Parts): readonly FormulaRow[] {
  const { zeroOf, plus, formula } = parts;
  const typed = (symbol: string): string => formula.operands.find((one) => one.symbol === symbol)?.dtype ?? '';
  const term = (symbol: string): string => (zeroOf(symbol) === '' ? symbol : `(${symbol}${zeroOf(symbol)})`);
  switch (arithmetic.kind) {
    case 'products':
      return productsRows(arithmetic, parts);
    case 'sum': {
      const sign = arithmetic.sign === 1 ? '+' : '−';
      const shifted = (symbol: 'a' | 'b') => `(${term(symbol)} ≪ ${arithmetic.leftShift}) ⊗ M_${symbol}`;
      return [
        { symbol: 'y', text: `(${shifted('a')} ${sign} ${shifted('b')}) ⊗ M_y${plus}`, note: typed('y') },
        rescaleRow('M_a', arithmetic.first),
        rescaleRow('M_b', arithmetic.second),
        rescaleRow('M_y', arithmetic.result),
      ];
    }
    case 'product':
      return [
        { symbol: 'y', text: `${term('a')} · ${term('b')} ⊗ M${plus}`, note: typed('y') },
        rescaleRow('M', arithmetic.rescale),
      ];
    case 'rescale':
      return [
        { symbol: 'y', text: `${term('x')} ⊗ M${plus}`, note: typed('y') },
        rescaleRow('M', arithmetic.rescale),
        ...(arithmetic.below === null ? [] : [{ ...rescaleRow('M', arithmetic.below), symbol: 'M, below 0' }]),
      ];
    case 'quantize':
      return [{ symbol: 'y', text: `round(x / ${scaleOf(formula, 'y')})${plus}`, note: 'half away from zero' }];
    case 'dequantize':
      return [{ symbol: 'y', text: `${scaleOf(formula, 'x')} · ${term('x')}`, note: 'float32' }];
    case 'function': {
      const name = arithmetic.of === 'sigmoid' ? 'σ' : 'tanh';
      const inner = `${scaleOf(formula, 'x')} · ${term('x')}`;
      return [{ symbol: 'y', text: `${name}(${inner}) / ${scaleOf(formula, 'y')}${plus}`, note: `by ${arithmetic.by}` }];
    }
    case 'softmax': {
      const beta = arithmetic.beta === 1 ? '' : `${format.real(arithmetic.beta)} · `;
      return [
        { symbol: 'p', text: `exp(${beta}${scaleOf(formula, 'x')} · (x − max x))`, note: `by ${arithmetic.by}` },
        {
          symbol: 'y',
          text: `p / Σ p / ${scaleOf(formula, 'y')}${plus}`,
          note: `${format.count(arithmetic.depth)} values a sum`,
        },
      ];
    }
    case 'pool': {
      const window = `${arithmetic.height} × ${arithmetic.width}`;
      return [
        arithmetic.of === 'average'
          ? { symbol: 'y', text: `Σ x / n over ${window}`, note: 'half away from zero' }
          : { symbol: 'y', text: `largest x over ${window}`, note: 'codes as they are' },
      ];
    }
    case 'mean':
      return [{ symbol: 'y', text: `Σ ${term('x')} ⊗ (M / n)${plus}`, note: 'n values' }, rescaleRow('M', arithmetic.rescale)];
    case 'same':
      return [{ symbol: 'y', text: 'codes as they are', note: 'nothing is computed' }];
  }
}

function productsRows(products: ProductsArithmetic, { zeroOf, plus, formula, channel }: Parts): readonly FormulaRow[] {
  const { rescales, depth, channels, rounding, accumulator, bias } = products;
  const x = zeroOf('x') === '' ? 'x' : `(x${zeroOf('x')})`;
  const w = zeroOf('w') === '' ? 'w' : `(w${zeroOf('w')})`;
  const hasBias = formula.operands.some(({ symbol }) => symbol === 'bias');
  const at = rescales.length === 1 ? 0 : Math.min(channel, rescales.length - 1);
  const rescale = rescales[at];
  return [
    {
      symbol: 'y',
      text: `(Σ ${w} · ${x}${hasBias ? ' + bias' : ''}) ⊗ M${plus}`,
      note: `${accumulator}, depth ${format.count(depth)}`,
    },
    ...(rescale ? [{ ...rescaleRow('M', rescale), symbol: rescales.length === 1 ? 'M' : `M, ch. ${at}` }] : []),
    { symbol: 'rounded', text: rounding, note: rescales.length === 1 ? 'one scale' : `${format.count(channels)} channels` },
    ...(bias === null ? [] : [{ symbol: 'bias', text: `${format.code(bias[0])} to ${format.code(bias[1])}`, note: 'codes' }]),
  ];
}

function rescaleRow(symbol: string, rescale: Rescale): FormulaRow {
  return { symbol, text: format.scale(rescale.factor), note: integers(rescale) };
}

function operandRow({ symbol, dtype, scale, scales, zeroPoint }: FormulaOperand): FormulaRow {
  if (scale === null) return { symbol, text: 'no scale', note: dtype };
  const many = scales > 1 ? `${format.count(scales)} scales, the first ` : '';
  return { symbol, text: `${many}${affineText({ scale, zeroPoint }, many === '')}`, note: dtype };
}

/** `scale 0.0078402, zero point −1` */
export function affineText({ scale, zeroPoint }: AffineParameters, isNamed = true): string {
  return `${isNamed ? 'scale ' : ''}${scaleText(scale)}${zeroPoint === 0 ? '' : `, zero point ${format.code(zeroPoint)}`}`;
}

function offset(zeroPoint: number): string {
  return zeroPoint === 0 ? '' : zeroPoint < 0 ? ` + ${format.count(-zeroPoint)}` : ` − ${format.count(zeroPoint)}`;
}

function scaleOf({ operands }: OperatorFormula, symbol: string): string {
  const scale = operands.find((one) => one.symbol === symbol)?.scale ?? null;
  return scale === null ? '1' : scaleText(scale);
}

/** Headroom in words: the finding, then its parts. */
export function headroomText(headroom: AccumulatorHeadroom): { readonly finding: string; readonly parts: string } {
  const { bound, limit, freeBits, worst, largestInput, reach, accumulator } = headroom;
  const share = bound / limit;
  const finding =
    freeBits === null
      ? 'All weights are 0.'
      : freeBits < 0
        ? `A sum can be ${format.real(share)} times what ${accumulator} holds: it can wrap around.`
        : `${freeBits.toFixed(1)} bits stay free: the largest sum can be ${format.count(bound)}, ${format.percent(share)} of ${accumulator}.`;
  const parts = `Channel ${format.count(worst.channel)}: Σ|w| ${format.count(worst.sumOfWeights)} · ${format.count(largestInput)} + |bias| ${format.count(Math.abs(worst.bias))}. Whole sums reach ${format.count(reach[0])} to ${format.count(reach[1])}.`;
  return { finding, parts };
}
