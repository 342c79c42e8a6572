import { describe, expect, it } from 'vitest';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import type { NumericArray, Value } from '../../worker/core/run/value';
import type { OperatorSpec, TensorSpec } from '../lstmBuilder';
import { uniform } from '../unit/lstm/randomLstm';
import { loadLiteRt } from './runtimes/liteRt';
import { operatorFile, runSideBySide } from './sideBySide';

// LiteRT hands these operators to XNNPACK. The persona follows TensorFlow Lite's own kernels, which round FULLY_CONNECTED once, as
// XNNPACK does, but ADD, MUL and QUANTIZE otherwise.
const liteRt = await loadLiteRt();
const TFLITE: GraphOptions = { path: 'int8', persona: 'tflite' };
const MODELS = 40;

interface OperatorModel {
  readonly spec: OperatorSpec;
  readonly inputs: readonly NumericArray[];
}

/** Random numbers for one model. */
class Draw {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = uniform(seed);
  }

  real(low: number, high: number): number {
    return low + ((high - low) * (this.#random() + 1)) / 2;
  }

  whole(low: number, high: number): number {
    return Math.floor(this.real(low, high + 1));
  }

  codes(length: number, low = -128): Int8Array {
    return Int8Array.from({ length }, () => this.whole(low, 127));
  }

  /** An int8 tensor of any zero point. */
  int8(shape: readonly number[], scale: number): TensorSpec {
    return { dtype: 'int8', shape, scale: Math.fround(scale), zeroPoint: this.whole(-128, 127) };
  }
}

const ALL_CODES = Int8Array.from({ length: 256 }, (_, i) => i - 128);

interface FullyConnectedForm {
  readonly activation?: string;
  readonly hasBias?: boolean;
  /** One scale for all weights, or one per unit. */
  readonly isPerUnit?: boolean;
}

function fullyConnected(draw: Draw, form: FullyConnectedForm): OperatorModel {
  const { activation: fused = 'NONE', hasBias = true, isPerUnit = false } = form;
  const [rows, depth, units] = [draw.whole(1, 3), draw.whole(1, 90), draw.whole(1, 20)];
  const x = draw.int8([rows, depth], draw.real(0.005, 0.05));
  const rowScales = Array.from({ length: isPerUnit ? units : 1 }, () => Math.fround(draw.real(0.002, 0.01)));
  const biasScales = rowScales.map((scale) => Math.fround((x.scale ?? 1) * scale));
  const y = draw.int8([rows, units], (biasScales[0] ?? 1) * Math.sqrt(depth) * draw.real(30, 200));
  const weights: TensorSpec = { dtype: 'int8', shape: [units, depth], rowScales, values: draw.codes(units * depth, -127) };
  const values = Int32Array.from({ length: units }, () => draw.whole(-5000, 5000));
  const bias: TensorSpec = { dtype: 'int32', shape: [units], rowScales: biasScales, values };
  return {
    spec: {
      name: 'FULLY_CONNECTED',
      operands: [x, weights, hasBias ? bias : null],
      outputs: [y],
      options: { fused_activation_function: fused },
    },
    inputs: [draw.codes(rows * depth)],
  };
}

function softmax(draw: Draw): OperatorModel {
  const shape = [draw.whole(1, 4), draw.whole(2, 40)];
  const x = draw.int8(shape, draw.real(0.01, 0.3));
  const y: TensorSpec = { dtype: 'int8', shape, scale: 1 / 256, zeroPoint: -128 };
  return {
    spec: { name: 'SOFTMAX', operands: [x], outputs: [y], options: { beta: 1 } },
    inputs: [draw.codes(shape[0]! * shape[1]!)],
  };
}

function activation(draw: Draw, name: 'LOGISTIC' | 'TANH'): OperatorModel {
  const [scale, zeroPoint] = name === 'LOGISTIC' ? [1 / 256, -128] : [1 / 128, 0];
  const x = draw.int8([1, 256], draw.real(0.005, 0.1));
  const y: TensorSpec = { dtype: 'int8', shape: [1, 256], scale, zeroPoint };
  return { spec: { name, operands: [x], outputs: [y], options: {} }, inputs: [ALL_CODES] };
}

function concatenation(draw: Draw): OperatorModel {
  const [rows, a, b] = [draw.whole(1, 3), draw.whole(1, 9), draw.whole(1, 9)];
  const y = draw.int8([rows, a + b], draw.real(0.01, 0.1));
  return {
    spec: {
      name: 'CONCATENATION',
      operands: [
        { ...y, shape: [rows, a] },
        { ...y, shape: [rows, b] },
      ],
      outputs: [y],
      options: { axis: -1, fused_activation_function: 'NONE' },
    },
    inputs: [draw.codes(rows * a), draw.codes(rows * b)],
  };
}

function elementWise(draw: Draw, name: 'ADD' | 'MUL', fused: string): OperatorModel {
  const shape = [1, 256];
  const a = draw.int8(shape, draw.real(0.01, 0.1));
  const b = draw.int8(shape, draw.real(0.01, 0.1));
  const [first = 1, second = 1] = [a.scale, b.scale];
  const y = draw.int8(shape, name === 'ADD' ? Math.max(first, second) * draw.real(0.6, 2) : first * second * draw.real(20, 127));
  return {
    spec: { name, operands: [a, b], outputs: [y], options: { fused_activation_function: fused } },
    inputs: [draw.codes(256), draw.codes(256)],
  };
}

function requantize(draw: Draw): OperatorModel {
  const x = draw.int8([1, 256], draw.real(0.01, 0.1));
  const y = draw.int8([1, 256], (x.scale ?? 1) * 2 ** draw.real(-1.5, 1.5));
  return { spec: { name: 'QUANTIZE', operands: [x], outputs: [y], options: {} }, inputs: [ALL_CODES] };
}

/** Every fifth value lies halfway between two codes where `withTies`. */
function quantize(draw: Draw, withTies: boolean): OperatorModel {
  const y = draw.int8([1, 500], draw.real(0.01, 0.1));
  const scale = y.scale ?? 1;
  const x = Float32Array.from({ length: 500 }, (_, i) =>
    withTies && i % 5 === 0 ? scale * (draw.whole(-60, 60) + 0.5) : scale * draw.real(-200, 200),
  );
  return {
    spec: { name: 'QUANTIZE', operands: [{ dtype: 'float32', shape: [1, 500] }], outputs: [y], options: {} },
    inputs: [x],
  };
}

/** Share of all values of MODELS models that differ, and by how much at most. */
async function compare(make: (draw: Draw) => OperatorModel): Promise<{ readonly share: number; readonly largest: number }> {
  let compared = 0;
  let differing = 0;
  let largest = 0;
  for (let seed = 1; seed <= MODELS; seed++) {
    const { spec, inputs } = make(new Draw(seed));
    const given = spec.operands.filter((operand) => operand !== null && operand.values === undefined);
    const values = given.map((tensor, i): Value => ({ dtype: tensor!.dtype, shape: tensor!.shape, data: inputs[i]! }));
    const result = await runSideBySide(liteRt, operatorFile(spec), TFLITE, [values]);
    compared += result.compared;
    differing += result.differences.length;
    for (const { ours, theirs } of result.differences) largest = Math.max(largest, Math.abs(ours - theirs));
  }
  return { share: differing / compared, largest };
}

describe('int8 operators equal LiteRT in every integer', () => {
  const cases: readonly (readonly [string, (draw: Draw) => OperatorModel])[] = [
    ['FULLY_CONNECTED', (draw) => fullyConnected(draw, {})],
    ['FULLY_CONNECTED, one scale per unit', (draw) => fullyConnected(draw, { isPerUnit: true })],
    ['FULLY_CONNECTED without bias', (draw) => fullyConnected(draw, { hasBias: false })],
    ['FULLY_CONNECTED and RELU', (draw) => fullyConnected(draw, { activation: 'RELU' })],
    ['FULLY_CONNECTED and RELU6', (draw) => fullyConnected(draw, { activation: 'RELU6' })],
    ['SOFTMAX', softmax],
    ['LOGISTIC', (draw) => activation(draw, 'LOGISTIC')],
    ['TANH', (draw) => activation(draw, 'TANH')],
    ['CONCATENATION', concatenation],
    ['QUANTIZE of reals off ties', (draw) => quantize(draw, false)],
  ];

  it.each(cases)('%s', async (_name, make) => {
    expect(await compare(make)).toEqual({ share: 0, largest: 0 });
  });
});

describe('int8 operators that XNNPACK rounds otherwise are one code apart at most', () => {
  // What XNNPACK does: a fixed-point sum rounded once; a float32 product to even; a factor in 1/256; ties to even.
  const cases: readonly (readonly [string, number, (draw: Draw) => OperatorModel])[] = [
    ['ADD', 0.001, (draw) => elementWise(draw, 'ADD', 'NONE')],
    ['ADD and RELU', 0.001, (draw) => elementWise(draw, 'ADD', 'RELU')],
    ['MUL', 0.01, (draw) => elementWise(draw, 'MUL', 'NONE')],
    ['MUL and RELU', 0.01, (draw) => elementWise(draw, 'MUL', 'RELU')],
    ['QUANTIZE to another scale', 0.07, requantize],
    ['QUANTIZE of reals, a fifth of them ties', 0.12, (draw) => quantize(draw, true)],
  ];

  it.each(cases)('%s, in at most %f of the values', async (_name, limit, make) => {
    const { share, largest } = await compare(make);
    expect(largest).toBeLessThanOrEqual(1);
    expect(share).toBeLessThanOrEqual(limit);
  });
});
