import type {
  IntegerProductFormula,
  IntegerRecurrentFormula,
  RecurrentFormula,
} from '../../worker/core/formula/recurrentFormula';
import { activationSign } from '../charts/cellBoxNames';
import * as format from '../charts/format';
import { integers, scaleText, type FormulaRow } from './formulaRows';

/** A step of a GRU or a simple recurrent layer, line by line; `_x` marks a subscript. */
export function recurrentRows(formula: RecurrentFormula): readonly FormulaRow[] {
  return formula.integer === null ? realRows(formula) : integerRows(formula, formula.integer);
}

function realRows({ reset, gateActivation, activation, clip, depth, rounds }: RecurrentFormula): readonly FormulaRow[] {
  const f = activationSign(activation);
  const more = [
    ...(clip > 0 ? [{ symbol: 'clip', text: `±${format.bound(clip)}`, note: 'before σ, tanh' }] : []),
    ...(rounds === null ? [] : [{ symbol: 'x, h', text: `rounded to 8 bits, ${rounds}, for int8 weights`, note: 'each row, each step' }]),
  ]; // prettier-ignore
  const sums = `${format.count(depth[0])} + ${format.count(depth[1])} products`;
  if (gateActivation === null) return [{ symbol: 'h', text: `${f}(W·x + R·h + b)`, note: sums }, ...more];
  const gate = activationSign(gateActivation);
  const row = (letter: string) => ({ symbol: letter, text: `${gate}(W_${letter}·x + R_${letter}·h + b_${letter})`, note: sums });
  return [
    row('z'),
    row('r'),
    {
      symbol: 'n',
      text: reset === 'after' ? `${f}(W_n·x + b_n + r·(R_n·h + c_n))` : `${f}(W_n·x + R_n·(r·h) + b_n)`,
      note: `r ${reset ?? ''} the product`,
    },
    { symbol: 'h', text: 'z·h + (1 − z)·n', note: 'z keeps h' },
    ...more,
  ];
}

function integerRows({ reset }: RecurrentFormula, formula: IntegerRecurrentFormula): readonly FormulaRow[] {
  const { x, h, gates, clip } = formula;
  const sum = (letter: string) => `sat16((ΣW·x + b) ⊗ M_x${letter}) + (ΣR·h + b) ⊗ M_h${letter}`;
  const [mix, ...multipliers] = mixRows(formula);
  return [
    { symbol: 'z', text: `σ(sat16(${sum('z')}))`, note: 'Q0.15 of Q3.12' },
    { symbol: 'r', text: `σ(sat16(${sum('r')}))`, note: 'Q0.15 of Q3.12' },
    reset === 'after'
      ? {
          symbol: 'n',
          text: 'tanh(sat16(sat16((ΣW·x + b) ⊗ M_xn) + r·sat16((ΣR·h + b) ⊗ M_hn) ≫ 15))',
          note: 'r after the product',
        }
      : { symbol: 'n', text: `tanh(sat16(${sum('n').replace('ΣR·h', 'ΣR·(r·h)')}))`, note: 'r before the product' },
    ...(mix === undefined ? [] : [mix]),
    ...clipRows(clip),
    ...multipliers,
    ...gates.flatMap(({ letter, input, recurrent }) => [
      ...productRows(`x${letter}`, `W_${letter}`, input, x.scale),
      ...productRows(`h${letter}`, `R_${letter}`, recurrent, h.scale),
    ]),
  ];
}

/** Multiplier and effective bias of one product. `weights` with its subscript: `W_z`. */
export function productRows(
  symbol: string,
  weights: string,
  { scale, rescale, bias }: IntegerProductFormula,
  of: number,
): readonly FormulaRow[] {
  return [
    { symbol: `M_${symbol}`, text: `${scaleText(scale)} · ${scaleText(of)} / 2⁻¹² = ${format.scale(rescale.factor)}`, note: integers(rescale) },
    { symbol: `b, ${weights}`, text: `${format.code(bias[0])} to ${format.code(bias[1])}`, note: 'int32, zero point in it' },
  ]; // prettier-ignore
}

/** h as an integer with its zero point taken off, and the zero point put back. */
export function hiddenTexts(zero: number): { readonly hidden: string; readonly plus: string } {
  if (zero === 0) return { hidden: 'h', plus: '' };
  const size = format.count(Math.abs(zero));
  return { hidden: `(h ${zero < 0 ? '+' : '−'} ${size})`, plus: ` ${zero < 0 ? '−' : '+'} ${size}` };
}

/** The mix of h and the candidate, with its two multipliers. */
export function mixRows({ h, toQ15, fromQ30 }: Pick<IntegerRecurrentFormula, 'h' | 'toQ15' | 'fromQ30'>): readonly FormulaRow[] {
  const { hidden, plus } = hiddenTexts(h.zeroPoint);
  return [
    { symbol: 'h', text: `sat8((z·sat16(${hidden} ⊗ M_q) + (32,768 − z)·n) ⊗ M_o${plus})`, note: 'rounded once' },
    { symbol: 'M_q', text: `${scaleText(h.scale)} / 2⁻¹⁵ = ${format.scale(toQ15.factor)}`, note: integers(toQ15) },
    { symbol: 'M_o', text: `2⁻³⁰ / ${scaleText(h.scale)} = ${format.scale(fromQ30.factor)}`, note: integers(fromQ30) },
  ];
}

export function clipRows(clip: number | null): readonly FormulaRow[] {
  if (clip === null) return [];
  return [{ symbol: 'clip', text: `±${format.real(clip / 4096)}, before σ and tanh`, note: `±${format.code(clip)}` }];
}
