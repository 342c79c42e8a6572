import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { WaveFile } from 'wavefile';
import { readSamples } from '../../worker/core/data/readSamples';
import { readOnnx } from '../../worker/core/formats/onnx/readOnnx';
import { describeLstms } from '../../worker/core/model/lstmInfo';
import { runCalls } from '../../worker/core/run/calls';
import { prepareGraphAnywhere } from '../../worker/core/run/prepareGraph';
import type { LstmProbe } from '../../worker/core/run/preparedOp';
import type { Value } from '../../worker/core/run/value';
import { runtimeByFormat } from '../../worker/runtimes/runtimeByFormat';
import { OnnxSession } from '../onnxSession';
import { describeShared } from '../shared';
import { uniform } from '../unit/lstm/randomLstm';
import { largestDifference } from './lstmCase';

interface Streaming {
  readonly file: string;
  readonly lstms: readonly string[];
  /** The data's input with its shape, and the input that has the last state. */
  readonly input: readonly [name: string, shape: readonly number[]];
  readonly state: readonly [name: string, shape: readonly number[]];
  /** Equal to the last bit; otherwise within 1e-5. */
  readonly exact?: true;
  /** Further inputs that the uncut file wants. */
  readonly more?: Readonly<Record<string, Value>>;
}

const MODELS: readonly Streaming[] = [
  {
    file: 'data/onnx/dtln_model_1.onnx',
    lstms: ['lstm_4', 'lstm_5'],
    input: ['input_2', [1, 1, 257]],
    state: ['input_3', [1, 2, 128, 2]],
  },
  {
    // Its LSTMs are MatMul, Add, Sigmoid, Tanh and Mul.
    file: 'data/onnx/dtln_model_2.onnx',
    lstms: ['model_2/lstm_6', 'model_2/lstm_7'],
    input: ['input_4', [1, 1, 512]],
    state: ['input_5', [1, 2, 128, 2]],
  },
  {
    file: 'data/onnx/silero_vad.onnx',
    lstms: ['If_0_then_branch__Inline_0__/decoder/rnn/LSTM'],
    input: ['input', [1, 576]],
    state: ['state', [2, 1, 128]],
    more: { sr: { dtype: 'int64', shape: [], data: BigInt64Array.of(16000n) } },
  },
  {
    file: 'data/onnx/silero_vad_openvino_16k.onnx',
    lstms: ['F2::If_0_then_branch__Inline_0__/decoder/rnn/LSTM'],
    input: ['input', [1, 576]],
    state: ['state', [2, 1, 128]],
  },
  {
    file: 'data/onnx/derived_dtln_model_1_dynquantlstm.onnx',
    lstms: ['lstm_4', 'lstm_5'],
    input: ['input_2', [1, 1, 257]],
    state: ['input_3', [1, 2, 128, 2]],
    exact: true,
  },
  {
    file: 'golden/peers/onnxruntime/silero_vad_openvino_16k_preprocessed_dynamic.onnx',
    lstms: ['F2::If_0_then_branch__Inline_0__/decoder/rnn/LSTM_quant'],
    input: ['input', [1, 576]],
    state: ['state', [2, 1, 128]],
    exact: true,
  },
];
const CALLS = 8;
const GATE_SIGNALS = ['i', 'f', 'g', 'o'].flatMap((gate) => [gate, `${gate}_in`, `${gate}_x`, `${gate}_xh`]);
const SIGNALS = [...GATE_SIGNALS, 'c', 'h', 'm', 'tanh_c', 'x'].sort();

describeShared('Streaming ONNX models with every gate visible, as ONNX Runtime runs the whole file', (shared) => {
  it.each(MODELS)('$file', async ({ file, lstms, input, state, exact, more = {} }) => {
    const bytes = new Uint8Array(readFileSync(join(shared, file)));
    const model = readOnnx(bytes, file);
    const graph = model.graphs[0]!;
    expect(describeLstms(graph).map(({ name }) => name)).toEqual(lstms);
    expect(graph.inputs.map((index) => graph.tensors[index]!.name)).toEqual([input[0], state[0]]);
    const runner = await prepareGraphAnywhere(model, 0, { path: 'int8', persona: 'tflite', runtime: runtimeByFormat });
    const whole = await OnnxSession.open(bytes);
    const random = uniform(1);
    const zeros: Value = { dtype: 'float32', shape: state[1], data: new Float32Array(state[1].reduce((n, size) => n * size, 1)) };
    const states = { own: zeros, whole: zeros };
    for (let call = 0; call < CALLS; call++) {
      const length = input[1].reduce((n, size) => n * size, 1);
      const x: Value = { dtype: 'float32', shape: input[1], data: Float32Array.from({ length }, () => Math.abs(random()) * 2) };
      const probes: LstmProbe[] = [];
      const own = runner.run([x, states.own], (_, __, seen) => probes.push(...seen), true);
      const expected = await whole.run({ [input[0]]: x, [state[0]]: states.whole, ...more });
      expect(own.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
      own.forEach(({ data }, index) => {
        const most = largestDifference(data as Float32Array, expected[index]!.data as Float32Array);
        expect(most).toBeLessThanOrEqual(exact ? 0 : 1e-5);
      });
      expect(probes).toHaveLength(lstms.length);
      for (const { trace } of probes) expect(Object.keys(trace).sort()).toEqual(SIGNALS);
      states.own = own[1]!;
      states.whole = expected[1]!;
    }
    await whole.close();
  });
});

const CONTEXT = 64;
const NEW_SAMPLES = 512;

describeShared('Silero VAD over a recording', (shared) => {
  it('gives the probabilities of ONNX Runtime’s own run, fed with each 512 samples after the 64 before them', async () => {
    const bytes = new Uint8Array(readFileSync(join(shared, 'data/onnx/silero_vad.onnx')));
    const model = readOnnx(bytes, 'silero_vad.onnx');
    const graph = model.graphs[0]!;
    const recording = {
      name: 'whisper_jfk.wav',
      bytes: new Uint8Array(readFileSync(join(shared, 'data/audio/whisper_jfk.wav'))),
    };
    const sample = readSamples([recording], graph, {}, model.metadata).get(0);
    const runner = await prepareGraphAnywhere(model, 0, { path: 'float', persona: 'tflite', runtime: runtimeByFormat });
    const [own] = runCalls(runner, sample.inputs, sample.calls!);

    const samples = new WaveFile(recording.bytes).getSamples(false, Int16Array) as unknown as Int16Array;
    const calls = 1 + Math.floor((samples.length - CONTEXT - NEW_SAMPLES) / NEW_SAMPLES);
    const whole = await OnnxSession.open(bytes);
    const sr: Value = { dtype: 'int64', shape: [], data: BigInt64Array.of(16000n) };
    let state: Value = { dtype: 'float32', shape: [2, 1, 128], data: new Float32Array(256) };
    const expected: number[] = [];
    for (let call = 0; call < calls; call++) {
      const from = call * NEW_SAMPLES;
      const data = Float32Array.from(samples.subarray(from, from + CONTEXT + NEW_SAMPLES), (value) => value / 32_768);
      const [probability, next] = await whole.run({ input: { dtype: 'float32', shape: [1, data.length], data }, state, sr });
      expected.push(probability!.data[0] as number);
      state = next!;
    }
    await whole.close();
    expect(own?.shape).toEqual([calls, 1, 1]);
    expect(largestDifference(own!.data as Float32Array, Float32Array.from(expected))).toBeLessThan(1e-4);
    // Speech, and none.
    expect(Math.max(...expected)).toBeGreaterThan(0.99);
    expect(Math.min(...expected)).toBeLessThan(0.01);
  });
});
