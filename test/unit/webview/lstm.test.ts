import { describe, expect, it } from 'vitest';
import { binText } from '../../../webview/views/binText';
import { answersOf, defaultSelection } from '../../../webview/views/lstm/answers';
import { costOf, partOf, selectionOf } from '../../../webview/views/lstm/parts';
import { beforeActivation, figuresOf, nextStage, stageOf, stagesOf } from '../../../webview/views/lstm/stages';
import { lstmInfo, lstmLayer } from '../../charts/reportFixture';

const plain = lstmInfo(0);
const full = lstmInfo(0, { layerNorm: true, peephole: true, projection: true });
const coupled = lstmInfo(0, { cifg: true });
const names = (stages: readonly { readonly signal: string }[]) => stages.map(({ signal }) => signal);

describe('stages', () => {
  it('are those that the topology has', () => {
    expect(names(stagesOf(plain, 'o'))).toEqual(['o_x', 'o_xh', 'o']);
    expect(names(stagesOf(full, 'o_in'))).toEqual(['o_x', 'o_xh', 'o_in', 'o_ln', 'o']);
    // The cell input has no peephole.
    expect(names(stagesOf(full, 'g'))).toEqual(['g_x', 'g_xh', 'g_ln', 'g']);
    expect(names(stagesOf(coupled, 'i_in'))).toEqual(['i']);
    expect(names(stagesOf(plain, 'tanh_c'))).toEqual(['c', 'tanh_c']);
    expect(names(stagesOf(full, 'h'))).toEqual(['m', 'h']);
    expect(names(stagesOf(plain, 'h'))).toEqual(['h']);
    expect(names(stagesOf(plain, 'x'))).toEqual(['x']);
  });

  it('name the sum o_in as o_xh where there is no peephole', () => {
    expect(stageOf(plain, 'o_in')).toBe('o_xh');
    expect(stageOf(full, 'o_in')).toBe('o_in');
    expect(stageOf(full, 'g_in')).toBe('g_xh');
    expect(stageOf(plain, 'W')).toBe(null);
    expect(beforeActivation(plain, 'o')).toBe('o_xh');
    expect(beforeActivation(full, 'o')).toBe('o_ln');
    expect(beforeActivation(coupled, 'i')).toBe('i');
  });

  it('find their figures under either name', () => {
    const layer = lstmLayer(plain, 0);
    expect(figuresOf(layer, 'o_xh')?.signal).toBe('o_xh');
    const onlyIn = { ...layer, signals: layer.signals.filter(({ signal }) => !signal.endsWith('_xh')) };
    expect(figuresOf(onlyIn, 'o_xh')?.signal).toBe('o_in');
    expect(figuresOf(layer, 'm')).toBe(null);
  });

  it('come round again by key', () => {
    expect(nextStage(plain, null, 'g')).toBe('g_xh');
    expect(nextStage(plain, 'g_xh', 'g')).toBe('g');
    expect(nextStage(plain, 'g', 'g')).toBe('g_x');
    expect(nextStage(plain, 'g', 'f')).toBe('f_xh');
    expect(nextStage(coupled, null, 'i')).toBe('i');
    expect(nextStage(plain, null, 'z')).toBe(null);
  });
});

describe('answers', () => {
  const layer = lstmLayer(plain, 0);

  it('rank causes and gates apart, by what they gain in float', () => {
    const { causes, gate } = answersOf(layer, 'forward');
    expect(causes.map(({ part }) => part)).toEqual(['W', 'x']);
    expect(gate).toEqual({ part: 'g', gainDb: 2.5 });
  });

  it('put the largest saturation and its cost together', () => {
    const { saturation } = answersOf(layer, 'forward');
    // Gate o is widest in the fixture; its rails lie in the flat part of σ.
    expect(saturation?.signal.gate).toBe('output');
    expect(saturation?.costDb).toBe(-0.01);
    const rails = saturation?.signal.rails;
    expect(saturation?.count).toBe((rails?.low ?? 0) + (rails?.high ?? 0));
  });

  it('are empty where nothing was measured', () => {
    const quiet = { ...layer, signals: [], lstm: layer.lstm && { ...layer.lstm, costs: null } };
    expect(answersOf(quiet, 'forward')).toEqual({ causes: [], gate: null, saturation: null });
  });

  it('open what loses most, else what costs most, else the cell', () => {
    expect(defaultSelection(plain, layer, 'forward')).toMatch(/^o_/);
    // Weights cost most in the fixture, but have no histogram; then the input.
    const calm = { ...layer, signals: [] };
    expect(defaultSelection(plain, calm, 'forward')).toBe('x');
    const free = { ...calm, lstm: calm.lstm && { ...calm.lstm, costs: [{ part: 'g' as const, gainDb: 0.1 }] } };
    expect(defaultSelection(plain, free, 'forward')).toBe('c');
  });
});

describe('binText', () => {
  const signal = lstmLayer(plain, 0).signals.find((other) => other.signal === 'c');
  if (!signal) throw new Error('The fixture has a cell.');

  it('gives the real range, every code in it, and both counts', () => {
    const { edges, float, int8 } = signal.histogram;
    const bin = float.findIndex((number) => number > 20);
    const text = binText(signal, bin, 'int8') ?? '';
    const [, first, last] = /codes (−?[\d,]+) to (−?[\d,]+): float (\d+), int8 (\d+)$/.exec(text) ?? [];
    const code = (digits = '') => Number(digits.replace('−', '-').replaceAll(',', ''));
    const width = Math.round(((edges[1] ?? 0) - (edges[0] ?? 0)) * 2 ** 13);
    expect(code(last) - code(first) + 1).toBe(width);
    expect(text.endsWith(`float ${float[bin]}, int8 ${int8?.[bin]}`)).toBe(true);
  });

  it('says nothing of the other path where there is none, nor of a bin that does not exist', () => {
    expect(binText(signal, 0, null)).not.toContain('int8');
    expect(binText(signal, 1_000, 'int8')).toBe(null);
  });
});

describe('parts', () => {
  it('belong to signals and lead to them', () => {
    expect(['x', 'o_ln', 'g', 'c', 'tanh_c', 'm', 'h'].map((signal) => partOf(signal as 'x'))).toEqual([
      'x',
      'o',
      'g',
      'c',
      'c',
      'm',
      'h',
    ]);
    expect(selectionOf(full, 'o')).toBe('o_ln');
    expect(selectionOf(full, 'W')).toBe('W');
    expect(costOf(lstmLayer(plain, 0).lstm, 'h')).toBe(0.4);
    expect(costOf(null, 'h')).toBe(null);
  });
});
