import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { externalDataIn } from '../../worker/core/formats/onnx/externalData';
import { readTensor } from '../../worker/core/formats/onnx/proto/readTensor';
import { WireMessage } from '../../worker/core/formats/onnx/proto/wire';
import { readOnnx } from '../../worker/core/formats/onnx/readOnnx';
import { lowerRecurrent } from '../../worker/core/formats/onnx/recurrent/lowerRecurrent';
import { constantValues } from '../../worker/core/model/constants';
import type { Model, Tensor } from '../../worker/core/model/model';
import { prepareGraph } from '../../worker/core/run/prepareGraph';
import type { Value } from '../../worker/core/run/value';
import { describeShared } from '../shared';

function readValue(file: string): Value {
  const message = WireMessage.ofFile(new Uint8Array(readFileSync(file)), file);
  const { dtype, shape, data } = readTensor(message, externalDataIn(new Map()));
  return { dtype, shape, data: constantValues({ dtype, shape, data, sparsity: null } as unknown as Tensor) };
}

/** The model with all inputs but the first as constants: these tests hand in weights, which a model has in its file. */
function withConstants(model: Model, inputs: readonly Value[]): Model {
  const graphs = model.graphs.map((graph) => ({
    ...graph,
    inputs: graph.inputs.slice(0, 1),
    tensors: graph.tensors.map((tensor) => {
      const data = tensor.index === 0 ? undefined : inputs[graph.inputs.indexOf(tensor.index)]?.data;
      return data === undefined ? tensor : { ...tensor, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
    }),
    operators: graph.operators.map((operator) => ({ ...operator, name: operator.name.replace(/^Onnx/, '') })),
  }));
  return lowerRecurrent({ ...model, graphs });
}

describeShared("ONNX's own tests of LSTM, GRU and RNN, by this engine alone", (shared) => {
  const folder = join(shared, 'data/onnx-node-tests');
  const names = readdirSync(folder).filter((name) => /^test_(lstm|gru|rnn|simple_rnn)_/.test(name));

  it('are twelve', () => {
    expect(names).toHaveLength(12);
  });

  it.each(names)('%s', (name) => {
    const bytes = new Uint8Array(readFileSync(join(folder, name, 'model.onnx')));
    const set = join(folder, name, 'test_data_set_0');
    const file = readOnnx(bytes, name);
    const inputs = (file.graphs[0]?.inputs ?? []).map((_, index) => readValue(join(set, `input_${index}.pb`)));
    const model = withConstants(file, inputs);
    const kind = name.includes('gru') ? 'GRU' : name.includes('lstm') ? 'UNIDIRECTIONAL_SEQUENCE_LSTM' : 'VANILLA_RNN';
    expect(model.graphs[0]?.operators.map((operator) => operator.name)).toEqual([kind]);
    const runner = prepareGraph(model, 0, { path: 'float', persona: 'tflite' });
    const outputs = runner.run(inputs.slice(0, 1));
    expect(outputs.length).toBeGreaterThan(0);
    for (const [index, output] of outputs.entries()) {
      const expected = readValue(join(set, `output_${index}.pb`));
      expect(output.shape).toEqual(expected.shape);
      const got = Array.from(output.data as Float32Array);
      const farthest = Math.max(...Array.from(expected.data as Float32Array, (value, k) => Math.abs(value - (got[k] ?? NaN))));
      expect(farthest).toBeLessThan(1e-6);
    }
  });
});
