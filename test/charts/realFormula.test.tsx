import { renderToStaticMarkup } from 'preact-render-to-string';
import { describe, expect, test } from 'vitest';
import type { RealGateFormula, RealLstmFormula } from '../../worker/core/lstm/float/realFormula';
import type { CellSelection } from '../../webview/figures/CellFigure';
import { FormulaList, formulaOf } from '../../webview/figures/FormulaList';
import { realFormulaRows, realFormulaSigns } from '../../webview/figures/realFormulaRows';

const gate = (name: RealGateFormula['gate']): RealGateFormula => ({
  gate: name,
  input: { depth: 120, codes: { dtype: 'int8', scales: [0.007627, 0.007627], zeroPoint: 0 } },
  recurrent: { depth: 96, codes: { dtype: 'int8', scales: [0.0058148, 0.0058148], zeroPoint: 0 } },
  peephole: null,
  layerNorm: null,
  bias: [-0.5, 1.25],
});

const hybrid: RealLstmFormula = {
  arithmetic: 'hybrid',
  gates: [gate('input'), gate('forget'), gate('cell'), gate('output')],
  asymmetric: false,
  lateBias: false,
  activations: { gates: 'SIGMOID', cell: 'TANH', hidden: 'TANH' },
  gateClip: 0,
  cellClip: 10,
  projection: null,
  source: 'kernels',
};

const lines = (formula: RealLstmFormula, selection: CellSelection): string[] =>
  realFormulaRows(formula, selection).map(({ symbol, text, note }) => `${symbol} | ${text} | ${note}`);

describe('formula of a signal that is computed in reals', () => {
  test('hybrid: both sums of codes with the scales of the file, and how data becomes codes', () => {
    expect(lines(hybrid, 'o_xh')).toEqual([
      'z_o | b + s_W·s_x·ΣW·q(x) + s_R·s_h·ΣR·q(h) | float32',
      's_W | 0.0076270 | int8, depth 120',
      's_R | 0.0058148 | int8, depth 96',
      'q(x) | round half away from 0(x / s_x) | int8, ±127',
      's_x | max|x| / 127, of h likewise | each row, each step',
      'b | ∈ [−0.500, 1.25] | float32',
    ]);
    expect(lines(hybrid, 'o_in')).toEqual(lines(hybrid, 'o_xh'));
    expect(lines(hybrid, 'o')).toEqual(['o | σ(z_o) | float32']);
    expect(lines(hybrid, 'c')).toEqual(['c | f·c + i·g | float32', 'clip | ±10 | kept within']);
    expect(lines(hybrid, 'x')).toEqual([]);
  });

  test('dynamic: zero points on both sides, the bias last, x in one scale for a whole call', () => {
    const uint8 = { dtype: 'uint8', scales: [0.01, 0.01], zeroPoint: 128 } as const;
    const output: RealGateFormula = {
      ...gate('output'),
      input: { depth: 40, codes: uint8 },
      recurrent: { depth: 96, codes: uint8 },
    };
    const dynamic: RealLstmFormula = { ...hybrid, arithmetic: 'dynamic', asymmetric: true, lateBias: true, gates: [output] };
    expect(lines(dynamic, 'o_xh').slice(0, 4)).toEqual([
      'z_o | s_W·s_x·Σ(W − z_W)·(q(x) − z_x) + s_R·s_h·Σ(R − z_R)·(q(h) − z_h) + b | float32',
      's_W | 0.010000, z_W = 128 | uint8, depth 40',
      's_R | 0.010000, z_R = 128 | uint8, depth 96',
      'q(x) | clamp(round half to even(x / s_x) + z_x) | uint8',
    ]);
    // With CIFG the input gate has no sums.
    expect(lines(dynamic, 'i')).toEqual(['i | 1 − f | float32']);
  });

  test('float, with layer norm and projection', () => {
    const real = { depth: 8, codes: null };
    const full: RealLstmFormula = {
      ...hybrid,
      arithmetic: 'float',
      gates: [{ ...gate('forget'), input: real, recurrent: real, layerNorm: [0.5, 2], peephole: [-1, 1] }],
      projection: { ...real, bias: null, clip: 0 },
    };
    expect(lines(full, 'f_xh')[0]).toBe('z_f | W·x + R·h | float32');
    expect(lines(full, 'f_ln')[0]).toBe('n_f | γ·(z_f − mean) / √(variance + 10⁻⁸) + β | float32');
    expect(lines(full, 'f_in')).toEqual(['z_f | z + P·c, z after + R·h | P ∈ [−1.00, 1.00]']);
    expect(lines(full, 'h')[0]).toBe('h | P·m | float32');
    expect(realFormulaSigns(full)).toBe('All in float32.');
  });

  test('the list names the arithmetic and its source; the backward cell has its own', () => {
    const markup = renderToStaticMarkup(<FormulaList formula={hybrid} selection="o_xh" />);
    expect(markup).toContain('Hybrid arithmetic');
    expect(markup).toContain('s<sub>W</sub>');
    expect(markup).toContain('kernels.');
    const lstm = { name: '', ledger: [], costs: null, costSteps: null, formula: null };
    const both = { ...lstm, realFormulas: [hybrid, { ...hybrid, source: 'second' }] };
    expect(formulaOf(both, 'backward')?.source).toBe('second');
    expect(formulaOf(lstm, 'forward')).toBeNull();
  });
});
