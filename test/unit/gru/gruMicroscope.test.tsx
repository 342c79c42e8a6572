import render from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { CellFigure } from '../../../webview/figures/CellFigure';
import { costsAbsent } from '../../../webview/figures/costsAbsent';
import { LedgerTable } from '../../../webview/figures/LedgerTable';
import { readSignal } from '../../../webview/figures/readings';
import { recurrentSignalRows } from '../../../webview/figures/recurrentSignalRows';
import { signalLabel } from '../../../webview/figures/signalNames';
import { answersOf, shownSelection } from '../../../webview/views/lstm/answers';
import { partOf, selectionOf } from '../../../webview/views/lstm/parts';
import { nextStage, stageLabel, stageOf, stagesOf } from '../../../webview/views/lstm/stages';
import type { RecurrentInfo } from '../../../worker/core/report/overview';
import { models, reportOf } from './gruRun';

const gru = (change: Partial<RecurrentInfo> = {}): RecurrentInfo => ({
  ...{ kind: 'gru', subgraph: 0, op: 1, name: 'gru', scheme: 'int8', input: 4, hidden: 6 },
  ...{ reset: 'after', direction: 'forward', gateActivation: 'SIGMOID', activation: 'TANH', gateClip: 0 },
  ...change,
});
const rnn = gru({ kind: 'rnn', reset: null, gateActivation: null });
const names = (stages: readonly { readonly signal: string }[]) => stages.map(({ signal }) => signal);

describe("a GRU's stages", () => {
  it('are what its gates go through, with what the candidate adds up', () => {
    expect(names(stagesOf(gru(), 'z'))).toEqual(['z_x', 'z_xh', 'z']);
    expect(names(stagesOf(gru({ gateClip: 3 }), 'r'))).toEqual(['r_x', 'r_xh', 'r_in', 'r']);
    expect(names(stagesOf(gru(), 'n_rh'))).toEqual(['n_x', 'n_h', 'n_rh', 'n_xh', 'n']);
    expect(names(stagesOf(gru({ reset: 'before' }), 'rh'))).toEqual(['n_x', 'rh', 'n_xh', 'n']);
    expect(names(stagesOf(gru(), 'h'))).toEqual(['h']);
    expect(names(stagesOf(rnn, 'h'))).toEqual(['a_x', 'a_xh', 'h']);
    expect(stageOf(gru(), 'z_in')).toBe('z_xh');
    expect(stageOf(gru(), 'c')).toBe(null);
    expect(stageLabel(gru(), 'n_xh')).toBe('n before tanh');
    expect(stageLabel(gru({ gateActivation: 'HardSigmoid(0.2, 0.5)' }), 'z_xh')).toBe('z before HardSigmoid(0.2, 0.5)');
  });

  it('come round again by key', () => {
    expect(nextStage(gru(), null, 'z')).toBe('z_xh');
    expect(nextStage(gru(), 'z_xh', 'z')).toBe('z');
    expect(nextStage(gru(), 'z', 'n')).toBe('n_xh');
    expect(nextStage(gru(), 'n', 'n')).toBe('n_x');
    expect(nextStage(gru(), null, 'h')).toBe('h');
    expect(nextStage(gru(), null, 'f')).toBe(null);
    expect(nextStage(rnn, null, 'a')).toBe('a_xh');
    expect(nextStage(rnn, null, 'z')).toBe(null);
  });

  it('belong to their parts', () => {
    expect(['rh', 'n_h', 'n_rh', 'z_x', 'h'].map((signal) => partOf(signal as 'rh'))).toEqual(['n', 'n', 'n', 'z', 'h']);
    expect(selectionOf(gru(), 'r')).toBe('r_xh');
    expect(selectionOf(gru(), 'h')).toBe('h');
  });
});

describe.each([
  [true, ['n_x', 'n_h', 'n_rh', 'n_in', 'n'], 'R·h alone, int16'],
  [false, ['n_x', 'rh', 'n_in', 'n'], 'at the int8 rails'],
])('the microscope on a GRU (reset after: %s)', (after, candidate, cause) => {
  const run = async () => {
    const { float, int8 } = models(after, false);
    const { layer, report } = await reportOf(int8, float);
    return { layer, report, info: report.recurrent![0]! };
  };

  it('has a box with figures for every part, named for a screen reader', async () => {
    const { layer, info } = await run();
    const html = render(<CellFigure lstm={info} layer={layer} width={812} selected="n_xh" onSelect={() => undefined} />);
    const boxes = [...html.matchAll(/data-box="(\w+)"/g)].map(([, id]) => id);
    expect(boxes).toEqual(['W', 'x', 'h_prev', 'z_in', 'z', 'r_in', 'r', ...candidate.slice(after ? 1 : 1, after ? 3 : 2), 'n_x', 'n_in', 'n', 'h']); // prettier-ignore
    const labels = [...html.matchAll(/aria-label="([^"]+)"/g)].map(([, label]) => label!);
    for (const id of ['update gate z, before sigmoid', 'reset gate r, after sigmoid', 'candidate n, before tanh', 'output h'])
      expect(
        labels.some((label) => label.startsWith(`${id}, SQNR`)),
        id,
      ).toBe(true);
    expect(labels.find((label) => label.startsWith('output h'))).toMatch(/at a rail, gain \+\d+\.\d.dB, rank 1$/);
    // The sum has no signal of its own name: its box is marked.
    expect(html).toMatch(/data-box="n_in"[^>]*aria-pressed="true"|aria-pressed="true"[^>]*data-box="n_in"/);
    expect(html).toContain('GRU cell');
  });

  it('has a ledger of its parts, costs below, and every number of it in the report', async () => {
    const { layer } = await run();
    const html = render(<LedgerTable lstm={layer.lstm!} />);
    const heads = [...html.matchAll(/<th scope="col"[^>]*>([^<]+)<\/th>/g)].map(([, text]) => text);
    expect(heads).toEqual(['lost at', 'W', 'x', 'z', 'r', 'n', 'h']);
    expect(html).toContain(cause);
    expect(html).toContain('costs, dB');
    const row = layer.lstm!.ledger.find(({ label }) => label === cause)!;
    expect(row.absent).toBe(null);
    expect(row.entries.map(({ part, signal }) => [part, signal])).toEqual(
      after ? [['n', 'n_h']] : [['x', 'x'], ['n', 'rh'], ['h', 'h']],
    ); // prettier-ignore
    const all = layer.lstm!.ledger.flatMap(({ entries }) => entries);
    for (const { signal, count } of all.filter((entry) => entry.signal !== null)) {
      const figures = layer.signals.find((one) => one.signal === signal)!;
      expect(count).toBe(figures.flat ? figures.flat.low + figures.flat.high : figures.rails!.low + figures.rails!.high);
    }
    expect(layer.lstm!.divergence).toHaveLength(1);
    expect(['update', 'reset', 'candidate', undefined]).toContain(layer.lstm!.divergence![0]?.gate?.gate);
  });

  it('says where each signal comes from, in its own numbers', async () => {
    const { layer } = await run();
    const formula = layer.lstm!.recurrentFormula!;
    for (const { signal } of layer.signals) {
      const rows = recurrentSignalRows(formula, signal);
      expect(rows.length, signal).toBe(signal === 'x' ? 0 : rows.length || 1);
    }
    const symbols = (signal: string) => recurrentSignalRows(formula, signal).map(({ symbol }) => symbol);
    expect(symbols('z_x')).toEqual(['z', 'M_xz', 'b, W_z']);
    expect(symbols('r_xh')).toEqual(['r', 'M_xr', 'b, W_r', 'M_hr', 'b, R_r']);
    expect(symbols(after ? 'n_h' : 'rh')).toEqual(after ? ['n', 'M_hn', 'b, R_n'] : ['r·h']);
    expect(symbols('h')).toEqual(['h', 'M_q', 'M_o']);
    expect(symbols('W')).toEqual(['z', 'r', 'n']);
  });

  it('answers with its costs, and opens at what loses most', async () => {
    const { layer, info } = await run();
    const { causes, gate, saturation } = answersOf(layer, 'forward');
    expect(causes[0]?.part).toBe('h');
    expect(['z', 'r', 'n']).toContain(gate?.part);
    expect(saturation?.signal.lostAtRails).not.toBe(null);
    // A selection of another kind of cell is not one of this.
    expect(shownSelection(info, layer, 'forward', 'c')).toBe(shownSelection(info, layer, 'forward', null));
    expect(shownSelection(info, layer, 'forward', 'z')).toBe('z');
    const labels = layer.signals.map(({ signal }) => signalLabel(signal));
    expect(new Set(labels).size).toBe(labels.length);
    const reading = (name: string) =>
      readSignal(
        layer,
        layer.signals.find(({ signal }) => signal === name)!,
      ).rest;
    expect(reading('z')).toMatch(/0 or 1/);
    expect(reading('n')).toMatch(/−1 or 1/);
  });
});

describe('costs that were not measured', () => {
  it('are said to be, with the reason', async () => {
    const { layer } = await reportOf(models(true, false).int8, models(true, false).float);
    const without = { ...layer, lstm: { ...layer.lstm!, costs: null } };
    expect(costsAbsent(gru(), layer, 'int8')).toBe(null);
    expect(costsAbsent(gru({ scheme: 'hybrid' }), without, 'hybrid')).toContain('computes in reals (hybrid)');
    expect(costsAbsent(gru(), without, 'int8')).toContain('no counterpart');
    expect(costsAbsent(gru(), without, null)).toBe(null);
  });
});
