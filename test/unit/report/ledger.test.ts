import { describe, expect, it } from 'vitest';
import type { CellPlan } from '../../../worker/core/analysis/layerPlan';
import type { CellSums } from '../../../worker/core/analysis/layerSums';
import { addSignal, emptySignal, type SignalFormat } from '../../../worker/core/analysis/signalSums';
import type { SignalName } from '../../../worker/core/lstm/signals';
import { lossLedger } from '../../../worker/core/report/ledger';
import type { LstmInfo } from '../../../worker/core/report/overview';
import { lstmInfo } from './reportParts';

const format = (activation: SignalFormat['activation']): SignalFormat => ({
  dtype: 'int16',
  quantization: { scales: Float32Array.of(2 ** -12), zeroPoints: Float64Array.of(0) },
  activation,
});
const q15 = { scales: Float32Array.of(2 ** -15), zeroPoints: Float64Array.of(0) };

/** A cell with these signals, each of four values of which the first `lost` are at the high end. */
function cell(lost: Partial<Record<SignalName, number>>): { plan: CellPlan; sums: CellSums } {
  const names = Object.keys(lost) as SignalName[];
  const activationOf = (name: SignalName) =>
    name === 'i' || name === 'f' || name === 'o' ? 'sigmoid' : name === 'g' || name === 'tanh_c' ? 'tanh' : null;
  const formatOf = (name: SignalName) => {
    const activation = activationOf(name);
    return activation === null ? format(null) : { ...format(activation), quantization: q15 };
  };
  return {
    plan: {
      direction: null,
      signals: names.map((name) => ({ name, gate: null, size: 4, format: formatOf(name), sameAs: null })),
    },
    sums: {
      signals: names.map((name) => {
        const signal = emptySignal(formatOf(name), true);
        addSignal(
          signal,
          Float32Array.from({ length: 4 }, (_, i) => (i < lost[name]! ? 9 : 0)),
          Int16Array.from({ length: 4 }, (_, i) => (i < lost[name]! ? 32767 : 100)),
          null,
        );
        return signal;
      }),
      losses: { cellClipped: 2, projectionClipped: 1, layerNormOverflow: { input: 0, forget: 0, cell: 3, output: 0 } },
    },
  };
}

const PLAIN = { x: 1, i_x: 0, g_x: 2, i_xh: 1, g_xh: 3, i_in: 1, g_in: 3, i: 2, g: 1, c: 1, tanh_c: 4, h: 2, m: 1 } as const;
const ledger = (info: Partial<LstmInfo>, lost: Partial<Record<SignalName, number>> = PLAIN, cells = 1) => {
  const rows = lossLedger({
    info: lstmInfo(info),
    cells: Array.from({ length: cells }, () => cell(lost)),
    weightRails: { count: 5, values: 80 },
  });
  return Object.fromEntries(rows.map((row) => [row.cause, row]));
};

describe('ledger of an integer LSTM', () => {
  it('counts each cause at the part where it acts', () => {
    const rows = ledger({});
    expect(rows['int8-rails']?.entries).toEqual([
      { part: 'x', signal: 'x', count: 1, lost: 1, values: 4 },
      { part: 'h', signal: 'h', count: 2, lost: 2, values: 4 },
    ]);
    expect(rows['after-input']?.entries).toEqual([
      { part: 'i', signal: 'i_x', count: 0, lost: 0, values: 4 },
      { part: 'g', signal: 'g_x', count: 2, lost: 2, values: 4 },
    ]);
    expect(rows['after-recurrent']?.entries.map(({ count }) => count)).toEqual([1, 3]);
    expect(rows['cell-add']?.entries).toEqual([{ part: 'c', signal: 'c', count: 1, lost: 1, values: 4 }]);
    expect(rows.flat?.entries).toEqual([
      { part: 'i', signal: 'i', count: 2, lost: 0, values: 4 },
      { part: 'g', signal: 'g', count: 1, lost: 0, values: 4 },
      { part: 'c', signal: 'tanh_c', count: 4, lost: 0, values: 4 },
    ]);
    expect(rows['weight-rails']?.entries).toEqual([{ part: 'W', signal: null, count: 5, lost: 0, values: 80 }]);
  });

  it('does not call flat activations or weights at the rail a loss', () => {
    const rows = Object.values(ledger({}));
    expect(rows.filter(({ loss }) => !loss).map(({ cause }) => cause)).toEqual(['weight-rails', 'flat']);
  });

  it('says which causes are not in this cell', () => {
    const rows = ledger({});
    for (const cause of [
      'after-peephole',
      'after-layer-norm',
      'layer-norm-overflow',
      'hidden-rails',
      'projection-clip',
      'cell-clip',
    ]) {
      expect(rows[cause]).toMatchObject({ absent: 'not in this cell', entries: [] });
    }
  });

  it('has peephole, layer norm, hidden and clips where the cell has them', () => {
    const rows = ledger(
      { peephole: true, layerNorm: true, projection: true, cellClip: 2, projectionClip: 0.5 },
      { ...PLAIN, i_ln: 1, g_ln: 2 },
    );
    // The cell input has no peephole.
    expect(rows['after-peephole']?.entries).toEqual([{ part: 'i', signal: 'i_in', count: 1, lost: 1, values: 4 }]);
    expect(rows['after-layer-norm']?.entries.map(({ signal, count }) => [signal, count])).toEqual([['i_ln', 1], ['g_ln', 2]]); // prettier-ignore
    expect(rows['layer-norm-overflow']?.entries.map(({ part, count }) => [part, count])).toEqual([['i', 0], ['g', 3]]); // prettier-ignore
    expect(rows['hidden-rails']?.entries).toEqual([{ part: 'm', signal: 'm', count: 1, lost: 1, values: 4 }]);
    expect(rows['cell-clip']).toMatchObject({ label: 'cell clip ±2', entries: [{ part: 'c', count: 2, values: 4 }] });
    expect(rows['projection-clip']).toMatchObject({ label: 'projection clip ±0.5', entries: [{ part: 'h', count: 1 }] });
  });

  it('knows a clip that lies outside the range of the cell', () => {
    expect(ledger({ cellClip: 10, cellIntegerBits: 3 })['cell-clip']).toMatchObject({ absent: 'inert', label: 'cell clip ±10' });
    expect(ledger({ cellClip: 7.9, cellIntegerBits: 3 })['cell-clip']).toMatchObject({ absent: null });
  });

  it('loses nothing at rails that float does not go beyond', () => {
    const black = emptySignal(format(null), true);
    addSignal(black, Float32Array.of(-8, -8, 0, 7.9), Int16Array.of(-32768, -32768, 0, 32767), null);
    const plan = { direction: null, signals: [{ name: 'x' as const, gate: null, size: 4, format: format(null), sameAs: null }] };
    const losses = { cellClipped: 0, projectionClipped: 0, layerNormOverflow: { input: 0, forget: 0, cell: 0, output: 0 } };
    const [row] = lossLedger({ info: lstmInfo(), cells: [{ plan, sums: { signals: [black], losses } }], weightRails: null });
    expect(row?.entries).toEqual([{ part: 'x', signal: 'x', count: 3, lost: 0, values: 4 }]);
  });

  it('counts both cells of a bidirectional operator together', () => {
    expect(ledger({ bidirectional: true }, PLAIN, 2)['cell-add']?.entries).toEqual([
      { part: 'c', signal: 'c', count: 2, lost: 2, values: 8 },
    ]);
  });

  it('has no rails without integers', () => {
    expect(ledger({ scheme: 'hybrid' })['after-input']).toMatchObject({ absent: 'hybrid arithmetic', entries: [] });
    expect(ledger({ scheme: 'hybrid' }).flat?.absent).toBeNull();
  });
});
