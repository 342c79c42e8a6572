import { describe, expect, it } from 'vitest';
import type { CalibratedRanges } from '../../../worker/core/calibration/calibratedRanges';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readModel } from '../../../worker/core/formats/readModel';
import type { Graph } from '../../../worker/core/model/model';
import { quantizeModel } from '../../../worker/core/recipe/quantizeModel';
import { quantizedFile } from '../../../worker/core/recipe/unwritten/quantizedFile';
import { isUnwritten } from '../../../worker/core/recipe/unwritten/unwrittenFile';
import { onnxModel } from '../formats/onnxLstmModel';
import { random } from '../formats/onnxRuns';

const RECIPE = { schema: 'gatescope.recipe/1', outputs: 'float32' } as const;
const unit = { min: -0.9, max: 0.95 };

function source() {
  const node = { op: 'LSTM', name: 'lstm', inputs: ['X', 'W', 'R'], outputs: ['Y'], attributes: { hidden_size: 6 } };
  const constants = { W: random([1, 24, 4], 1), R: random([1, 24, 6], 2) };
  return { name: 'net.onnx', bytes: onnxModel({ nodes: [node], constants, inputs: { X: 'float32' }, outputs: ['Y'] }) };
}

function quantized() {
  const file = source();
  const model = readModel(file);
  const graph = model.graphs[0]!;
  const gates = { input: null, forget: unit, cell: unit, output: unit };
  const ranges: CalibratedRanges = {
    tensors: graph.tensors.map(({ data, isVariable }) =>
      data === null && !isVariable ? { min: -1 / 3, max: Math.fround(0.7) } : null,
    ),
    lstms: new Map([[0, [{ gates, hidden: unit, cell: { min: -1.5, max: 1 }, output: unit }]]]),
  };
  const { edit } = quantizeModel(model, ranges, RECIPE);
  return { edit, file: quantizedFile(edit, file, 'net (quantized)', { recipe: RECIPE, ranges }) };
}

describe('a quantized model that no format holds', () => {
  it('is read as the model that it was made as', () => {
    const { edit, file } = quantized();
    expect(isUnwritten(file.bytes)).toBe(true);
    const read = readModel(file);
    // Buffers are numbered anew: there is no file that they would be places in.
    const withoutBuffers = (graph: Graph) => ({ ...graph, tensors: graph.tensors.map((tensor) => ({ ...tensor, buffer: 0 })) });
    expect(read.graphs.map(withoutBuffers)).toEqual(edit.graphs.map(({ graph }) => withoutBuffers(graph)));
    expect(read).toMatchObject({ format: 'onnx', fileName: 'net (quantized)', byteLength: file.byteLength });
    expect(read.graphs[0]!.operators.map(({ name }) => name)).toContain('UNIDIRECTIONAL_SEQUENCE_LSTM');
    // 8 matrices of 6 x 4 and 6 x 6 in int8, 4 biases in int32.
    expect(file.byteLength).toBe(4 * 6 * (4 + 6) + 4 * 6 * 4);
  });

  it('is refused where it is damaged, wherever it is cut', () => {
    const { file } = quantized();
    for (const length of [22, 24, 26, 60, 400, file.bytes.length - 300]) {
      expect(() => readModel({ ...file, bytes: file.bytes.slice(0, length) }), `${length} bytes`).toThrow(ModelFormatError);
    }
    const bytes = file.bytes.slice();
    bytes[26] = 'x'.charCodeAt(0);
    expect(() => readModel({ ...file, bytes })).toThrow(/is no quantized model of a session/);
  });
});
