import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CALIBRATED, calibrateSamples, prepareCalibration } from '../../../worker/core/calibration/calibrateSamples';
import { rangesOf } from '../../../worker/core/calibration/rangesOf';
import { Pace } from '../../../worker/core/analysis/pace';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { GATES, type Gate } from '../../../worker/core/lstm/signals';
import { LSTM_OPERANDS } from '../../../worker/core/model/lstmOperands';
import { ABSENT, type Graph, type Model, type Operator } from '../../../worker/core/model/model';
import { checkQuantizable, quantizeModel } from '../../../worker/core/recipe/quantizeModel';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import type { Value } from '../../../worker/core/run/value';
import { buildOperator } from '../../lstmBuilder';
import { onnxModel, type ConstantSpec } from '../formats/onnxLstmModel';
import type { newProbe } from '../../golden/lstmCase';
import { FLOAT_FORMS, randomLstm, sequenceSpec, topologiesWith, uniform, type RealLstm } from '../lstm/randomLstm';

const RECIPE = { schema: 'gatescope.recipe/1' } as const;
/** Gates in W, R and B, and in P. */
const ORDER: readonly Gate[] = ['input', 'output', 'forget', 'cell'];
const PEEPHOLE_ORDER: readonly Gate[] = ['input', 'output', 'forget'];

const joined = (parts: readonly Float32Array[]) => Float32Array.from(parts.flatMap((part) => Array.from(part)));

/** The same LSTM as an ONNX file: biases whole in Wb, 0 in Rb. */
function onnxOf(lstm: RealLstm, states: boolean): Uint8Array {
  const { input, cell } = lstm.topology;
  const { peephole } = lstm;
  const constants: Record<string, ConstantSpec> = {
    W: { shape: [1, 4 * cell, input], values: joined(ORDER.map((gate) => lstm.inputToGate[gate])) },
    R: { shape: [1, 4 * cell, cell], values: joined(ORDER.map((gate) => lstm.recurrentToGate[gate])) },
    B: { shape: [1, 8 * cell], values: joined([...ORDER.map((gate) => lstm.bias[gate]), new Float32Array(4 * cell)]) },
    ...(peephole === null ? {} : { P: { shape: [1, 3 * cell], values: joined(PEEPHOLE_ORDER.map((gate) => peephole[gate])) } }),
  };
  const inputs = ['X', 'W', 'R', 'B', '', states ? 'h' : '', states ? 'c' : '', peephole === null ? '' : 'P'];
  const node = { op: 'LSTM', name: 'lstm', inputs, outputs: ['Y', 'Y_h', 'Y_c'], attributes: { hidden_size: cell } };
  const given = states ? ({ h: 'float32', c: 'float32' } as const) : {};
  return onnxModel({ nodes: [node], constants, inputs: { X: 'float32', ...given }, outputs: ['Y', 'Y_h', 'Y_c'] });
}

function tfliteOf(lstm: RealLstm, steps: number, batch: number): Model {
  const { graph } = buildOperator(sequenceSpec(lstm, FLOAT_FORMS, { batch, timeMajor: true, steps }));
  const base = { format: 'tflite', formatVersion: 3, fileName: 'x', byteLength: 0, description: '', metadata: [] } as const;
  return { ...base, graphs: [graph], signatures: [] };
}

async function quantized(model: Model, samples: readonly (readonly Value[])[]): Promise<Model> {
  const graph = model.graphs[0]!;
  const about = { model: 'x', state: 'reset', synthetic: false } as const;
  const prepared = prepareCalibration(prepareGraph(model, 0, CALIBRATED), about);
  const source = {
    names: samples.map((_, index) => String(index)),
    get: (index: number) => ({ name: String(index), inputs: samples[index]!, steps: 1 }),
  };
  const calibration = await calibrateSamples(prepared, source, { first: 0, end: samples.length }, new Pace({}));
  const { edit } = quantizeModel(model, rangesOf(calibration!, graph), RECIPE);
  return { ...model, graphs: [edit.graphs[0]!.graph] };
}

function lstmOf(graph: Graph): Operator {
  return graph.operators.find(({ name }) => name === 'UNIDIRECTIONAL_SEQUENCE_LSTM')!;
}

function random(shape: readonly number[], seed: number): Value {
  const length = shape.reduce((product, size) => product * size, 1);
  return { dtype: 'float32', shape, data: Float32Array.from({ length }, uniform(seed)) };
}

describe("The recipe on ONNX's LSTM", () => {
  const plain = topologiesWith({ cifg: false, layerNorm: false, projection: false });
  const onnxTopologies = plain.map((topology) => ({ ...topology, cellClip: 0 }));

  it('gives the integers that the same LSTM gives as TensorFlow Lite’s operator: constants, parameters and every signal', async () => {
    await fc.assert(
      fc.asyncProperty(onnxTopologies, fc.nat(), fc.integer({ min: 1, max: 2 }), async (topology, seed, batch) => {
        const lstm = randomLstm(topology, seed);
        const samples = [1, 2, 3].map((k) => [random([4, batch, topology.input], seed + k)]);
        const onnx = await quantized(readOnnx(onnxOf(lstm, false), 'x'), samples);
        const tflite = await quantized(tfliteOf(lstm, 4, batch), samples);
        const [own, theirs] = [lstmOf(onnx.graphs[0]!), lstmOf(tflite.graphs[0]!)];
        for (let operand = 0; operand < 24; operand++) {
          const tensor = (model: Model, operator: Operator) => model.graphs[0]!.tensors[operator.inputs[operand] ?? ABSENT];
          const [a, b] = [tensor(onnx, own), tensor(tflite, theirs)];
          expect([a?.dtype, a?.quantization, a?.data], `operand ${operand}`).toEqual([b?.dtype, b?.quantization, b?.data]);
        }
        const traces = [onnx, tflite].map((model) => {
          const runner = prepareGraph(model, 0, { path: 'int8', persona: 'tflite' });
          const probes: ReturnType<typeof newProbe>[] = [];
          runner.run(samples[0]!, (_, __, seen) => probes.push(...seen), true);
          return probes[0]!.trace;
        });
        expect(traces[0]!.h).toBeInstanceOf(Int8Array);
        expect(traces[0]).toEqual(traces[1]);
      }),
      { numRuns: 25 },
    );
  });

  it('quantizes given states with the parameters of the states, and hands on the last ones as reals', async () => {
    const lstm = randomLstm(
      {
        cifg: false,
        layerNorm: false,
        projection: false,
        peephole: true,
        input: 3,
        cell: 5,
        output: 5,
        projectionBias: false,
        cellClip: 0,
        projectionClip: 0,
      },
      3,
    );
    const samples = [1, 2, 3, 4].map((k) => [random([4, 1, 3], k), random([1, 1, 5], 10 + k), random([1, 1, 5], 20 + k)]);
    const model = await quantized(readOnnx(onnxOf(lstm, true), 'x'), samples);
    const graph = model.graphs[0]!;
    const operator = lstmOf(graph);
    const at = (position: number) => graph.tensors[operator.inputs[position]!]!;
    for (const [given, state] of [
      [LSTM_OPERANDS.initialOutput, LSTM_OPERANDS.outputState],
      [LSTM_OPERANDS.initialCell, LSTM_OPERANDS.cellState],
    ] as const) {
      expect([at(given).dtype, at(given).quantization]).toEqual([at(state).dtype, at(state).quantization]);
      expect(graph.operators.find(({ outputs }) => outputs[0] === operator.inputs[given])?.name).toBe('QUANTIZE');
    }
    expect(operator.outputs.map((output) => graph.tensors[output]!.dtype)).toEqual(['int8', 'int8', 'int16']);
    // Two halves, with what the first hands on, are the whole.
    const runner = prepareGraph(model, 0, { path: 'int8', persona: 'tflite' });
    const [x, h, c] = samples[0]!;
    const [whole] = runner.run([x!, h!, c!]);
    const part = (from: number): Value => ({ ...x!, shape: [2, 1, 3], data: x!.data.subarray(from * 3, from * 3 + 6) });
    const [first, lastH, lastC] = runner.run([part(0), h!, c!]);
    const real = (value: Value, index: number): Value => {
      const { scales, zeroPoints } = graph.tensors[operator.outputs[index]!]!.quantization!;
      const data = Float32Array.from(value.data as Int8Array, (code) => (code - zeroPoints[0]!) * scales[0]!);
      return { ...value, dtype: 'float32', data };
    };
    const [second] = runner.run([part(2), real(lastH!, 1), real(lastC!, 2)]);
    expect([...(first!.data as Int8Array), ...(second!.data as Int8Array)]).toEqual([...(whole!.data as Int8Array)]);
    // Ranges hold the states that calibration was given.
    const { scales } = at(LSTM_OPERANDS.cellState).quantization!;
    const reach = Math.max(...samples.flatMap((sample) => Array.from(sample[2]!.data as Float32Array, Math.abs)));
    expect(scales[0]! * 32768).toBeGreaterThanOrEqual(reach);
    for (const gate of GATES) expect(at(LSTM_OPERANDS.inputToGate[gate]).dtype).toBe('int8');
  });
});

describe('An ONNX model without a recurrent operator', () => {
  it('is refused with the reason, before it is calibrated', () => {
    const nodes = [{ op: 'Sigmoid', inputs: ['x'], outputs: ['y'] }];
    const model = readOnnx(onnxModel({ nodes, constants: {}, inputs: { x: 'float32' }, outputs: ['y'] }), 'x.onnx');
    expect(() => checkQuantizable(model)).toThrow(
      /^There is nothing to quantize in x\.onnx: the recipe makes integers of LSTM and GRU/,
    );
  });
});
