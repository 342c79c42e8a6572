import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readModel } from '../../../worker/core/formats/readModel';
import { constantValues } from '../../../worker/core/model/constants';
import { macsOf } from '../../../worker/core/model/macs';
import type { Graph, Model } from '../../../worker/core/model/model';
import { schemeOf } from '../../../worker/core/model/scheme';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { readBeside } from '../../../worker/readBeside';
import { describeShared } from '../../shared';

function open(path: string): Model {
  return readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) });
}

function uses(graph: Graph | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { name } of graph?.operators ?? []) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

const listOf = (graph: Graph | undefined, list: 'inputs' | 'outputs') =>
  (graph?.[list] ?? []).map((index) => {
    const tensor = graph?.tensors[index];
    return `${tensor?.name} ${tensor?.dtype} [${tensor?.shapeSignature.join(', ')}]`;
  });

describeShared('ONNX models of others', (shared) => {
  const onnx = (name: string) => open(join(shared, 'data/onnx', name));

  it('Silero VAD is read at 16 kHz, with what its If nodes hide in plain sight', () => {
    const model = onnx('silero_vad.onnx');
    const [graph] = model.graphs;
    expect(model.graphs).toHaveLength(1);
    expect(listOf(graph, 'inputs')).toEqual(['input float32 [-1, -1]', 'state float32 [2, -1, 128]']);
    expect(listOf(graph, 'outputs')).toEqual(['output float32 [-1, 1]', 'stateN float32 [2, -1, 128]']);
    expect(uses(graph)).toMatchObject({ Conv: 6, UNIDIRECTIONAL_SEQUENCE_LSTM: 1 });
    expect(uses(graph)).not.toHaveProperty('If');
    expect(uses(graph)).not.toHaveProperty('Identity');
    expect(graph?.tensors.filter(({ hasRank }) => !hasRank)).toEqual([]);
    expect(model.metadata.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['assumed: sr', 'assumed: sizes', 'If taken', 'operators folded']),
    );
  });

  it('its other export, without If, is the same network', () => {
    const [plain] = onnx('silero_vad_openvino_16k.onnx').graphs;
    const [inlined] = onnx('silero_vad.onnx').graphs;
    expect(uses(plain)).toEqual(uses(inlined));
    expect(plain?.operators.map(({ name }) => name)).toEqual(inlined?.operators.map(({ name }) => name));
    // 258 filters of 256 over 4 positions, four 1D convolutions, the last one of 128 to 1.
    const macs = plain?.operators.filter(({ name }) => name === 'Conv').map((operator) => macsOf(plain, operator));
    expect(macs).toEqual([258 * 256 * 4, 128 * 387 * 4, 64 * 384 * 2, 64 * 192, 128 * 192, 128]);
  });

  it('DTLN is read as its .tflite counterparts are', () => {
    const [graph] = onnx('dtln_model_1.onnx').graphs;
    expect(uses(graph)).toMatchObject({ UNIDIRECTIONAL_SEQUENCE_LSTM: 2, MatMul: 1, Sigmoid: 1 });
    const overview = buildOverview(onnx('dtln_model_1.onnx'), {});
    // Two LSTMs and the dense layer of 128 to 257.
    expect(overview.macs).toBe(4 * 128 * (257 + 128) + 4 * 128 * 256 + 128 * 257);
    expect(overview.findings.filter(({ rule }) => rule === 'unused-tensors')).toEqual([]);
    expect(schemeOf(onnx('dtln_model_2.onnx'))).toBe('float');
    expect(schemeOf(onnx('derived_dtln_model_1_dynquantlstm.onnx'))).toBe('hybrid');
  });

  it.each(readdirSync(join(shared, 'data/onnx-node-tests')))('%s', (name) => {
    const path = join(shared, 'data/onnx-node-tests', name, 'model.onnx');
    if (!existsSync(path)) throw new Error('no model');
    const model = open(path);
    const [graph] = model.graphs;
    expect(graph?.operators.length).toBeGreaterThan(0);
    expect(graph?.tensors.filter(({ dtype }) => dtype === 'unknown')).toEqual([]);
    for (const tensor of graph?.tensors ?? []) if (tensor.data !== null) constantValues(tensor);
    expect(buildOverview(model, {}).ops).toHaveLength(graph?.operators.length ?? 0);
  });

  it.each([
    ['duplicate_output_name', 'DUPLICATE_VALUE'],
    ['external_data_path_traversal', 'EXTERNAL_DATA_OUTSIDE'],
    ['if_nested_90_deep', 'NESTED_TOO_DEEP'],
    ['initializer_negative_dim', 'NEGATIVE_DIMENSION'],
    ['raw_data_wrong_size', 'VALUES_DO_NOT_FIT'],
    ['varint_11_bytes', 'VARINT_TOO_LONG'],
  ])('%s.onnx is refused: %s', (name, code) => {
    const path = join(shared, 'data/malformed', `${name}.onnx`);
    expect(() => open(path)).toThrow(ModelFormatError);
    try {
      open(path);
    } catch (error) {
      expect(error).toMatchObject({ code });
      expect((error as ModelFormatError).byteOffset).toBeGreaterThan(0);
    }
    if (code === 'EXTERNAL_DATA_OUTSIDE')
      expect(() => readBeside(path, new Uint8Array(readFileSync(path)))).toThrow('/etc/passwd');
  });
});
