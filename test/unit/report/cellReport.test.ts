import { describe, expect, it } from 'vitest';
import { cellRole, cellRows, worstOperator } from '../../../webview/figures/cellRows';
import { recogniseLstms } from '../../../worker/core/recognise/recogniseLstms';
import { cellReports, cellsAgain } from '../../../worker/core/report/cellReport';
import { recognisedInfos } from '../../../worker/core/report/recognisedInfo';
import type { ErrorStats, LayerReport } from '../../../worker/core/report/report';
import { unrolledModel } from '../recognise/unrolledModel';

const MODEL = unrolledModel({
  ...{ steps: 3, batch: 1, input: 2, cell: 4, order: { input: 3, forget: 0, cell: 1, output: 2 }, isJoined: false },
  ...{ isBackward: false, gives: 'last', weights: [0.3, -0.7, 0.9, 0.1, -0.4] },
});
const graph = MODEL.graphs[0]!;
const nameOf = (operator: number | undefined) => graph.tensors[graph.operators[operator ?? -1]?.outputs[0] ?? -1]?.name;

/** A layer of 4 values, of an RMS of 1 as float, with this RMS error. */
function layer(index: number, rmse: number): LayerReport {
  const error: ErrorStats = {
    ...{ values: 4, exact: rmse === 0, sqnrDb: rmse === 0 ? null : -20 * Math.log10(rmse), rmse, maxAbs: 2 * rmse },
    ...{ cosine: 1, meanError: 0 },
  };
  const signals = [{ noiseFloor: { float16Rmse: 2 ** -11, float32Rmse: 2 ** -24 } }] as unknown as LayerReport['signals'];
  return {
    ...{ subgraph: 0, index, op: '', name: '', shape: [], dtype: 'int8', quantization: null, local: null, lstm: null },
    ...{ accumulated: error, saturation: { total: 2, values: 4 }, lostAtRails: 1, signals },
  };
}

describe('an LSTM in small operators', () => {
  it('has an operator for each signal of each step', () => {
    const [{ signals = [] } = {}] = recogniseLstms(MODEL);
    const names = Object.fromEntries(signals.map(({ signal, operators }) => [signal, operators.map(([first]) => nameOf(first))]));
    const steps = (name: string) => [0, 1, 2].map((step) => `${name}_${step}`);
    expect(names).toEqual({
      ...{ sum: steps('sum'), i: steps('input'), f: steps('forget'), g: steps('cell'), o: steps('output') },
      ...{ c: steps('c'), tanh_c: steps('tanh_c'), h: steps('hidden') },
    });
  });

  it('has the figures of its operators, added up over the steps', () => {
    const infos = recognisedInfos(MODEL);
    const forget = infos[0]!.signals!.find(({ signal }) => signal === 'f')!.operators.flat();
    const layers = forget.map((index, step) => layer(index, [0, 0.3, 0.4][step]!));
    const cells = cellReports(infos, layers);
    const signals = new Map(cells[0]!.signals.map((signal) => [signal.signal, signal]));
    const f = signals.get('f')!;
    expect(f).toMatchObject({ values: 12, atRails: 6, lostAtRails: 3, local: null });
    expect(f.accumulated).toMatchObject({ exact: false, maxAbs: 0.8, worstStep: 2 });
    // Errors of 0, 0.09 and 0.16 beside a power of 1 in each step.
    expect(f.accumulated?.rmse).toBeCloseTo(Math.sqrt(0.25 / 3), 12);
    expect(f.accumulated?.sqnrDb).toBeCloseTo(10 * Math.log10(3 / 0.25), 9);
    expect(signals.get('h')).toMatchObject({ values: 0, accumulated: null });
    expect(worstOperator(f)).toBe(forget[2]);
    expect(cellRows(cells[0]!)[2]).toEqual(['f after σ', '–', '10.8', '3', '50.0\u00a0%', '25.0\u00a0%']);
    expect(cellRole(infos, 0, forget[1]!)).toMatch(/step 2: f after σ$/);
    // Merged reports have other layers: the same cells again.
    expect(cellsAgain({ cells, layers })).toEqual({ cells });
    expect(cellsAgain({ layers })).toEqual({});
  });
});
