import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readNpy } from '../../../../worker/core/data/npy';
import { readTflite } from '../../../../worker/core/formats/tflite/readTflite';
import { describeCell } from '../../../../worker/core/lstm/describeCell';
import { CostMeter, type OperatorInGraph } from '../../../../worker/core/lstm/mixed/costMeter';
import { mergeCosts, partCosts, quantizedSqnrDb, type CostSums } from '../../../../worker/core/lstm/mixed/costSums';
import { LockStep } from '../../../../worker/core/lstm/mixed/lockStep';
import { realWeights } from '../../../../worker/core/lstm/mixed/mixedWeights';
import type { LstmCell } from '../../../../worker/core/lstm/lstmCell';
import { OperandReader } from '../../../../worker/core/lstm/operandReader';
import { prepareCell } from '../../../../worker/core/lstm/prepareCell';
import { describeShared } from '../../../shared';

const SAMPLES = resolve(import.meta.dirname, '../../../../samples');

/** One LSTM's input on the float path, [steps, batch, input]. */
interface CostSample {
  readonly x: Float32Array;
  readonly steps: number;
  readonly batch: number;
}

/** Does all the work at once. */
function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

/** Costs over samples that each start at zero. */
function measureCosts(quantized: OperatorInGraph, samples: readonly CostSample[], float: OperatorInGraph | null): CostSums {
  const meter = new CostMeter(quantized, { persona: 'tflite', float });
  const measured = samples.map(({ x, steps, batch }) => {
    meter.reset();
    return finish(meter.measure(x, steps, batch));
  });
  const [total, ...others] = measured;
  for (const other of others) mergeCosts(total!, other);
  return total!;
}

/** h of the float path, [steps, batch, output]. */
function runFloat(cell: LstmCell, { x, steps, batch }: CostSample): Float32Array {
  const weights = finish(realWeights(cell));
  const simulation = new LockStep(cell, [{ weights, exactInput: true, formats: null, quantized: new Set() }]);
  const h: number[] = [];
  finish(simulation.run(x, x, steps, batch, (b) => h.push(...simulation.variants[0]!.output(b))));
  return Float32Array.from(h);
}

function model(path: string) {
  const graph = readTflite(new Uint8Array(readFileSync(path)), path).graphs[0];
  if (graph === undefined) throw new Error(`${path} has no graph`);
  return graph;
}

function lstm(path: string, position = 0): OperatorInGraph {
  const graph = model(path);
  const operator = graph.operators.filter(({ name }) => name === 'UNIDIRECTIONAL_SEQUENCE_LSTM')[position];
  if (operator === undefined) throw new Error(`${path} has no LSTM ${position}`);
  return { graph, operator };
}

function numbers(path: string): { readonly shape: readonly number[]; readonly data: Float64Array } {
  const { shape, data } = readNpy(new Uint8Array(readFileSync(path)), path);
  return { shape, data: Float64Array.from(data as ArrayLike<number>) };
}

function sqnrDb(values: ArrayLike<number>, reference: Float64Array): number {
  let [signal, error] = [0, 0];
  reference.forEach((value, k) => {
    signal += value * value;
    error += (values[k]! - value) ** 2;
  });
  return 10 * Math.log10(signal / error);
}

/** [sequence, batch, time, n] or, time-major, [sequence, time, batch, n], to time-major samples. */
function sequences(folder: string, timeMajor: boolean): CostSample[] {
  const { shape, data } = numbers(`${folder}/x_float.npy`);
  const [count = 0, a = 0, b = 0, n = 0] = shape;
  const [steps, batch] = timeMajor ? [a, b] : [b, a];
  return Array.from({ length: count }, (_, s) => {
    const x = new Float32Array(steps * batch * n);
    for (let t = 0; t < steps; t++)
      for (let r = 0; r < batch; r++)
        for (let k = 0; k < n; k++) {
          const from = timeMajor ? t * batch + r : r * steps + t;
          x[(t * batch + r) * n + k] = data[(s * a * b + from) * n + k]!;
        }
    return { x, steps, batch };
  });
}

describeShared('Costs on all 16 topologies', (shared) => {
  const root = `${shared}/golden/lstm16`;
  const cases = readdirSync(root).filter((name) => existsSync(`${root}/${name}/case.json`));

  const differences: number[] = [];

  it('has the cases', () => expect(cases.length).toBe(56));

  it.each(cases)('%s: everything quantized is as far from float as the integer kernel', (name) => {
    const folder = `${root}/${name}`;
    const quantized = lstm(`${folder}/int8.tflite`);
    const timeMajor = quantized.operator.options['time_major'] === true;
    const float = lstm(`${folder}/float.tflite`);
    const sums = measureCosts(quantized, sequences(folder, timeMajor), float);
    const costs = partCosts(sums) ?? [];
    const output = quantized.graph.tensors[quantized.operator.outputs[0] ?? -1]?.quantization;
    const [scale = 0, zeroPoint = 0] = [output?.scales[0], output?.zeroPoints[0]];
    const integers = numbers(`${folder}/y_int8.npy`).data.map((code) => (code - zeroPoint) * scale);
    const measured = sqnrDb(integers, numbers(`${folder}/y_float.npy`).data);
    const difference = (quantizedSqnrDb(sums) ?? NaN) - measured;
    differences.push(difference);
    // Some hundred values a case: last bits of the kernel's tables and multipliers fall one way or the other.
    expect(Math.abs(difference)).toBeLessThan(0.5);
    const parts = costs.map(({ part }) => part);
    expect(parts).toEqual(
      name.includes('proj') ? ['W', 'x', 'i', 'f', 'g', 'o', 'c', 'm', 'h'] : ['W', 'x', 'i', 'f', 'g', 'o', 'c', 'h'],
    );
    expect(costs.every(({ gainDb }) => Number.isFinite(gainDb))).toBe(true);
  });

  it('is neither better nor worse than the integer kernel over all cases', () => {
    expect(differences.length).toBe(cases.length);
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length;
    expect(Math.abs(mean)).toBeLessThan(0.05);
  });

  it.each(cases)('%s: with nothing quantized the simulation is the float cell', (name) => {
    const folder = `${root}/${name}`;
    const { graph, operator } = lstm(`${folder}/float.tflite`);
    const cell = describeCell(new OperandReader(graph, operator));
    const timeMajor = operator.options['time_major'] === true;
    const expected = numbers(`${folder}/y_float.npy`).data;
    let at = 0;
    for (const sample of sequences(folder, timeMajor)) {
      const { steps, batch } = sample;
      const h = runFloat(cell, sample);
      const n = cell.sizes.output;
      for (let r = 0; r < steps * batch; r++) {
        const [t, b] = [Math.floor(r / batch), r % batch];
        const row = timeMajor ? r : b * steps + t;
        // TFLite computes in float32.
        for (let k = 0; k < n; k++) expect(Math.abs(h[r * n + k]! - expected[at + row * n + k]!)).toBeLessThan(2e-5);
      }
      at += steps * batch * cell.sizes.output;
    }
  });
});

describe('Costs of the sample model', () => {
  const inputs = readdirSync(`${SAMPLES}/inputs`)
    .filter((name) => name.endsWith('.npy'))
    .sort()
    .map((name): CostSample => {
      const { shape, data } = numbers(`${SAMPLES}/inputs/${name}`);
      return { x: Float32Array.from(data), steps: shape[1] ?? 0, batch: 1 };
    });

  const float = lstm(`${SAMPLES}/digits-float.tflite`);

  it('finds the input when it was calibrated on silence', () => {
    const file = lstm(`${SAMPLES}/digits-int8-miscalibrated.tflite`);
    const sums = measureCosts(file, inputs, float);
    expect(sums.steps).toBe(inputs.reduce((sum, sample) => sum + sample.steps, 0));
    const costs = partCosts(sums) ?? [];
    const ranked = [...costs].sort((a, b) => b.gainDb - a.gainDb);
    expect(ranked[0]?.part).toBe('x');
    expect(quantizedSqnrDb(sums) ?? NaN).toBeLessThan(15);
  });

  it.each([
    ['digits-int8', 0],
    ['digits-int8', 1],
    ['digits-int8-miscalibrated', 0],
    ['digits-int8-miscalibrated', 1],
  ])('%s, LSTM %i: everything quantized is as far from float as the integer runner', (name, position) => {
    const quantized = lstm(`${SAMPLES}/${name}.tflite`, position);
    const reader = new OperandReader(quantized.graph, quantized.operator);
    const cell = describeCell(reader);
    const runner = prepareCell(cell, reader, { path: 'int8', persona: 'tflite' });
    const first = describeCell(new OperandReader(float.graph, float.operator));
    const partner = lstm(`${SAMPLES}/digits-float.tflite`, position);
    const own = describeCell(new OperandReader(partner.graph, partner.operator));
    const samples = position === 0 ? inputs : inputs.map((sample) => ({ ...sample, x: runFloat(first, sample) }));
    const [input, output] = [reader.affine(cell.input), reader.affine(cell.output)];
    const references: number[] = [];
    const integers: number[] = [];
    for (const sample of samples) {
      const codes = Int8Array.from(sample.x, (value) =>
        Math.max(-128, Math.min(127, Math.round(value / input.scale) + input.zeroPoint)),
      );
      references.push(...runFloat(own, sample));
      const h = runner.run(codes, sample.steps, 1, runner.initialState(1));
      integers.push(...Array.from(h, (code) => (code - output.zeroPoint) * output.scale));
    }
    const simulated = quantizedSqnrDb(measureCosts(quantized, samples, partner));
    expect(Math.abs((simulated ?? NaN) - sqnrDb(integers, Float64Array.from(references)))).toBeLessThan(0.2);
  });

  it('measures no weights without a float partner', () => {
    const sums = measureCosts(lstm(`${SAMPLES}/digits-int8.tflite`), inputs.slice(0, 1), null);
    expect(sums.parts).toEqual(['x', 'i', 'f', 'g', 'o', 'c', 'm', 'h']);
  });

  it('carries the states on until they are reset', () => {
    const [sample] = inputs;
    const halves = [0, 40].map((start) => ({ ...sample!, x: sample!.x.subarray(start * 120, (start + 40) * 120), steps: 40 }));
    const meter = new CostMeter(lstm(`${SAMPLES}/digits-int8.tflite`), { persona: 'tflite', float });
    const measure = ({ x, steps, batch }: CostSample) => finish(meter.measure(x, steps, batch));
    const whole = measure({ ...sample!, steps: 80 });
    meter.reset();
    const [first, second] = [measure(halves[0]!), measure(halves[1]!)];
    meter.reset();
    const fresh = measure(halves[1]!);
    expect(first.error + second.error).toBeCloseTo(whole.error, 10);
    expect(fresh.error).not.toBeCloseTo(second.error, 4);
    mergeCosts(first, second);
    expect(first.steps).toBe(80);
    partCosts(first)!.forEach(({ gainDb }, position) => expect(gainDb).toBeCloseTo(partCosts(whole)![position]!.gainDb, 9));
  });

  it('pauses while it prepares and while it measures', () => {
    const [{ x, steps, batch }] = inputs as [CostSample];
    const work = new CostMeter(lstm(`${SAMPLES}/digits-int8.tflite`), { persona: 'tflite', float }).measure(x, steps, batch);
    let pauses = 0;
    while (work.next().done !== true) pauses++;
    // Eight input and recurrent matrices and a projection, of both models; then every 1e7 multiply-accumulates.
    expect(pauses).toBeGreaterThan(18);
  });

  it('refuses a float LSTM, and a float partner of another size', () => {
    expect(() => new CostMeter(float, { persona: 'tflite', float: null })).toThrow(/scale/);
    const other = lstm(`${SAMPLES}/digits-float.tflite`, 1);
    expect(() => new CostMeter(lstm(`${SAMPLES}/digits-int8.tflite`), { persona: 'tflite', float: other })).toThrow(/size/);
  });
});
