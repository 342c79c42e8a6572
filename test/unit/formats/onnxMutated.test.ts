import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { constantValues } from '../../../worker/core/model/constants';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { onnxModel } from './onnxWriter';

const floats = (length: number) => Float32Array.from({ length }, (_, i) => i / 8);

/** Something of everything: an LSTM, quantization, a decided If, an open one, a function, folded constants. */
const file = onnxModel({
  inputs: [
    ['x', 'float32', [2, 'batch', 3]],
    ['sr', 'int64', [1]],
    ['flag', 'bool', []],
  ],
  outputs: [
    ['h', 'float32', [1, 'batch', 2]],
    ['z', 'float32', []],
  ],
  constants: [
    { name: 'w', dtype: 'float32', shape: [8, 3], values: floats(24) },
    { name: 'r', dtype: 'float32', shape: [1, 8, 2], values: floats(16) },
    { name: 's', dtype: 'float32', shape: [], values: floats(1) },
    { name: 'q', dtype: 'int8', shape: [3], list: [5, [-1, 0, 1]] },
    { name: 'k', dtype: 'int64', shape: [1], list: [7, [16000]] },
  ],
  nodes: [
    { op: 'Constant', inputs: [], outputs: ['axes'], attributes: { value: { dtype: 'int64', shape: [1], list: [7, [0]] } } },
    { op: 'Unsqueeze', inputs: ['w', 'axes'], outputs: ['w1'] },
    { op: 'LSTM', inputs: ['x', 'w1', 'r'], outputs: ['seq', 'h'], attributes: { hidden_size: 2, direction: 'forward' } },
    { op: 'DequantizeLinear', inputs: ['q', 's'], outputs: ['real'] },
    { op: 'Equal', inputs: ['sr', 'k'], outputs: ['c'] },
    {
      op: 'If',
      inputs: ['c'],
      outputs: ['y'],
      attributes: {
        then_branch: { outputs: ['t'], nodes: [{ op: 'f', domain: 'own', inputs: ['real'], outputs: ['t'] }] },
        else_branch: { outputs: ['e'], nodes: [{ op: 'Relu', inputs: ['real'], outputs: ['e'] }] },
      },
    },
    {
      op: 'If',
      inputs: ['flag'],
      outputs: ['z'],
      attributes: {
        then_branch: { outputs: ['t'], nodes: [{ op: 'ReduceMax', inputs: ['y'], outputs: ['t'] }] },
        else_branch: { outputs: ['e'], nodes: [{ op: 'ReduceMin', inputs: ['y'], outputs: ['e'] }] },
      },
    },
  ],
  functions: [{ name: 'f', domain: 'own', inputs: ['a'], outputs: ['b'], nodes: [{ op: 'Neg', inputs: ['a'], outputs: ['b'] }] }],
});

/** Reads as far as the program does before a run. Anything but an answer or a ModelFormatError fails the test. */
function open(bytes: Uint8Array): 'opened' | 'refused' {
  try {
    const model = readOnnx(bytes, 'mutated.onnx');
    for (const { tensors } of model.graphs)
      for (const tensor of tensors)
        if (tensor.data !== null && tensor.dtype !== 'string' && !tensor.dtype.startsWith('complex')) constantValues(tensor);
    JSON.stringify(buildOverview(model, {}));
    return 'opened';
  } catch (error) {
    if (error instanceof ModelFormatError) return 'refused';
    throw error;
  }
}

describe('damaged ONNX files', () => {
  it('the file is whole to begin with', () => {
    const [graph, ...bodies] = readOnnx(file, 'whole.onnx').graphs;
    const names = graph?.operators.map(({ name }) => name);
    expect(names).toEqual(['UNIDIRECTIONAL_SEQUENCE_LSTM', 'DequantizeLinear', 'Neg', 'If']);
    expect(bodies).toHaveLength(2);
  });

  it('a byte changed anywhere gives an answer or a refusal', () => {
    const answers = { opened: 0, refused: 0 };
    for (let at = 0; at < file.length; at++) {
      for (const change of [0x01, 0x80, 0xff]) {
        const changed = file.slice();
        changed[at] = (changed[at] ?? 0) ^ change;
        answers[open(changed)]++;
      }
    }
    expect(answers.opened).toBeGreaterThan(100);
    expect(answers.refused).toBeGreaterThan(100);
  });

  it('a file cut anywhere is refused, or whole up to there', () => {
    for (let end = 0; end < file.length; end++) open(file.subarray(0, end));
  });

  it('pieces moved about give an answer or a refusal', () => {
    const place = fc.nat(file.length - 1);
    fc.assert(
      fc.property(place, place, fc.nat(60), fc.uint8Array({ maxLength: 6 }), (from, to, length, noise) => {
        const changed = file.slice();
        changed.copyWithin(to, from, from + length);
        changed.set(noise.subarray(0, file.length - from), from);
        open(changed);
      }),
      { numRuns: 400 },
    );
  });
});
