import type { RealGateFormula, RealLstmFormula, RealProductFormula } from '../../worker/core/lstm/float/realFormula';
import { GATE_LETTERS, type GateLetter } from '../../worker/core/lstm/signals';
import type { SignalReport } from '../../worker/core/report/report';
import * as format from '../charts/format';
import type { CellSelection } from './CellFigure';
import { scaleText, type FormulaRow } from './formulaRows';
import { activationSign } from '../charts/cellBoxNames';
import { lstmGateOf } from './signalNames';

/** How one signal of an LSTM that computes in reals comes about, with the file's own numbers; empty where nothing is computed (the input). */
export function realFormulaRows(
  formula: RealLstmFormula,
  selection: CellSelection | SignalReport['signal'],
): readonly FormulaRow[] {
  if (selection === 'W') return formula.gates.map(weightRow);
  const letter = lstmGateOf(selection);
  if (letter !== null) return gateRows(formula, letter, selection.split('_')[1]);
  const hidden = activationSign(formula.activations.hidden);
  switch (selection) {
    case 'c':
      return [{ symbol: 'c', text: 'f·c + i·g', note: 'float32' }, ...clipRow(formula.cellClip)];
    case 'tanh_c':
      return [{ symbol: `${hidden}(c)`, text: `${hidden} of the cell`, note: 'float32' }];
    case 'm':
      return [{ symbol: 'm', text: `o·${hidden}(c)`, note: 'float32' }];
    case 'h':
      return formula.projection === null
        ? [{ symbol: 'h', text: `o·${hidden}(c)`, note: 'float32' }]
        : projectionRows(formula, formula.projection);
    default:
      return [];
  }
}

/** What the signs stand for, and of which arithmetic. */
export function realFormulaSigns({ arithmetic, asymmetric }: RealLstmFormula): string {
  if (arithmetic === 'float') return 'All in float32.';
  const zero = asymmetric ? ' z: its zero point.' : '';
  return `q(x): the codes that x becomes on the fly; s_x: real value of one.${zero} Sums of codes in int32, all else in float32.`;
}

function gateRows(formula: RealLstmFormula, letter: GateLetter, stage: string | undefined): readonly FormulaRow[] {
  const gate = formula.gates.find((one) => GATE_LETTERS[one.gate] === letter);
  if (!gate) return [{ symbol: letter, text: '1 − f', note: 'float32' }];
  const z = `z_${letter}`;
  switch (stage) {
    case 'x':
      return inputRows(formula, gate, z);
    case 'ln':
      return layerNormRows(gate, letter);
    case 'in':
      if (gate.peephole !== null) return [{ symbol: z, text: 'z + P·c, z after + R·h', note: `P ∈ ${span(gate.peephole)}` }];
      return sumRows(formula, gate, z);
    case 'xh':
      return sumRows(formula, gate, z);
    default: {
      const activation = activationSign(letter === 'g' ? formula.activations.cell : formula.activations.gates);
      const sum = gate.layerNorm === null ? z : `n_${letter}`;
      return [{ symbol: letter, text: `${activation}(${sum})`, note: 'float32' }, ...clipRow(formula.gateClip)];
    }
  }
}

function inputRows(formula: RealLstmFormula, gate: RealGateFormula, z: string): readonly FormulaRow[] {
  const first = startsWithBias(formula, gate);
  const text = `${first ? 'b + ' : ''}${productText(formula, gate.input, 'W', 'x')}`;
  return [
    { symbol: z, text, note: 'float32' },
    ...productRows(gate.input, 'W', 'x'),
    ...codeRows(formula, gate),
    ...(first ? biasRow(gate) : []),
  ];
}

function sumRows(formula: RealLstmFormula, gate: RealGateFormula, z: string): readonly FormulaRow[] {
  const products = `${productText(formula, gate.input, 'W', 'x')} + ${productText(formula, gate.recurrent, 'R', 'h')}`;
  const hasBias = gate.bias !== null && gate.layerNorm === null;
  const text = !hasBias ? products : formula.lateBias ? `${products} + b` : `b + ${products}`;
  return [
    { symbol: z, text, note: 'float32' },
    ...productRows(gate.input, 'W', 'x'),
    ...productRows(gate.recurrent, 'R', 'h'),
    ...codeRows(formula, gate),
    ...(hasBias ? biasRow(gate) : []),
  ];
}

const startsWithBias = (formula: RealLstmFormula, gate: RealGateFormula): boolean =>
  gate.bias !== null && gate.layerNorm === null && !formula.lateBias;

/** `W·x`, or with codes `s_W·s_x·Σ W·q(x)`, zero points taken off. */
function productText({ asymmetric }: RealLstmFormula, { codes }: RealProductFormula, weights: string, x: string): string {
  if (codes === null) return `${weights}·${x}`;
  const stored = codes.zeroPoint === 0 ? weights : `(${weights} − z_${weights})`;
  const data = asymmetric ? `(q(${x}) − z_${x})` : `q(${x})`;
  return `s_${weights}·s_${x}·Σ${stored}·${data}`;
}

function productRows({ codes, depth }: RealProductFormula, weights: string, x: string): readonly FormulaRow[] {
  const sums = `depth ${format.count(depth)}`;
  if (codes === null) return [{ symbol: `${weights}·${x}`, text: 'weights in float32', note: sums }];
  const [low, high] = codes.scales;
  const zero = codes.zeroPoint === 0 ? '' : `, z_${weights} = ${format.code(codes.zeroPoint)}`;
  const scale = low === high ? scaleText(low) : `${scaleText(low)} to ${scaleText(high)}, one a row`;
  return [{ symbol: `s_${weights}`, text: `${scale}${zero}`, note: `${codes.dtype}, ${sums}` }];
}

/** How data becomes codes; nothing where weights are reals. */
function codeRows({ arithmetic, asymmetric }: RealLstmFormula, { input }: RealGateFormula): readonly FormulaRow[] {
  if (input.codes === null) return [];
  if (arithmetic === 'dynamic')
    return [
      { symbol: 'q(x)', text: 'clamp(round half to even(x / s_x) + z_x)', note: 'uint8' },
      { symbol: 's_x', text: '(max − min) / 255, 0 in the range', note: 'x: a whole call, h: a step' },
      { symbol: 'z_x', text: 'round half to even(−min / s_x)', note: '0 to 255' },
    ];
  if (asymmetric)
    return [
      { symbol: 'q(x)', text: 'clamp(round half away from 0(z_x + x / s_x))', note: 'int8' },
      { symbol: 's_x', text: '(max − min) / 255, 0 in the range', note: 'each row, each step' },
      { symbol: 'z_x', text: 'from the end of the range that errs less', note: '−128 to 127' },
    ];
  return [
    { symbol: 'q(x)', text: 'round half away from 0(x / s_x)', note: 'int8, ±127' },
    { symbol: 's_x', text: 'max|x| / 127, of h likewise', note: 'each row, each step' },
  ];
}

const biasRow = ({ bias }: RealGateFormula): readonly FormulaRow[] =>
  bias === null ? [] : [{ symbol: 'b', text: `∈ ${span(bias)}`, note: 'float32' }];

function layerNormRows({ layerNorm, bias }: RealGateFormula, letter: string): readonly FormulaRow[] {
  if (layerNorm === null) return [];
  return [
    { symbol: `n_${letter}`, text: `γ·(z_${letter} − mean) / √(variance + 10⁻⁸) + β`, note: 'float32' },
    { symbol: 'γ', text: `∈ ${span(layerNorm)}`, note: 'coefficients' },
    ...(bias === null ? [] : [{ symbol: 'β', text: `∈ ${span(bias)}`, note: 'bias' }]),
  ];
}

function projectionRows(formula: RealLstmFormula, projection: NonNullable<RealLstmFormula['projection']>): readonly FormulaRow[] {
  const { bias, clip } = projection;
  return [
    { symbol: 'h', text: `${bias === null ? '' : 'b_p + '}${productText(formula, projection, 'P', 'm')}`, note: 'float32' },
    ...productRows(projection, 'P', 'm'),
    ...(bias === null ? [] : [{ symbol: 'b_p', text: `∈ ${span(bias)}`, note: 'float32' }]),
    ...clipRow(clip),
  ];
}

const clipRow = (clip: number): readonly FormulaRow[] =>
  clip === 0 ? [] : [{ symbol: 'clip', text: `±${format.bound(clip)}`, note: 'kept within' }];

function weightRow({ gate, input, recurrent }: RealGateFormula): FormulaRow {
  const text = (name: string, { codes }: RealProductFormula) =>
    `${name} ${codes === null ? 'float32' : scaleText(codes.scales[1])}`;
  const type = input.codes === null ? 'float32' : input.codes.dtype;
  return {
    symbol: GATE_LETTERS[gate],
    text: input.codes === null ? 'weights as they are' : `one code: ${text('W', input)}, ${text('R', recurrent)}`,
    note: type,
  };
}

const span = ([low, high]: readonly [number, number]): string => `[${format.real(low)}, ${format.real(high)}]`;
