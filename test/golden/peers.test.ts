import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { openNpz, writeNpz } from '../../worker/core/data/npz';
import { readModel } from '../../worker/core/formats/readModel';
import type { Tensor } from '../../worker/core/model/model';
import { constantOf } from '../../worker/core/ops/operatorContext';
import { quantizeAllRoundHalfToEven } from '../../worker/core/quantization/affine';
import type { GraphRunner } from '../../worker/core/run/graphRunner';
import { prepareGraphAnywhere } from '../../worker/core/run/prepareGraph';
import type { Value } from '../../worker/core/run/value';
import { litert } from '../../worker/runtimes/litertSource';
import { Sessions } from '../../worker/session';
import { describeShared } from '../shared';

const open = (path: string) => readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) });
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as unknown;

/** A value's reals as float32, as both tools compute them. */
function realsOf(tensor: Tensor, { dtype, data }: Value): Float32Array {
  const { scales = [], zeroPoints = [] } = tensor.quantization ?? {};
  const [scale, zeroPoint] = [scales[0], zeroPoints[0]];
  if (dtype === 'float32' || scale === undefined || zeroPoint === undefined) return Float32Array.from(data, Number);
  return Float32Array.from(data as Int8Array, (code) => (code - zeroPoint) * scale);
}

function meanSquaredError(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += Math.fround(a[k]! - b[k]!) ** 2;
  return sum / a.length;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** All float tensors of one call from states of zero by name: constants, inputs, results and an LSTM's states at the end. */
function tensorsOf(runner: GraphRunner, inputs: readonly Value[]): Map<string, Float32Array> {
  const { graph } = runner;
  const reals = new Map<string, Float32Array>();
  for (const tensor of graph.tensors) {
    const constant = constantOf(tensor, { path: 'float', persona: 'tflite' });
    if (constant?.dtype === 'float32' || constant?.dtype === 'int32')
      reals.set(tensor.name, Float32Array.from(constant.data, Number));
  }
  graph.inputs.forEach((index, position) => {
    const tensor = graph.tensors[index]!;
    const given = inputs[position]!;
    const { scales = [1], zeroPoints = [0] } = tensor.quantization ?? {};
    const codes = new Int8Array(given.data.length);
    quantizeAllRoundHalfToEven(given.data as Float32Array, { scale: scales[0]!, zeroPoint: zeroPoints[0]! }, codes);
    reals.set(tensor.name, realsOf(tensor, tensor.dtype === 'int8' ? { ...given, dtype: 'int8', data: codes } : given));
  });
  runner.resetState();
  runner.run(
    inputs,
    (operator, outputs, probes) => {
      outputs.forEach((value, output) => {
        const tensor = graph.tensors[operator.outputs[output]!]!;
        reals.set(tensor.name, realsOf(tensor, value));
      });
      for (const { trace } of probes) {
        for (const [operand, signal] of [
          [18, 'h'],
          [19, 'c'],
        ] as const) {
          const state = graph.tensors[operator.inputs[operand]!]!;
          const values = Float32Array.from(trace[signal]!, Number);
          reals.set(state.name, values.slice(-state.shape.at(-1)!));
        }
      }
    },
    true,
  );
  return reals;
}

// Both tools compute with XNNPACK unless told otherwise, which is what LiteRT.js runs.
const OPTIONS = { persona: 'tflite', runtime: litert, preferred: 'runtime' } as const;

describeShared("AI Edge Quantizer's validation of six models it quantized: every tensor's mean squared error", (shared) => {
  it.each([
    ['hello_world_float', 10],
    ['aieq_conv_fc_mnist', 13],
    ['mnist_lstm_float', 22],
    ['mlperf_resnet_float', 38],
    ['mlperf_ad01_float', 31],
    ['dtln_model_1', 70],
  ])('%s: %d tensors', async (name, tensors) => {
    const folder = join(shared, 'golden/peers/ai-edge-quantizer', name);
    const float = await prepareGraphAnywhere(open(join(shared, `data/tflite/${name}.tflite`)), 0, { ...OPTIONS, path: 'float' });
    const quantized = await prepareGraphAnywhere(open(join(folder, 'quantized.tflite')), 0, { ...OPTIONS, path: 'int8' });
    const data = openNpz(new Uint8Array(readFileSync(join(folder, 'inputs.npz'))), name)
      .filter(({ key }) => key!.endsWith('.validation'))
      .map((array) => ({ input: array.key!.replace('.validation', ''), ...array.load() }));
    const inputsOf = (runner: GraphRunner, sample: number) =>
      runner.graph.inputs.map((index): Value => {
        const tensor = runner.graph.tensors[index]!;
        const array = data.find(({ input }) => tensor.name.includes(input))!;
        const size = array.data.length / array.shape[0]!;
        const values = Float32Array.from(array.data.slice(sample * size, (sample + 1) * size), Number);
        return { dtype: 'float32', shape: tensor.shape, data: values };
      });

    const errors = new Map<string, number[]>();
    for (let sample = 0; sample < data[0]!.shape[0]!; sample++) {
      const [a, b] = [tensorsOf(float, inputsOf(float, sample)), tensorsOf(quantized, inputsOf(quantized, sample))];
      for (const [tensor, reals] of a) {
        const other = b.get(tensor);
        if (other?.length !== reals.length) continue;
        errors.set(tensor, [...(errors.get(tensor) ?? []), meanSquaredError(reals, other)]);
      }
    }
    const groups = (json(join(folder, 'comparison_xnnpack.json')) as { serving_default: Record<string, unknown> })
      .serving_default;
    const theirs = Object.values(groups).flatMap((group) => Object.entries(group as Record<string, { mse: number }>));
    expect(theirs.length).toBe(tensors);
    for (const [tensor, { mse }] of theirs) {
      const ours = mean(errors.get(tensor) ?? [NaN]);
      // Float values that differ by 1e-7 shift the error by this much.
      const noise = 2e-7 * Math.sqrt(mse) + 1e-15;
      expect(Math.abs(ours - mse), tensor).toBeLessThanOrEqual(1e-5 * mse + noise);
    }
  });
});

describeShared("TensorFlow Lite's QuantizationDebugger on 100 digits: local statistics of every operator", (shared) => {
  const folder = join(shared, 'golden/peers/tflite-debugger');

  it.each(['carried', 'reset'] as const)('states %s', async (states) => {
    const float = await prepareGraphAnywhere(open(join(folder, 'mnist_float.tflite')), 0, { ...OPTIONS, path: 'float' });
    const quantized = await prepareGraphAnywhere(open(join(folder, 'mnist_nondebug.tflite')), 0, { ...OPTIONS, path: 'int8' });
    const { graph } = quantized;
    const images = gunzipSync(readFileSync(join(shared, 'data/mnist/t10k-images-idx3-ubyte.gz'))).subarray(16);
    // Float operators with the same name, fed with the reals of the int8 operator's input, keep their own states.
    const measured = quantized.operators
      .map(({ operator }) => ({
        operator,
        partner: float.operators.find(
          (other) =>
            other.operator.name === operator.name &&
            float.graph.tensors[other.operator.outputs[0]!]!.shape.join() === graph.tensors[operator.outputs[0]!]!.shape.join(),
        ),
        statistics: [] as number[][],
      }))
      .filter(({ operator }) => operator.name !== 'QUANTIZE' && operator.name !== 'DEQUANTIZE');
    for (let digit = 8000; digit < 8100; digit++) {
      if (states === 'reset') for (const runner of [float, quantized]) runner.resetState();
      const data = Float32Array.from(images.subarray(digit * 784, (digit + 1) * 784), (pixel) => pixel / 255);
      const values = new Map<number, Value>();
      quantized.run([{ dtype: 'float32', shape: [1, 28, 28], data }], (operator, outputs) =>
        outputs.forEach((value, output) => values.set(operator.outputs[output]!, value)),
      );
      for (const { operator, partner, statistics } of measured) {
        const operands = operator.inputs.map((index): Value | null => {
          const value = values.get(index);
          return value === undefined ? null : { ...value, dtype: 'float32', data: realsOf(graph.tensors[index]!, value) };
        });
        const result = realsOf(graph.tensors[operator.outputs[0]!]!, values.get(operator.outputs[0]!)!);
        const exact = partner!.run(operands)[0]!.data;
        const errors = Array.from(result, (real, k) => Math.fround(real - Number(exact[k])));
        const average = mean(errors);
        const deviation = Math.sqrt(mean(errors.map((error) => (error - average) ** 2)));
        const largest = Math.max(...errors.map(Math.abs));
        statistics.push([errors.length, deviation, average, largest, mean(errors.map((error) => error ** 2))]);
      }
    }
    const { sets } = json(join(folder, 'per_sample.json')) as { sets: Record<string, { mean: number[][] }> };
    const theirs = sets[states]!.mean;
    expect(measured.map(({ operator }) => operator.name)).toEqual([
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      'RESHAPE',
      'FULLY_CONNECTED',
      'SOFTMAX',
    ]);
    measured.forEach(({ statistics }, row) => {
      theirs[row]!.forEach((figure, column) => {
        const ours = mean(statistics.map((figures) => figures[column]!));
        expect(Math.abs(ours - figure), `row ${row}, figure ${column}`).toBeLessThanOrEqual(3e-6 * Math.abs(figure) + 1e-7);
      });
    });
  });
});

describeShared("ONNX Runtime's qdq_loss_debug: activations of float and QDQ model", (shared) => {
  it('all 13 of DTLN over 20 frames', async () => {
    const folder = join(shared, 'golden/peers/onnxruntime');
    const file = (path: string) => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) });
    const frames = openNpz(new Uint8Array(readFileSync(join(folder, 'inputs.npz'))), 'inputs').map((array) => {
      const { shape, data } = array.load();
      const size = data.length / shape[0]!;
      // Frames 0 to 99 calibrated the model.
      const last = Float32Array.from(data.slice(100 * size), Number);
      return [array.key!, { dtype: 'float32', shape: [20, 1, ...shape.slice(1)], data: last }] as const;
    });
    const sessions = new Sessions();
    sessions.open('s', file(join(folder, 'dtln_model_1_qdq.onnx')));
    const report = await sessions.run(
      's',
      {
        ...{ runId: 'r', persona: 'tflite', state: 'reset', dataLabel: '', labels: null },
        data: { stepped: false },
        inputs: [{ name: 'frames.npz', bytes: writeNpz(new Map(frames)) }],
        floatModel: file(join(shared, 'data/onnx/dtln_model_1.onnx')),
      },
      () => undefined,
    );
    expect(report.floatModel?.matching).toMatchObject({ matched: 36, operators: 36 });
    const ours = new Map(report.layers.map(({ name, accumulated }) => [name, accumulated?.sqnrDb ?? null]));
    const { activation_errors_qdq: theirs } = json(join(folder, 'run.json')) as {
      activation_errors_qdq: Record<string, { xmodel_err: number }>;
    };
    expect(Object.keys(theirs).length).toBe(13);
    for (const [name, { xmodel_err: sqnr }] of Object.entries(theirs)) {
      // A model's output has its name after the conversion.
      expect(ours.get(`${name}_DequantizeLinear_Output`) ?? ours.get(name), name).toBeCloseTo(sqnr, 4);
    }
  });
});
