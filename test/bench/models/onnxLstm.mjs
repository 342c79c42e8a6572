// Builds an .onnx file of one LSTM (float32) or one DynamicQuantizeLSTM (int8 weights): the peers' form of the same layer.
import { seededRandom } from './random.mjs';

const FLOAT = 1;
const INT8 = 3;

/** @param onnx the onnx-proto package's `onnx` namespace */
export function buildOnnxLstm({ onnx }, { kind, input, cell, steps, batch }) {
  const random = seededRandom(cell);
  const raw = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  const constant = (name, dataType, dims, array) => ({ name, dataType, dims, rawData: raw(array) });
  const value = (name, dims) => ({
    name,
    type: { tensorType: { elemType: FLOAT, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
  });
  const weights = (name, columns) => {
    const limit = 2 / Math.sqrt(columns);
    const length = 4 * cell * columns;
    // DynamicQuantizeLSTM wants its weights transposed: [directions, columns, 4 * cell].
    if (kind === 'float') {
      return [
        constant(
          name,
          FLOAT,
          [1, 4 * cell, columns],
          Float32Array.from({ length }, () => random() * limit),
        ),
      ];
    }
    return [
      constant(
        name,
        INT8,
        [1, columns, 4 * cell],
        Int8Array.from({ length }, () => Math.round(random() * 127)),
      ),
      constant(`${name}_scale`, FLOAT, [1], Float32Array.of(limit / 127)),
      constant(`${name}_zero_point`, INT8, [1], Int8Array.of(0)),
    ];
  };
  const bias = constant(
    'B',
    FLOAT,
    [1, 8 * cell],
    Float32Array.from({ length: 8 * cell }, () => random() / 4),
  );
  const w = weights('W', input);
  const r = weights('R', cell);
  const quantized = kind === 'float' ? [] : ['', '', '', '', 'W_scale', 'W_zero_point', 'R_scale', 'R_zero_point'];
  const node = {
    opType: kind === 'float' ? 'LSTM' : 'DynamicQuantizeLSTM',
    domain: kind === 'float' ? '' : 'com.microsoft',
    name: 'lstm',
    input: ['X', 'W', 'R', 'B', ...quantized],
    output: ['Y'],
    attribute: [{ name: 'hidden_size', type: 2, i: cell }],
  };
  const model = {
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 17 },
      { domain: 'com.microsoft', version: 1 },
    ],
    producerName: 'benchmark',
    graph: {
      name: 'lstm',
      node: [node],
      input: [value('X', [steps, batch, input])],
      output: [value('Y', [steps, 1, batch, cell])],
      initializer: [...w, ...r, bias],
    },
  };
  return onnx.ModelProto.encode(onnx.ModelProto.create(model)).finish();
}
