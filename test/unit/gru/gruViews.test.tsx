import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recurrentRows } from '../../../webview/figures/recurrentRows';
import { recurrentNotes } from '../../../webview/figures/recurrentText';
import { lintModel } from '../../../worker/core/findings/lintModel';
import { readModel } from '../../../worker/core/formats/readModel';
import { operatorDetail } from '../../../worker/core/formula/operatorDetail';
import { GRU_OPERANDS } from '../../../worker/core/model/gruOperands';
import type { Model } from '../../../worker/core/model/model';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { mapTargets } from '../../../worker/core/targets/mapTargets';
import { renderHtmlReport } from '../../../worker/export/htmlReport';
import { renderMarkdownReport } from '../../../worker/export/markdownReport';
import { fuseFile } from '../../../worker/fuseFile';
import { describeShared } from '../../shared';
import { HIDDEN, INPUT, models, reportOf } from './gruRun';

const gruOf = ({ graphs }: Model) => graphs[0]!.operators.find(({ name }) => name === 'GRU')!;
const detailOf = (model: Model) => operatorDetail(model, { subgraph: 0, op: gruOf(model).index, persona: 'tflite' }).recurrent!;

describe('a GRU as a layer of its own', () => {
  it.each([
    [true, 'reset after the product, forward', 'tanh(W_n·x + b_n + r·(R_n·h + c_n))'],
    [false, 'reset before the product, forward', 'tanh(W_n·x + R_n·(r·h) + b_n)'],
  ])('is listed with its form and its formula in reals (reset after: %s)', (after, notes, candidate) => {
    const { float, int8 } = models(after, false);
    const [info, ...more] = buildOverview(float).recurrent ?? [];
    expect(more).toEqual([]);
    expect(info).toMatchObject({ kind: 'gru', input: INPUT, hidden: HIDDEN, scheme: 'float', reset: after ? 'after' : 'before' });
    expect(info && recurrentNotes(info)).toBe(notes);
    expect(buildOverview(models(after, true).float).recurrent?.[0]?.direction).toBe('backward');
    expect(buildOverview(int8).recurrent?.[0]?.scheme).toBe('int8');
    const rows = recurrentRows(detailOf(float));
    expect(rows.map(({ symbol }) => symbol)).toEqual(['z', 'r', 'n', 'h']);
    expect(rows.slice(2).map(({ text }) => text)).toEqual([candidate, 'z·h + (1 − z)·n']);
  });

  it("has int8's own numbers in its formula: those of the file's scales", () => {
    const { int8 } = models(true, false);
    const [graph] = int8.graphs;
    const gru = gruOf(int8);
    const tensorAt = (position: number) => graph!.tensors[gru.inputs[position]!]!;
    const scaleAt = (position: number) => tensorAt(position).quantization!.scales[0]!;
    const { integer, source } = detailOf(int8);
    const h = graph!.tensors[gru.outputs[0]!]!.quantization!;
    expect(integer?.h).toEqual({ scale: h.scales[0], zeroPoint: h.zeroPoints[0] });
    integer?.gates.forEach(({ letter, input, recurrent }, at) => {
      const gate = (['update', 'reset', 'candidate'] as const)[at]!;
      expect(letter).toBe('zrn'[at]);
      const wanted = scaleAt(GRU_OPERANDS.inputToGate[gate]) * scaleAt(GRU_OPERANDS.input) * 2 ** 12;
      expect(input.rescale.factor / wanted).toBeCloseTo(1, 6);
      // The zero point of x is in the bias: the bias of row 0 lies between the extremes told.
      const weights = new Int8Array(tensorAt(GRU_OPERANDS.inputToGate[gate]).data!.slice().buffer, 0, INPUT);
      const bias = new Int32Array(tensorAt(GRU_OPERANDS.gateBias[gate]).data!.slice().buffer)[0]!;
      const effective = bias - integer.x.zeroPoint * weights.reduce((sum, weight) => sum + weight, 0);
      expect(effective).toBeGreaterThanOrEqual(input.bias[0]);
      expect(effective).toBeLessThanOrEqual(input.bias[1]);
      expect(recurrent.rescale.factor / (scaleAt(GRU_OPERANDS.recurrentToGate[gate]) * integer.h.scale * 2 ** 12)).toBeCloseTo(
        1,
        6,
      );
    });
    expect(source).toContain('lstm_eval.cc');
    expect(recurrentRows(detailOf(int8)).find(({ symbol }) => symbol === 'M_q')?.note).toMatch(/^\d.* ≫ \d+$/);
  });

  it('has its gates in the Markdown and HTML reports', async () => {
    const { float, int8 } = models(true, false);
    const { report } = await reportOf(int8, float);
    const [info] = report.recurrent ?? [];
    const markdown = renderMarkdownReport(report);
    expect(markdown).toContain(`## ${info?.name}\n\nGRU ${INPUT} → ${HIDDEN}, int8, reset after the product, forward.`);
    for (const signal of ['z\\_xh', 'r', 'n\\_rh', 'h'])
      expect(markdown).toMatch(new RegExp(`^\\| ${signal.replaceAll('\\', '\\\\')} \\| `, 'm'));
    const html = renderHtmlReport(report);
    expect(html).toContain(`Inside ${info?.name}`);
    expect(html).toContain('n, r times R·h');
  });
});

describe("layers of an ONNX file in this engine's form", () => {
  it.each([
    ['GRU', 'GRU'],
    ['VANILLA_RNN', 'RNN'],
  ])('%s counts under the name in the file, %s, for targets as well', (name, storedAs) => {
    const { float } = models(true, false);
    const named = (change: { name: string; storedAs?: string }): Model => ({
      ...float,
      format: 'onnx',
      opsets: { '': 17 },
      graphs: float.graphs.map((graph) => ({ ...graph, operators: graph.operators.map((one) => ({ ...one, ...change })) })),
    });
    const [lowered, stored] = [named({ name, storedAs }), named({ name: storedAs })];
    expect(mapTargets(lowered)).toEqual(mapTargets(stored));
    expect(mapTargets(lowered)['ort-cpu'].ops.map(({ op }) => op)).toEqual([storedAs]);
    expect(buildOverview(lowered).ops.map(({ op }) => op)).toEqual([storedAs]);
    expect(buildOverview(lowered).recurrent?.map(({ kind }) => kind)).toEqual([storedAs.toLowerCase()]);
  });
});

describeShared('GRUs of files', (shared) => {
  const read = (path: string) => ({ name: path, bytes: new Uint8Array(readFileSync(join(shared, 'data', path))) });

  it('of Keras, in memory: nothing is said against their scales, and targets are those of the file', () => {
    const file = read('keras3/gru-unrolled-dynamic.tflite');
    const model = readModel({ ...file, bytes: fuseFile(file, { asFloat: false }).bytes });
    expect(lintModel(model).map(({ rule }) => rule)).not.toContain('per-channel-elsewhere');
    const targets = Object.values(mapTargets(model));
    expect(new Set(targets.map(({ result }) => result))).toEqual(new Set(['rejected']));
    expect(targets[0]?.reasons[0]?.rule).toBe('the model is a file');
    const { bytesByType, byteLength, params } = buildOverview(model);
    expect(bytesByType.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(byteLength);
    // 3 * (16 * 28 + 16 * 16 + 16) + 16 of the GRU, 10 * 16 + 10 of the dense layer.
    expect(params).toBe(2346);
  });
});
