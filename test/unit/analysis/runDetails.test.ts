import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunRequest } from '../../../worker/api';
import { answerTensor } from '../../../worker/core/analysis/detail/tensorDetail';
import type { SignalDetail, SignalDetailRequest } from '../../../worker/core/report/detail';
import { ledgerFilter } from '../../../worker/core/report/ledgerFilter';
import type { Report, SignalReport } from '../../../worker/core/report/report';
import type { SignalName } from '../../../worker/core/lstm/signals';
import { Sessions } from '../../../worker/session';
import { tensor, TOY_GRAPH } from './toyGraph';

const samples = resolve(import.meta.dirname, '../../../samples');
const file = (path: string) => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) });
const inputs = readdirSync(join(samples, 'inputs')).filter((name) => name.endsWith('.npy')).sort(); // prettier-ignore
const ALL = inputs.map((_, index) => index);

const request = (fields: Partial<RunRequest> = {}): RunRequest => ({
  runId: 'run',
  persona: 'tflite',
  state: 'reset',
  inputs: inputs.map((name) => file(join(samples, 'inputs', name))),
  dataLabel: '',
  floatModel: file(join(samples, 'digits-float.tflite')),
  labels: null,
  ...fields,
});

const asked = (fields: Partial<SignalDetailRequest> = {}): SignalDetailRequest => ({
  op: 1,
  signal: 'h',
  samples: ALL,
  steps: null,
  units: null,
  filter: null,
  ...fields,
});

const MATRIX = { of: 'error', against: 'accumulated', path: 'float', width: 1000, height: 1000, order: 'index' } as const;

function open(model = 'digits-int8'): Sessions {
  const sessions = new Sessions();
  sessions.open('s', file(join(samples, `${model}.tflite`)));
  return sessions;
}

const signal = (report: Report, op: number, name: string): SignalReport =>
  report.layers[op]!.signals.find((one) => one.signal === name)!;

/** Every value of one signal of some samples, by its address. */
async function everyValue(sessions: Sessions, fields: Partial<SignalDetailRequest>) {
  const { samples: chosen, size } = await sessions.signalDetail('s', 'q', asked(fields));
  const values = chosen.flatMap(({ index, steps }) =>
    Array.from({ length: steps * size }, (_, i) => ({ sample: index, step: Math.floor(i / size), batch: 0, unit: i % size })),
  );
  return (await sessions.signalDetail('s', 'q', asked({ ...fields, values }))).values!;
}

describe('details of a run', () => {
  let sessions: Sessions;
  let report: Report;
  beforeAll(async () => {
    sessions = open('digits-int8-miscalibrated');
    report = await sessions.run('s', request(), () => undefined);
  });
  const ask = (fields: Partial<SignalDetailRequest> = {}): Promise<SignalDetail> =>
    sessions.signalDetail('s', 'q', asked(fields));

  it('over all samples are the figures of the report', async () => {
    for (const name of ['c', 'g_xh', 'x'] as const) {
      const { located, accumulated, rails } = signal(report, 1, name);
      const detail = await ask({ signal: name, series: { mostPoints: 64 }, unitList: { order: 'worst', most: 8 }, histogram: { from: null, to: null, mostBins: 150 } }); // prettier-ignore
      const rounded = (list: ArrayLike<number>) => Array.from(list, (value) => Number(value.toPrecision(3)));
      for (const key of ['rmse', 'localRmse', 'floatMin', 'max', 'atRails'] as const) {
        expect(rounded(detail.series![key])).toEqual(rounded(located!.series[key]));
      }
      expect(detail.unitList!.map(({ unit }) => unit)).toEqual(located!.worstUnits.map(({ unit }) => unit));
      expect(detail.histogram!.rails).toEqual({ low: rails!.low, high: rails!.high });
      const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0);
      expect(sum(detail.histogram!.quantized!)).toBe(accumulated!.values);
      expect(sum(detail.histogram!.float)).toBe(accumulated!.values);
    }
  });

  it('over the output of another operator are the figures of the report', async () => {
    const { located, accumulated, local } = signal(report, 2, 'out');
    const out = { op: 2, signal: 'out' } as const;
    const detail = await ask({ ...out, series: { mostPoints: 16 }, unitList: { order: 'index', most: 100 } });
    const rounded = (list: ArrayLike<number>) => Array.from(list, (value) => Number(value.toPrecision(3)));
    for (const key of ['rmse', 'localRmse', 'maxAbs', 'atRails'] as const) {
      expect(rounded(detail.series![key])).toEqual(rounded(located!.series[key]));
    }
    const errors = detail.unitList!.map(({ unit, rmse }) => ({ unit, rmse: Number(rmse.toPrecision(3)) }));
    for (const { unit, rmse } of located!.worstUnits) expect(errors[unit]).toEqual({ unit, rmse });
    const squares = (of: 'rmse' | 'localRmse') => detail.unitList!.reduce((sum, unit) => sum + unit[of] ** 2 * unit.values, 0);
    expect(Math.sqrt(squares('rmse') / accumulated!.values)).toBeCloseTo(accumulated!.rmse, 6);
    expect(Math.sqrt(squares('localRmse') / local!.values)).toBeCloseTo(local!.rmse, 6);
    const { sample, step, batch, unit, float, quantized } = located!.largest!;
    const { values } = await ask({ ...out, samples: [sample], values: [{ sample, step, batch, unit }] });
    expect(values).toMatchObject([{ float, quantized }]);
    expect(Math.abs(quantized - float)).toBe(accumulated!.maxAbs);
    await expect(ask({ op: 1, signal: 'out' })).rejects.toMatchObject({ code: 'NO_SUCH_SIGNAL' });
  });

  it('tell the largest error of the report by its address', async () => {
    const { largest } = signal(report, 1, 'c').located!;
    const { sample, step, batch, unit, float, quantized } = largest!;
    const { values } = await ask({ signal: 'c', samples: [sample], values: [{ sample, step, batch, unit }] });
    expect(values).toMatchObject([{ sample, step, unit, float, quantized }]);
    expect(Math.abs(quantized - float)).toBe(signal(report, 1, 'c').accumulated!.maxAbs);
  });

  it('find for every cell of the ledger the values that it counts', async () => {
    let found = 0;
    for (const row of report.layers[1]!.lstm!.ledger) {
      const filter = ledgerFilter(row.cause);
      for (const { signal: name, count, where } of filter === null ? [] : row.entries) {
        const { matches } = await ask({ signal: name!, filter, matches: true });
        expect(matches!.count).toBe(count);
        expect(matches!.perUnit.reduce((sum, one) => sum + one, 0)).toBe(count);
        expect(matches!.topUnits.slice(0, 3).map(({ unit, count: units }) => ({ unit, count: units }))).toEqual(
          where?.units ?? [],
        );
        expect(matches!.topSteps.slice(0, 3).map(({ step, count: steps }) => ({ step, count: steps }))).toEqual(
          where?.steps ?? [],
        );
        found += count;
      }
    }
    expect(found).toBeGreaterThan(1000);
  });

  it('show in a matrix the value of the largest magnitude, whatever the number of cells', async () => {
    const values = await everyValue(sessions, { samples: [2], signal: 'g' });
    const whole = (await ask({ samples: [2], signal: 'g', matrix: MATRIX })).matrix!;
    expect([whole.unitsPerRow, whole.stepsPerColumn]).toEqual([1, 1]);
    for (const { step, unit, float, quantized } of values) {
      expect(whole.cells[unit * whole.columns + step]).toBe(Math.fround(quantized! - float!));
    }
    const small = (await ask({ samples: [2], signal: 'g', matrix: { ...MATRIX, width: 10, height: 7, order: 'worst' } })).matrix!;
    expect(small.columns).toBeLessThanOrEqual(10);
    expect(small.rows).toBeLessThanOrEqual(7);
    expect([...small.units].sort((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, unit) => unit));
    const rowOf = (unit: number) => Math.floor(small.units.indexOf(unit) / small.unitsPerRow);
    const cells = new Map<number, number>();
    for (const { step, unit, float, quantized } of values) {
      const cell = rowOf(unit) * small.columns + Math.floor(step / small.stepsPerColumn);
      const error = Math.fround(quantized! - float!);
      if (Math.abs(error) > Math.abs(cells.get(cell) ?? 0)) cells.set(cell, error);
    }
    small.cells.forEach((value, cell) => expect(Math.abs(value)).toBe(Math.abs(cells.get(cell) ?? 0)));
  });

  it('are cut to steps, units and a range of values', async () => {
    const range = { kind: 'range', path: 'quantized', low: -0.25, high: 0.5 } as const;
    const cut = { samples: [1, 4], signal: 'g' as const, steps: { from: 10, to: 25 }, units: { from: 3, to: 9 }, filter: range };
    const { matches, matrix, stepRange, unitRange, histogram } = await ask({
      ...cut,
      matches: true,
      matrix: MATRIX,
      histogram: { from: -0.25, to: 0.5, mostBins: 40 },
    });
    expect([stepRange, unitRange]).toEqual([cut.steps, cut.units]);
    const inside = (await everyValue(sessions, { samples: [1, 4], signal: 'g' })).filter(
      ({ step, unit }) => step >= 10 && step < 25 && unit >= 3 && unit < 9,
    );
    const matching = inside.filter(({ quantized }) => quantized! >= -0.25 && quantized! <= 0.5);
    expect(matches).toMatchObject({ count: matching.length, values: inside.length });
    expect(matches!.units).toBe(new Set(matching.map(({ unit }) => unit)).size);
    expect(matches!.first[0]).toEqual((({ sample, step, batch, unit }) => ({ sample, step, batch, unit }))(matching[0]!));
    expect([matrix!.rows, matrix!.columns, matrix!.firstStep]).toEqual([6, 15, 10]);
    expect(matrix!.matching!.filter((one) => one === 1).length).toBe(
      new Set(matching.map(({ step, unit }) => `${step} ${unit}`)).size,
    );
    const counted = histogram!.matching!.reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(matching.length);
    expect(histogram!.below + histogram!.above + histogram!.quantized!.reduce((sum, count) => sum + count, 0)).toBe(
      inside.length,
    );
  });

  it('of a zoomed histogram end with one code a bin', async () => {
    const { histogram, lsb } = await ask({ signal: 'i_xh', histogram: { from: 0, to: 0.01, mostBins: 150 } });
    expect(histogram!.codes).toMatchObject({ first: 0, perBin: 1 });
    expect(histogram!.edges[0]).toBeCloseTo(-lsb! / 2, 9);
  });

  it('stop when they are cancelled, and the next question is answered', async () => {
    const fresh = open();
    fresh.prepareDetail('s', request());
    const stopped = fresh.signalDetail('s', 'first', asked());
    const next = fresh.signalDetail('s', 'second', asked({ samples: [0] }));
    fresh.cancel('first');
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await next).samples).toMatchObject([{ index: 0, firstStep: 0 }]);
  });

  it.each([
    ['before a run', async () => open().signalDetail('s', 'q', asked()), 'NO_RUN'],
    ['of an operator that is not there', () => ask({ op: 99 }), 'NO_SUCH_OPERATOR'],
    ['of a signal that is not there', () => ask({ signal: 'nothing' as SignalName }), 'NO_SUCH_SIGNAL'],
    ['of an operator that is no LSTM', () => ask({ op: 2 }), 'NO_SUCH_SIGNAL'],
    ['of a sample that is not there', () => ask({ samples: [8] }), 'NO_SUCH_SAMPLE'],
    ['of no sample', () => ask({ samples: [] }), 'NO_SUCH_SAMPLE'],
    ['of a tensor that is not there', () => sessions.tensorDetail('s', 'q', { tensor: 999, sample: null }), 'NO_SUCH_TENSOR'],
  ] as const)('refuse questions %s', async (_, question, code) => {
    await expect(question()).rejects.toMatchObject({ code });
  });

  it('with states carried over are those of the whole run, whichever sample is asked for first', async () => {
    const carried = open();
    const run = await carried.run('s', request({ state: 'carry' }), () => undefined);
    const { largest } = signal(run, 1, 'h').located!;
    const own = await carried.signalDetail('s', 'q', asked({ samples: [5] }));
    const later = await carried.signalDetail('s', 'q', asked({ samples: [5, 6] }));
    expect(later.samples.map(({ firstStep }) => firstStep)).toEqual([0, own.steps]);
    const everything = await carried.signalDetail('s', 'q', asked({ series: { mostPoints: 4096 } }));
    expect(everything.steps).toBe(run.steps);
    const { maxAbs } = everything.series!;
    expect(maxAbs[largest!.step]).toBe(Math.abs(largest!.quantized - largest!.float));
    const back = await everyValue(carried, { samples: [largest!.sample] });
    const errors = back.map(({ float, quantized }) => Math.abs(quantized! - float!));
    expect(Math.max(...errors)).toBe(signal(run, 1, 'h').accumulated!.maxAbs);
  });

  it('of a float model have its own ranges and nothing to compare', async () => {
    const floats = open('digits-float');
    await floats.run('s', request({ floatModel: null }), () => undefined);
    const { paths, series, lsb } = await floats.signalDetail('s', 'q', asked({ samples: [0], series: { mostPoints: 10 } }));
    expect({ paths, lsb }).toEqual({ paths: { float: true, quantized: false, local: false }, lsb: null });
    expect(series!.floatMin).toEqual(series!.min);
    expect(Math.max(...Array.from(series!.rmse))).toBe(0);
  });

  it('of tensors are never the whole of a large one', () => {
    const large = { ...tensor(0), shape: [200, 100], data: new Uint8Array(20_000) };
    const part = (to: number) => ({ tensor: 0, sample: null, grid: { rows: { from: 0, to }, columns: { from: 0, to: 100 } } });
    const source = { graph: TOY_GRAPH, tensor: large, sample: null, value: () => undefined };
    expect(answerTensor(part(100), source).grid!.reals.length).toBe(10_000);
    expect(() => answerTensor(part(200), source)).toThrow('20000 values are too many');
  });

  it('of tensors hold a part of a constant and of a result', async () => {
    const { tensorCount } = sessions.open('t', file(join(samples, 'digits-int8.tflite')));
    const tensors = sessions.tensorInfos('t', { subgraph: 0, tensors: Array.from({ length: tensorCount }, (_, index) => index) });
    sessions.prepareDetail('t', request());
    const weights = tensors.find(({ shape, dtype }) => dtype === 'int8' && shape.length === 2 && shape[0] === 64)!;
    const part = { rows: { from: 1, to: 3 }, columns: { from: 2, to: 5 } };
    const constant = await sessions.tensorDetail('t', 'q', { tensor: weights.index, sample: null, grid: part, channels: { range: { from: 4, to: 6 }, mostBins: 16 } }); // prettier-ignore
    const [scale] = weights.quantization!.scales;
    expect(constant.grid!.reals.length).toBe(6);
    constant.grid!.codes!.forEach((code, i) => expect(constant.grid!.reals[i]).toBe(Math.fround(scale! * code)));
    expect(constant.channels!.channels.map(({ channel, values }) => [channel, values])).toEqual([4, 5].map((channel) => [channel, weights.shape[1]])); // prettier-ignore
    const [logits] = sessions.open('t', file(join(samples, 'digits-int8.tflite'))).outputs;
    sessions.prepareDetail('t', request());
    const result = await sessions.tensorDetail('t', 'q', { tensor: logits!.index, sample: 3, grid: { rows: { from: 0, to: 5 }, columns: { from: 0, to: 11 } } }); // prettier-ignore
    expect(result).toMatchObject({ constant: false, sample: inputs[3]!.replace('.npy', ''), columns: 11 });
    result.grid!.float!.forEach((value, i) => expect(Math.abs(value - result.grid!.reals[i]!)).toBeLessThan(2));
  });
});
