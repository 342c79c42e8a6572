import { renderToStaticMarkup } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import type { LstmFormula } from '../../worker/core/lstm/integer/integerFormula';
import type { CellSelection } from '../../webview/figures/CellFigure';
import { FormulaList } from '../../webview/figures/FormulaList';
import { formulaRows } from '../../webview/figures/formulaRows';
import { formulaOf } from './formulaFixture';
import { lstmInfo } from './reportFixture';

const plain = formulaOf(lstmInfo(0));
const full = formulaOf(lstmInfo(0, { layerNorm: true, peephole: true, projection: true }));
const lines = (formula: LstmFormula, selection: CellSelection): string[] =>
  formulaRows(formula, selection).map(({ symbol, text, note }) => `${symbol} | ${text} | ${note}`);

describe('formula of a signal', () => {
  test('a gate before its activation: both matmuls with their multipliers and biases', () => {
    expect(lines(plain, 'o_xh')).toEqual([
      'z_o | sat16(sat16((ΣW·x + b_x) ⊗ M_x) + (ΣR·h + b_h) ⊗ M_h) | int16',
      'M_x | 0.0076270 · 0.0078431 / 2⁻¹² = 0.24502 | 2,104,705,280 ≫ 33',
      'b_x | bias − (−1)·Σ_k W ∈ [1,013, 8,208] | int32, depth 120',
      'M_h | 0.0058148 · 0.0078402 / 2⁻¹² = 0.18673 | 1,604,027,136 ≫ 33',
      'b_h | ∈ [1,013, 8,208] | int32, depth 96',
    ]);
    // Without a peephole the sum goes by either name.
    expect(lines(plain, 'o_in')).toEqual(lines(plain, 'o_xh'));
    expect(lines(plain, 'o_x')).toEqual(['z_o | sat16((ΣW·x + b_x) ⊗ M_x) | int16', ...lines(plain, 'o_xh').slice(1, 3)]);
  });

  test('a runtime whose recurrent sum saturates on its own', () => {
    expect(lines({ ...plain, recurrentSaturatesAlone: true }, 'g_xh')[0]).toBe(
      'z_g | sat16(sat16((ΣW·x + b_x) ⊗ M_x) + sat16((ΣR·h + b_h) ⊗ M_h)) | int16',
    );
  });

  test('peephole, layer norm and activation', () => {
    expect(lines(full, 'o_in')[0]).toBe('z_o | sat16(z + (P·c) ⊗ M_c) | int16, z after + R·h');
    expect(lines(full, 'o_in')[1]).toMatch(/^M_c \| 0\.000011200 · 2⁻¹³ \/ 0\.00040540 = 3\.3\d+e−6 \| [\d,]+ ≫ 49$/);
    // The cell input has no peephole.
    expect(lines(full, 'g_in')[0]).toMatch(/^z_g \| sat16\(sat16\(/);
    expect(lines(full, 'o_ln').map((line) => line.split(' | ')[0])).toEqual(['n_o', 'r', 'M_γ', 'β', 'guard']);
    expect(lines(full, 'o')).toEqual(['o | σ(n_o), n_o in Q3.12 | Q0.15']);
    expect(lines(plain, 'g')).toEqual(['g | tanh(z_g), z_g in Q3.12 | Q0.15']);
    expect(lines(full, 'o_x')[2]).toMatch(/^b_x \| − \(−1\)·Σ_k W ∈/);
  });

  test('a coupled input gate has no arithmetic of its own', () => {
    expect(lines(formulaOf(lstmInfo(0, { cifg: true })), 'i')).toEqual(['i | 32,767 − f | Q0.15']);
  });

  test('states and outputs', () => {
    expect(lines(plain, 'c')).toEqual(['c | sat16(f·c ≫ 15 + i·g ≫ 17) | rounded shifts', 's_c | 2⁻¹³, Q2.13 | int16']);
    const products = {
      kind: 'multiplier',
      forget: { multiplier: 2 ** 30, shift: -14 },
      input: { multiplier: 2 ** 30, shift: -16 },
    } as const;
    expect(lines({ ...plain, cell: { exponent: -12, products, clip: 8192 } }, 'c')).toEqual([
      'c | sat16(sat16(f·c ⊗ M_f) + sat16(i·g ⊗ M_i)) | int16',
      'M_f | 0.000030518 | 1,073,741,824 ≫ 45',
      'M_i | 7.6294e−6 | 1,073,741,824 ≫ 47',
      's_c | 2⁻¹², Q3.12 | int16',
      'clip | ±2.00 | ±8,192',
    ]);
    expect(lines(plain, 'h')[0]).toBe('h | sat8(o·tanh(c) ⊗ M_m − 1) | int8');
    expect(lines(full, 'm')[0]).toBe('m | sat8(o·tanh(c) ⊗ M_m − 1) | int8');
    expect(lines(full, 'h')[0]).toBe('h | sat8((ΣW_p·m + b_p) ⊗ M_p − 1) | int8');
    expect(lines(full, 'h').at(-1)).toBe('clip | codes kept | −38 to 38');
    expect(lines(plain, 'W')[3]).toBe('o | one code: W 0.0076270, R 0.0058148 | int8');
    expect(lines(plain, 'x')).toEqual([]);
  });

  test('is a table with subscripts and its source', () => {
    const markup = renderToStaticMarkup(<FormulaList formula={plain} selection="o_xh" />);
    expect(markup).toContain('M<sub>x</sub>');
    expect(markup).toContain('arXiv 2101.05453');
    expect(renderToStaticMarkup(<FormulaList formula={plain} selection="x" />)).toBe('');
  });
});
