import type { Quantization, Tensor } from '../../../worker/core/model/model';
import type { Case } from './case';
import { affine, graphOf, modelOf, type OperatorSpec, perChannel, tensor } from './models';

const x = (quantization: Quantization | null = affine(0.5), dtype: 'int8' | 'uint8' | 'int16' = 'int8') =>
  tensor('x', dtype, [1, 4], quantization);
const y = (quantization: Quantization | null = affine(1), dtype: 'int8' | 'int16' | 'uint8' | 'float32' = 'int8') =>
  tensor('y', dtype, [1, 2], quantization);
const codes = (values: readonly number[]) => new Uint8Array(Int8Array.from(values).buffer);
const int32 = (values: readonly number[]) => new Uint8Array(Int32Array.from(values).buffer);
const w = (values: readonly number[], quantization: Quantization = affine(0.25)) =>
  tensor('w', 'int8', [values.length / 4, 4], quantization, { data: codes(values) });
const FULL = [127, 1, 0, 0, -127, 1, 0, 0];

interface Dense {
  readonly x?: Tensor;
  readonly w?: Tensor;
  readonly b?: Tensor | null;
  readonly y?: Tensor;
  readonly version?: number;
}

const dense = (own: Dense = {}) =>
  modelOf(
    graphOf([
      {
        name: 'FULLY_CONNECTED',
        version: own.version ?? 4,
        inputs: [own.x ?? x(), own.w ?? w(FULL), own.b ?? null],
        outputs: [own.y ?? y()],
      },
    ]),
  );

const bias = (dtype: 'int32' | 'float32', values: readonly number[]) =>
  tensor('b', dtype, [2], dtype === 'int32' ? affine(0.125) : null, { data: int32(values) });

const one = (name: string, input: Tensor, output: Tensor, options = {}) =>
  modelOf(graphOf([{ name, version: 2, inputs: [input], outputs: [output], options }]));

const float = (name: string) => tensor(name, 'float32', [1, 4]);
const int8 = (name: string, scale = 0.5) => tensor(name, 'int8', [1, 4], affine(scale));

/** Operators one after the other, each on the tensor that the one before wrote. */
const chain = (first: Tensor, ...steps: readonly (readonly [name: string, output: Tensor])[]) =>
  modelOf(
    graphOf(
      steps.map(([name, output], n): OperatorSpec => ({
        name,
        version: 2,
        inputs: [steps[n - 1]?.[1] ?? first],
        outputs: [output],
      })),
    ),
  );

const pair = (second: Tensor) =>
  modelOf(graphOf([{ name: 'ADD', version: 2, inputs: [x(), second], outputs: [tensor('y', 'int8', [1, 4], affine(1))] }]));

const unused = (bytes: number) => {
  const model = one('ABS', x(), y());
  const left = tensor('left', 'int8', [bytes], affine(1), { constant: true, index: 2 });
  return { ...model, graphs: model.graphs.map((graph) => ({ ...graph, tensors: [...graph.tensors, left] })) };
};

const twoBranches = (returned: readonly number[]) => {
  const graph = graphOf([
    { name: 'ABS', inputs: [int8('x')], outputs: [int8('a')] },
    { name: 'NEG', inputs: [int8('u')], outputs: [int8('b')] },
  ]);
  return modelOf({ ...graph, outputs: returned });
};

const dequantizing = (zeroPoint: 'int8' | 'uint8') => {
  const scale = tensor('s', 'float32', [], null, { constant: true });
  const inputs = [tensor('q', 'uint8', [4]), scale, tensor('z', zeroPoint, [], null, { constant: true })];
  return modelOf(graphOf([{ name: 'DequantizeLinear', inputs, outputs: [float('y')] }]));
};

export const GRAPH_CASES: Readonly<Record<string, Case>> = {
  'front-end-outside': {
    fires: {
      ...one('RELU', tensor('Mfcc', 'float32', [1, 25, 10]), tensor('y', 'float32', [1, 25, 10])),
      metadata: [{ name: 'gatescope.input', byteLength: 8, text: '10 MFCCs' }],
    },
    says: ['Mfcc has to be fed with 10 MFCCs'],
    silent: one('RELU', tensor('Mfcc', 'float32', [1, 25, 10]), tensor('y', 'float32', [1, 25, 10])),
  },
  'scale-unusable': { fires: dense({ w: w(FULL, affine(-0.25)) }), says: ['w has the scale −0.25'], silent: dense() },
  'scale-missing': { fires: dense({ x: x(null) }), says: ['x (int8) has neither scale nor zero point'], silent: dense() },
  'int16-zero-point': {
    fires: one('ABS', x(affine(0.1, -3), 'int16'), y(affine(0.1), 'int16')),
    says: ['x is int16 with zero point −3'],
    silent: one('SOFTMAX', x(), y(affine(2 ** -16, -32768), 'int16')),
  },
  'asymmetric-weights': { fires: dense({ w: w(FULL, affine(0.25, 4)) }), says: ['w has zero point 4'], silent: dense() },
  'weights-at-minus-128': {
    fires: dense({ w: w([127, 1, 0, 0, -128, 1, -128, 0]) }),
    says: ['w: 2 weights are −128 (25.0 % of 8)'],
    silent: dense(),
  },
  'weight-bits-unused': {
    fires: dense({ w: w([31, 1, 0, 0, -31, 1, 0, 0]) }),
    says: ['no code is beyond ±31, 5.98 of 8 bits'],
    silent: dense({ w: w([31, 1, 0, 0, -32, 1, 0, 0]) }),
  },
  'weight-channels-uneven': {
    fires: dense({ w: w([127, 1, 0, 0, -31, 1, 0, 0]) }),
    says: ['1 of 2 channels (50.0 %)'],
    // A channel of zeros is pruned, not coarse.
    silent: dense({ w: w([127, 1, 0, 0, 0, 0, 0, 0]) }),
  },
  'per-channel-elsewhere': {
    fires: one('ABS', x(perChannel([1, 2, 3, 4], 1)), y()),
    says: ['x has 4 scales; ABS 0 reads one'],
    silent: dense({ w: w(FULL, perChannel([0.25, 0.5])) }),
  },
  'float-bias': {
    fires: dense({ b: bias('float32', [0, 0]) }),
    says: ['b is float32, the data are int8'],
    silent: dense({ b: bias('int32', [0, 0]) }),
  },
  'bias-near-overflow': {
    fires: dense({ b: bias('int32', [3, -(2 ** 30)]) }),
    says: ['the code 1,073,741,824'],
    silent: dense({ b: bias('int32', [3, 2 ** 30 - 1]) }),
  },
  'type-mix': {
    fires: pair(tensor('u', 'int16', [1, 4], affine(0.5))),
    says: ['ADD 0 has int8 and int16 data'],
    silent: one('SOFTMAX', x(), y(affine(2 ** -16, -32768), 'int16')),
  },
  'fixed-output-parameters': {
    fires: one('TANH', x(), y(affine(0.05, -3))),
    says: ['TANH 0 writes scale 0.05, zero point −3; the kernel computes scale 2^−7, zero point 0'],
    silent: one('TANH', x(), y(affine(2 ** -7))),
  },
  'pass-through-parameters': {
    fires: one('RESHAPE', x(affine(0.5, -4)), y(affine(0.25))),
    says: ['RESHAPE 0: from scale 2^−1, zero point −4 to 2^−2, 0'],
    silent: one('RESHAPE', x(affine(0.5, -4)), y(affine(0.5, -4))),
  },
  'rescale-out-of-range': {
    fires: dense({ w: w(FULL, perChannel([0.25, 2 ** -34])) }),
    says: ['w, channel 1: the factor is 2.91e−11'],
    silent: dense({ w: w(FULL, perChannel([0.25, 2 ** -30])) }),
  },
  'constant-range': {
    fires: dense({ y: y(affine(3e-9)) }),
    says: ['y: a range of 7.65e−7 for all codes'],
    silent: dense({ y: y(affine(3e-8)) }),
  },
  'float-island': {
    fires: chain(int8('x'), ['DEQUANTIZE', float('a')], ['EXP', float('b')], ['NEG', float('c')], ['QUANTIZE', int8('y')]),
    says: ['2 float operators (EXP and NEG)', 'from operator 1 on'],
    silent: chain(int8('x'), ['DEQUANTIZE', float('a')], ['EXP', float('b')], ['NEG', float('c')]),
  },
  'quantize-ping-pong': {
    fires: chain(int8('x'), ['DEQUANTIZE', float('a')], ['QUANTIZE', int8('y')]),
    says: ['DEQUANTIZE 0 and QUANTIZE 1 turn int8 into the same int8'],
    silent: chain(int8('x'), ['QUANTIZE', int8('y', 0.25)]),
  },
  'float-boundary': {
    fires: chain(float('x'), ['QUANTIZE', int8('a')], ['ABS', int8('b')], ['DEQUANTIZE', float('y')]),
    says: ['An input is float and quantized first and an output is float'],
    silent: chain(int8('x'), ['ABS', int8('b')]),
  },
  'fake-quant-left': {
    fires: chain(float('x'), ['FAKE_QUANT', float('y')]),
    says: ['1 FAKE_QUANT operator'],
    silent: chain(float('x'), ['EXP', float('y')]),
  },
  'zero-point-type': {
    fires: dequantizing('int8'),
    says: ['is uint8, its zero point z is int8'],
    silent: dequantizing('uint8'),
  },
  'taken-for-granted': {
    fires: { ...dense(), metadata: [{ name: 'assumed: sr', byteLength: 6, text: '16000.' }] },
    says: ['Assumed for sr: 16000'],
    silent: { ...dense(), metadata: [{ name: 'sr', byteLength: 5, text: '16000' }] },
  },
  'uint8-scheme': {
    fires: dense({ x: x(affine(0.5, 128), 'uint8'), y: y(affine(0.5, 128), 'uint8') }),
    says: ['1 operator with uint8 data'],
    silent: dense(),
  },
  'operator-version': {
    fires: dense({ version: 3 }),
    says: ['FULLY_CONNECTED 0 has version 3; int8 data with int8 weights came with version 4'],
    silent: dense({ version: 4 }),
  },
  'unused-tensors': { fires: unused(1024), says: ['1 tensor, 1,024 bytes of constants: left'], silent: unused(1023) },
  'unused-buffers': {
    fires: { ...dense(), byteLength: 9000, unusedBuffers: { count: 2, bytes: 1024 } },
    says: ["2 buffers, 1,024 of the file's 9,000 bytes"],
    silent: { ...dense(), byteLength: 9000, unusedBuffers: { count: 2, bytes: 1023 } },
  },
  'dead-operators': { fires: twoBranches([1]), says: ['1 operator: NEG 1'], silent: twoBranches([1, 3]) },
};
