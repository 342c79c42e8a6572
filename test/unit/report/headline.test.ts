import { describe, expect, it } from 'vitest';
import { headlineOf } from '../../../worker/core/report/headline';
import type { LedgerRow, SampleReport } from '../../../worker/core/report/report';
import { errors, layer, lstmInfo, lstmReport, report } from './reportParts';

const logits = (sqnrDb: number | null, exact = false) => layer('logits', { accumulated: errors(sqnrDb, exact) });
const samples = (count: number): SampleReport[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    name: 's',
    steps: 1,
    sqnrDb: null,
    expected: '1',
    float: '1',
    quantized: '1',
  }));
const rails = (part: 'o' | 'g', count: number): LedgerRow => ({
  cause: 'after-recurrent',
  label: '',
  loss: true,
  absent: null,
  entries: [{ part, signal: `${part}_xh`, count, lost: count, values: 1000 }],
});

describe('headline', () => {
  it('says how well the output follows float', () => {
    expect(headlineOf(report({ layers: [logits(36.94)] }), 0)).toEqual(['int8 follows float with 36.9 dB SQNR at logits.']);
    expect(headlineOf(report({ layers: [logits(-2.04)] }), 0)).toEqual(['int8 does not follow float: −2.0 dB SQNR at logits.']);
    expect(headlineOf(report({ layers: [logits(null, true)] }), 0)).toEqual(['int8 equals float at logits.']);
    expect(headlineOf(report({ layers: [logits(null)] }), 0)[0]).toMatch(/where float is zero throughout/);
    expect(headlineOf(report({ layers: [layer('logits')] }), 0)[0]).toMatch(/no float counterpart/);
  });

  it('names an LSTM by its short name', () => {
    const lstm = layer('Identity', { accumulated: errors(30), lstm: lstmReport({}), index: 2 });
    expect(headlineOf(report({ layers: [lstm], lstms: [lstmInfo({ op: 2, name: 'lstm1' })] }), 0)[0]).toMatch(/at lstm1\.$/);
  });

  it('compares nothing for a float model', () => {
    expect(headlineOf(report({ quantizedPath: null, layers: [layer('logits')] }), 0)).toEqual([
      'Float model: ranges and histograms only, nothing to compare.',
    ]);
  });

  it('ranks parts by cost, and says when saturation is loud but cheap', () => {
    const costs = [
      { part: 'W', gainDb: 2.8 },
      { part: 'x', gainDb: 2.5 },
      { part: 'o', gainDb: 0.04 },
      { part: 'g', gainDb: 2.51 },
      { part: 'h', gainDb: 0.4 },
    ] as const;
    const withLoss = (row: LedgerRow) =>
      headlineOf(report({ layers: [layer('h', { accumulated: errors(36.9), lstm: lstmReport({ costs, ledger: [row] }) })] }), 0);
    expect(withLoss(rails('o', 275))[1]).toBe('Weights, gate g and input x cost most; saturation costs almost nothing.');
    expect(withLoss(rails('g', 9))[1]).toBe('Weights, gate g and input x cost most.');
    const single = (part: 'W' | 'x') => lstmReport({ costs: [{ part, gainDb: 1 }] });
    const lone = (part: 'W' | 'x') =>
      headlineOf(report({ layers: [layer('h', { accumulated: errors(30), lstm: single(part) })] }), 0)[1];
    expect([lone('W'), lone('x')]).toEqual(['Weights cost most.', 'Input x costs most.']);
    expect(withLoss(rails('o', 0))[1]).toBe('Weights, gate g and input x cost most.');
  });

  it('asks the LSTM that adds most error itself where there are several', () => {
    const lstm = (index: number, local: number, part: 'x' | 'h') =>
      layer('', { index, local: errors(local), lstm: lstmReport({ costs: [{ part, gainDb: 9 }] }) });
    const layers = [lstm(0, 4, 'x'), lstm(1, 16, 'h'), logits(8)];
    const lstms = [lstmInfo({ op: 0, name: 'lstm0' }), lstmInfo({ op: 1, name: 'lstm1' })];
    expect(headlineOf(report({ layers, lstms }), 2)[1]).toBe('In lstm0, input x costs most.');
  });

  it('calls int16 activations by their name', () => {
    const model = { ...report().model, scheme: '16x8' } as const;
    expect(headlineOf(report({ model, layers: [logits(70)] }), 0)[0]).toBe('16x8 follows float with 70.0 dB SQNR at logits.');
  });

  it('says where values are lost at the rails, worst first', () => {
    const lost = (count: number) => ({ saturation: { total: 600, values: 1000 }, lostAtRails: count });
    const features = layer('features', { op: 'INPUT', ...lost(383) });
    const logits = layer('logits;BiasAdd', { accumulated: errors(3), ...lost(44) });
    const relu = layer('relu', lost(21));
    // At the rails, as float is: nothing is lost.
    const black = layer('image', { op: 'INPUT', ...lost(0) });
    expect(headlineOf(report({ inputs: [features, black], layers: [logits, relu] }), 0).slice(1)).toEqual([
      '38.3 % of the values of input features are at the rails: 383 of 1,000.',
      '4.4 % of the values of logits are at the rails: 44 of 1,000.',
    ]);
    expect(headlineOf(report({ layers: [relu] }), null).at(-1)).toBe(
      '2.1 % of the values of relu are at the rails: 21 of 1,000.',
    );
    expect(headlineOf(report({ inputs: [black], layers: [layer('few', lost(9))] }), null).at(-1)).toMatch(
      /no float counterpart|ran, but/,
    );
  });

  it('counts what was recognised', () => {
    const matrix = { parts: 'characters', confusion: null, flips: null } as const;
    const task = { kind: 'ctc-greedy', unit: 'digits', labels: '', total: 36, floatErrors: 0, floatRight: 8, ...matrix } as const;
    const perSample = samples(8);
    const layers = [logits(30)];
    expect(headlineOf(report({ layers, perSample, task: { ...task, quantizedErrors: 12, quantizedRight: 3 } }), 0).at(-1)).toBe(
      'int8 gets 3 of 8 samples right (12 errors in 36 digits), float 8 (0 errors in 36 digits).',
    );
    expect(headlineOf(report({ layers, perSample, task: { ...task, quantizedErrors: 0, quantizedRight: 8 } }), 0).at(-1)).toBe(
      'Both paths get 8 of 8 samples right (0 errors in 36 digits).',
    );
    const digits = {
      ...task,
      kind: 'classification',
      unit: 'samples',
      total: 8,
      quantizedErrors: null,
      quantizedRight: null,
    } as const;
    expect(headlineOf(report({ layers, perSample, quantizedPath: null, task: digits }), 0).at(-1)).toBe(
      'float gets 8 of 8 samples right.',
    );
  });

  it('begins with what limits all other figures', () => {
    const lines = headlineOf(
      report({ complete: false, requestedSamples: 24, layers: [logits(30)], data: { label: '', files: [], synthetic: true } }),
      0,
    );
    expect(lines.slice(0, 2)).toEqual([
      'Stopped after 8 of 24 samples. Figures cover those 8.',
      'Synthetic data: ranges only, not accuracy.',
    ]);
    const covered = [0, 1, 2, 5, 7, 8].map((index) => ({ ...samples(1)[0]!, index }));
    expect(headlineOf(report({ complete: false, samples: 6, requestedSamples: 24, perSample: covered }), null)[0]).toBe(
      'Stopped after 6 of 24 samples. Figures cover samples 1 to 3, 6 and 8 to 9.',
    );
    expect(headlineOf(report({ complete: false, samples: 0, requestedSamples: 1, layers: [layer('logits')] }), 0)).toEqual([
      'Stopped after 0 of 1 sample. Figures cover those 0.',
    ]);
  });
});
