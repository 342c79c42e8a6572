import {
  bytes,
  type FlatTableSpec,
  float32,
  float32s,
  int32,
  int32s,
  int64s,
  int8,
  table,
  tables,
  text,
  writeFlat,
} from '../../unit/formats/flatWriter';

const INT8 = 9;
const INT16 = 7;
const INT32 = 2;
const ABSENT = -1;

interface Parts {
  readonly tensors: FlatTableSpec[];
  readonly operators: FlatTableSpec[];
  readonly buffers: FlatTableSpec[];
}

const affine = (scales: readonly number[], zeroPoint = 0) =>
  table({ 2: float32s(scales), 3: int64s(scales.map(() => zeroPoint)) });

function addTensor(
  { tensors, buffers }: Parts,
  name: string,
  type: number,
  shape: readonly number[],
  more: FlatTableSpec,
  data?: Uint8Array,
): number {
  if (data !== undefined) buffers.push({ 0: bytes(data) });
  const buffer = data === undefined ? 0 : buffers.length - 1;
  tensors.push({ 0: int32s(shape), 1: int8(type), 2: int32(buffer), 3: text(name), ...more });
  return tensors.length - 1;
}

function file(parts: Parts, codes: readonly FlatTableSpec[], inputs: readonly number[], outputs: readonly number[]): Uint8Array {
  const graph = { 0: tables(parts.tensors), 1: int32s(inputs), 2: int32s(outputs), 3: tables(parts.operators), 4: text('main') };
  return writeFlat({ 0: int32(3), 1: tables(codes), 2: tables([graph]), 3: text('synthetic'), 4: tables(parts.buffers) }).bytes;
}

function weights(count: number): Uint8Array {
  const values = new Uint8Array(count);
  for (let i = 0; i < count; i++) values[i] = (i * 2654435761) >>> 24;
  return values;
}

/** A stack of integer LSTMs of `size` cells over as many inputs; each holds 8 * size^2 bytes of weights. */
export function stackedLstms(layers: number, size: number): Uint8Array {
  const parts: Parts = { tensors: [], operators: [], buffers: [{}] };
  let x = addTensor(parts, 'features', INT8, [1, 1, size], { 4: affine([0.03]), 7: int32s([1, -1, size]) });
  const input = x;
  for (let layer = 0; layer < layers; layer++) {
    const add = (name: string, type: number, shape: number[], scale: number, data?: Uint8Array, more: FlatTableSpec = {}) =>
      addTensor(parts, `lstm${layer}/${name}`, type, shape, { 4: affine([scale]), ...more }, data);
    const gates = ['input', 'forget', 'cell', 'output'];
    const matrices = ['input', 'recurrent'].flatMap((from) =>
      gates.map((gate) => add(`${from}_to_${gate}_weights`, INT8, [size, size], 0.004, weights(size * size))),
    );
    const biases = gates.map((gate) => add(`${gate}_gate_bias`, INT32, [size], 0.00012, weights(4 * size)));
    const state = add('output_state', INT8, [1, size], 0.008, undefined, { 5: int8(1) });
    const cell = add('cell_state', INT16, [1, size], 2 ** -12, undefined, { 5: int8(1) });
    const hidden = add('hidden', INT8, [0], 0.008);
    const output = add('output', INT8, [1, 1, size], 0.008, undefined, { 7: int32s([1, -1, size]) });
    const inputs = [x, ...matrices, ABSENT, ABSENT, ABSENT, ...biases, ABSENT, ABSENT, state, cell];
    parts.operators.push({
      1: int32s(inputs),
      2: int32s([output]),
      3: int8(71),
      4: table({ 0: int8(4), 1: float32(10) }),
      8: int32s([hidden, hidden, hidden, hidden, hidden]),
    });
    x = output;
  }
  return file(parts, [{ 0: int8(44), 2: int32(2) }], [input], [x]);
}

/** A chain of `count` fully connected layers of 16 outputs with per-channel scales. */
export function longChain(count: number): Uint8Array {
  const size = 16;
  const parts: Parts = { tensors: [], operators: [], buffers: [{}] };
  let x = addTensor(parts, 'input', INT8, [1, size], { 4: affine([0.03]) });
  const input = x;
  const scales = Array.from({ length: size }, (_, i) => 0.01 + 0.001 * i);
  for (let layer = 0; layer < count; layer++) {
    const matrix = addTensor(parts, `dense${layer}/weights`, INT8, [size, size], { 4: affine(scales) }, weights(size * size));
    const bias = addTensor(
      parts,
      `dense${layer}/bias`,
      INT32,
      [size],
      { 4: affine(scales.map((scale) => scale * 0.03)) },
      weights(4 * size),
    );
    const output = addTensor(parts, `dense${layer}/output`, INT8, [1, size], { 4: affine([0.05], -3) });
    parts.operators.push({ 1: int32s([x, matrix, bias]), 2: int32s([output]), 3: int8(8), 4: table({ 0: int8(1) }) });
    x = output;
  }
  return file(parts, [{ 0: int8(9), 2: int32(4) }], [input], [x]);
}
