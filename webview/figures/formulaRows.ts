import type {
  GateFormula,
  LayerNormFormula,
  LstmFormula,
  MatmulFormula,
  ProductFormula,
} from '../../worker/core/lstm/integer/integerFormula';
import { GATE_LETTERS, type GateLetter } from '../../worker/core/lstm/signals';
import type { SignalReport } from '../../worker/core/report/report';
import * as format from '../charts/format';
import type { CellSelection } from './CellFigure';
import { activationOf, lstmGateOf } from './signalNames';

/** One line of arithmetic: `M_x = 0.0076270 · 0.0078431 / 2⁻¹² = 0.24502`, and the integers it became. `_x` marks a subscript. */
export interface FormulaRow {
  readonly symbol: string;
  readonly text: string;
  /** The integers, or their type. */
  readonly note: string;
}

/** How one signal of an integer LSTM is computed, with the file's own numbers; empty where nothing is computed (the input). */
export function formulaRows(formula: LstmFormula, selection: CellSelection | SignalReport['signal']): readonly FormulaRow[] {
  if (selection === 'W') return formula.gates.map(weightRow);
  const letter = lstmGateOf(selection);
  if (letter !== null) return gateRows(formula, letter, selection);
  switch (selection) {
    case 'c':
      return cellRows(formula);
    case 'tanh_c':
      return [{ symbol: 'tanh(c)', text: `tanh of ${format.qFormat(15 + formula.cell.exponent)}`, note: 'Q0.15' }];
    case 'm':
      return hiddenRows(formula, 'm');
    case 'h':
      return formula.projection === null ? hiddenRows(formula, 'h') : projectionRows(formula);
    default:
      return [];
  }
}

/** What the signs stand for. */
export const FORMULA_SIGNS = '⊗: times a multiplier, then a rounded right shift; sat: clamped to the type.';

function gateRows(formula: LstmFormula, letter: GateLetter, signal: string): readonly FormulaRow[] {
  const gate = formula.gates.find((one) => GATE_LETTERS[one.gate] === letter);
  if (!gate) return [{ symbol: letter, text: '32,767 − f', note: 'Q0.15' }];
  const z = `z_${letter}`;
  const stage = signal.split('_')[1];
  switch (stage) {
    case 'x':
      return [{ symbol: z, text: INPUT_SUM, note: 'int16' }, ...inputRows(formula, gate)];
    case 'ln':
      return gate.layerNorm === null ? [] : layerNormRows(letter, gate.layerNorm);
    case 'in':
      if (gate.peephole !== null)
        return [{ symbol: z, text: 'sat16(z + (P·c) ⊗ M_c)', note: 'int16, z after + R·h' }, multiplierRow('M_c', gate.peephole)];
      return sumRows(formula, gate, z);
    case 'xh':
      return sumRows(formula, gate, z);
    default:
      return [activationRow(letter, gate.layerNorm === null ? z : `n_${letter}`)];
  }
}

const INPUT_SUM = 'sat16((ΣW·x + b_x) ⊗ M_x)';

function sumRows(formula: LstmFormula, gate: GateFormula, z: string): readonly FormulaRow[] {
  const recurrent = '(ΣR·h + b_h) ⊗ M_h';
  const added = formula.recurrentSaturatesAlone ? `sat16(${recurrent})` : recurrent;
  return [
    { symbol: z, text: `sat16(${INPUT_SUM} + ${added})`, note: 'int16' },
    ...inputRows(formula, gate),
    multiplierRow('M_h', gate.recurrent),
    biasRow('b_h', 'R', gate.recurrent, formula.accumulator),
  ];
}

function inputRows({ accumulator }: LstmFormula, { input }: GateFormula): readonly FormulaRow[] {
  return [multiplierRow('M_x', input), biasRow('b_x', 'W', input, accumulator)];
}

function activationRow(letter: GateLetter, sum: string): FormulaRow {
  return { symbol: letter, text: `${activationOf(letter)}(${sum}), ${sum} in Q3.12`, note: 'Q0.15' };
}

function layerNormRows(letter: GateLetter, { scale, multiplier, shift, varianceGuard }: LayerNormFormula): readonly FormulaRow[] {
  return [
    { symbol: `n_${letter}`, text: 'sat16((r·γ + β) / 2¹⁰ ⊗ M_γ)', note: 'int16 Q3.12' },
    { symbol: 'r', text: `(2¹⁰·z_${letter} − mean) ⊗ 1/√variance`, note: 'int32' },
    { symbol: 'M_γ', text: `${scaleText(scale)} · 2¹² = ${format.scale(realOf({ multiplier, shift }))}`, note: integers({ multiplier, shift }) }, // prettier-ignore
    { symbol: 'β', text: `bias, one code is ${scaleText(scale * 2 ** -10)}`, note: 'int32' },
    { symbol: 'guard', text: 'taken as variance below 1', note: format.count(varianceGuard) },
  ];
}

function cellRows({ cell }: LstmFormula): readonly FormulaRow[] {
  const { products, exponent, clip } = cell;
  const scale = { symbol: 's_c', text: `${power(exponent)}, ${format.qFormat(15 + exponent)}`, note: 'int16' };
  const clipped =
    clip === null ? [] : [{ symbol: 'clip', text: `±${format.real(clip * 2 ** exponent)}`, note: `±${format.code(clip)}` }];
  if (products.kind === 'shift')
    return [
      { symbol: 'c', text: `sat16(f·c ≫ ${products.forgetShift} + i·g ≫ ${products.inputShift})`, note: 'rounded shifts' },
      scale,
      ...clipped,
    ];
  return [
    { symbol: 'c', text: 'sat16(sat16(f·c ⊗ M_f) + sat16(i·g ⊗ M_i))', note: 'int16' },
    { symbol: 'M_f', text: format.scale(realOf(products.forget)), note: integers(products.forget) },
    { symbol: 'M_i', text: format.scale(realOf(products.input)), note: integers(products.input) },
    scale,
    ...clipped,
  ];
}

function hiddenRows({ hidden, accumulator }: LstmFormula, symbol: 'm' | 'h'): readonly FormulaRow[] {
  const zero = hidden.zeroPoint === 0 ? '' : ` ${plus(hidden.zeroPoint)}`;
  return [
    { symbol, text: `${saturation(accumulator)}(o·tanh(c) ⊗ M_m${zero})`, note: typeOf(accumulator) },
    multiplierRow('M_m', hidden),
  ];
}

function projectionRows({ projection, accumulator }: LstmFormula): readonly FormulaRow[] {
  if (projection === null) return [];
  const { outputZeroPoint, clip } = projection;
  const zero = outputZeroPoint === 0 ? '' : ` ${plus(outputZeroPoint)}`;
  return [
    { symbol: 'h', text: `${saturation(accumulator)}((ΣW_p·m + b_p) ⊗ M_p${zero})`, note: typeOf(accumulator) },
    multiplierRow('M_p', projection),
    biasRow('b_p', 'W_p', projection, accumulator),
    ...(clip === null
      ? []
      : [{ symbol: 'clip', text: 'codes kept', note: `${format.code(clip[0])} to ${format.code(clip[1])}` }]),
  ];
}

function weightRow({ gate, input, recurrent }: GateFormula): FormulaRow {
  const text = `W ${scaleText(input.scales[0])}, R ${scaleText(recurrent.scales[0])}`;
  return { symbol: GATE_LETTERS[gate], text: `one code: ${text}`, note: 'int8' };
}

function multiplierRow(symbol: string, product: ProductFormula): FormulaRow {
  const [first, second, result] = product.scales.map(scaleText);
  return { symbol, text: `${first} · ${second} / ${result} = ${format.scale(realOf(product))}`, note: integers(product) };
}

function biasRow(symbol: string, weights: string, matmul: MatmulFormula, accumulator: string): FormulaRow {
  const { zeroPoint, hasBias, bias, depth } = matmul;
  const offset = zeroPoint === 0 ? '' : `− (${format.code(zeroPoint)})·Σ_k ${weights}`;
  const sum = [hasBias ? 'bias' : '', offset].filter((part) => part !== '').join(' ');
  const range = bias[0] === bias[1] ? `= ${format.code(bias[0])}` : `∈ [${format.code(bias[0])}, ${format.code(bias[1])}]`;
  return { symbol, text: sum === '' ? range.replace(/^= /, '') : `${sum} ${range}`, note: `${accumulator}, depth ${format.count(depth)}` }; // prettier-ignore
}

/** `2,104,698,880 ≫ 33`. */
export function integers({ multiplier, shift }: Pick<ProductFormula, 'multiplier' | 'shift'>): string {
  const right = 31 - shift;
  return `${format.count(multiplier)} ${right < 0 ? `≪ ${-right}` : `≫ ${right}`}`;
}

/** The real that multiplier and shift stand for; a float32 effective scale comes out as it went in. */
function realOf({ multiplier, shift }: Pick<ProductFormula, 'multiplier' | 'shift'>): number {
  return multiplier * 2 ** (shift - 31);
}

const saturation = (accumulator: LstmFormula['accumulator']): string => (accumulator === 'int32' ? 'sat8' : 'sat16');
const typeOf = (accumulator: LstmFormula['accumulator']): string => (accumulator === 'int32' ? 'int8' : 'int16');
const plus = (zeroPoint: number): string => `${zeroPoint < 0 ? '−' : '+'} ${format.count(Math.abs(zeroPoint))}`;

/** Scales to five digits; powers of two as such. */
export function scaleText(scale: number): string {
  const exponent = Math.log2(scale);
  return Number.isInteger(exponent) ? power(exponent) : format.scale(scale);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `2⁻¹²` */
function power(exponent: number): string {
  const digits = [...Math.abs(exponent).toString()].map((digit) => SUPERSCRIPTS[Number(digit)] ?? '').join('');
  return `2${exponent < 0 ? '⁻' : ''}${digits}`;
}
