import { activationSign } from '../charts/cellBoxNames';
import * as format from '../charts/format';
import type { IntegerRecurrentFormula, RecurrentFormula } from '../../worker/core/formula/recurrentFormula';
import { scaleText, type FormulaRow } from './formulaRows';
import { clipRows, hiddenTexts, mixRows, productRows } from './recurrentRows';

/**
 * How one signal of a GRU or a simple recurrent layer is computed, with the file's own numbers; `W` stands for the weights. Empty where
 * nothing is computed (the input).
 */
export function recurrentSignalRows(formula: RecurrentFormula, selection: string): readonly FormulaRow[] {
  if (selection === 'x') return [];
  return formula.integer === null ? realRows(formula, selection) : integerRows(formula, formula.integer, selection);
}

type Letter = 'z' | 'r' | 'n' | 'a';

/** A gate's letter and what follows it; of r times h the candidate's. */
function partsOf(selection: string): readonly [letter: Letter, stage: string] {
  if (selection === 'rh') return ['n', 'rh'];
  const [letter = '', stage = ''] = selection.split('_');
  return [letter as Letter, stage];
}

function realRows(formula: RecurrentFormula, selection: string): readonly FormulaRow[] {
  const { reset, depth, clip, rounds, kind, gateActivation, activation } = formula;
  const [letter, stage] = partsOf(selection);
  const inputs = `${format.count(depth[0])} products`;
  const hidden = `${format.count(depth[1])} products`;
  const own = kind === 'rnn' ? '' : `_${letter}`;
  const rounding =
    rounds === null ? [] : [{ symbol: 'x, h', text: `rounded to 8 bits, ${rounds}, for int8 weights`, note: 'each row, each step' }]; // prettier-ignore
  const f = activationSign((letter === 'z' || letter === 'r' ? gateActivation : null) ?? activation);
  const x = `W${own}·x + b${own}`;
  if (selection === 'W') return [{ symbol: 'W, R', text: `${format.count(depth[0])} + ${format.count(depth[1])} columns`, note: rounds === null ? 'float32' : 'int8' }, ...rounding]; // prettier-ignore
  switch (stage) {
    case 'x':
      return [{ symbol: letter, text: x, note: inputs }, ...rounding];
    case 'h':
      return [{ symbol: letter, text: 'R_n·h + c_n', note: hidden }, ...rounding];
    case 'rh':
      return selection === 'rh'
        ? [{ symbol: 'r·h', text: 'unit by unit', note: 'r before the product' }]
        : [{ symbol: letter, text: 'r·(R_n·h + c_n)', note: 'r after the product' }];
    case 'xh':
    case 'in':
      return [
        { symbol: letter, text: `${x} + ${recurrentText(letter, own, reset)}`, note: `${inputs} + ${format.count(depth[1])}` },
        ...(clip > 0 ? [{ symbol: 'clip', text: `±${format.bound(clip)}`, note: `before ${f}` }] : []),
        ...rounding,
      ];
    default:
      if (selection !== 'h') return [{ symbol: letter, text: `${f}(sum)`, note: 'reals' }];
      return [kind === 'rnn' ? { symbol: 'h', text: `${f}(W·x + R·h + b)`, note: 'reals' } : { symbol: 'h', text: 'z·h + (1 − z)·n', note: 'z keeps h' }]; // prettier-ignore
  }
}

function recurrentText(letter: Letter, own: string, reset: RecurrentFormula['reset']): string {
  if (letter !== 'n') return `R${own}·h`;
  return reset === 'after' ? 'r·(R_n·h + c_n)' : 'R_n·(r·h)';
}

function integerRows({ reset }: RecurrentFormula, integer: IntegerRecurrentFormula, selection: string): readonly FormulaRow[] {
  const { x, h, gates, clip } = integer;
  const [letter, stage] = partsOf(selection);
  const gate = gates.find((one) => one.letter === letter);
  if (selection === 'W')
    return gates.map(({ letter: symbol, input, recurrent }) => ({
      symbol,
      text: `one code: W ${scaleText(input.scale)}, R ${scaleText(recurrent.scale)}`,
      note: 'int8',
    }));
  if (selection === 'h') return mixRows(integer);
  if (gate === undefined) return [];
  const ofInput = productRows(`x${letter}`, `W_${letter}`, gate.input, x.scale);
  const ofHidden = productRows(`h${letter}`, `R_${letter}`, gate.recurrent, h.scale);
  const input = `sat16((ΣW·x + b) ⊗ M_x${letter})`;
  const isAfter = letter === 'n' && reset === 'after';
  switch (stage) {
    case 'x':
      return [{ symbol: letter, text: input, note: 'int16 Q3.12' }, ...ofInput];
    case 'h':
      return [{ symbol: letter, text: 'sat16((ΣR·h + b) ⊗ M_hn)', note: 'int16 Q3.12' }, ...ofHidden];
    case 'rh': {
      if (isAfter) return [{ symbol: letter, text: 'r·sat16((ΣR·h + b) ⊗ M_hn) ≫ 15', note: 'int16 Q3.12' }, ...ofHidden];
      const { hidden, plus } = hiddenTexts(h.zeroPoint);
      return [{ symbol: 'r·h', text: `sat8(r·${hidden} ≫ 15${plus})`, note: 'int8, as h' }];
    }
    case 'xh':
    case 'in': {
      const products = letter === 'n' ? '(ΣR·(r·h) + b)' : '(ΣR·h + b)';
      const added = isAfter ? 'r·sat16((ΣR·h + b) ⊗ M_hn) ≫ 15' : `${products} ⊗ M_h${letter}`;
      return [
        { symbol: letter, text: `sat16(${input} + ${added})`, note: 'int16 Q3.12' },
        ...clipRows(clip),
        ...ofInput,
        ...ofHidden,
      ];
    }
    default:
      return [{ symbol: letter, text: `${letter === 'n' ? 'tanh' : 'σ'}(sum), sum in Q3.12`, note: 'Q0.15' }];
  }
}
