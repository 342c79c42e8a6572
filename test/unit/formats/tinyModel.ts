import {
  bytes,
  type FlatFile,
  type FlatTableSpec,
  float32s,
  int32,
  int32s,
  int64s,
  int8,
  table,
  tables,
  text,
  writeFlat,
} from './flatWriter';

/** Field ids of the schema, written here on their own. */
export const TENSOR = {
  shape: 0,
  type: 1,
  buffer: 2,
  name: 3,
  quantization: 4,
  variable: 5,
  sparsity: 6,
  signature: 7,
  hasRank: 8,
};
export const OPERATOR = { code: 0, inputs: 1, outputs: 2, optionsType: 3, options: 4, custom: 5, intermediates: 8 };
export const MODEL = { version: 0, codes: 1, subgraphs: 2, description: 3, buffers: 4, metadata: 6, signatures: 7 };

/** input int8 [1, 4] -> FULLY_CONNECTED with weights [2, 4] and bias [2] -> output int8 [1, 2]. */
export interface TinyParts {
  tensors: FlatTableSpec[];
  operators: FlatTableSpec[];
  buffers: FlatTableSpec[];
  codes: FlatTableSpec[];
  subgraph: FlatTableSpec;
  model: FlatTableSpec;
  identifier: string;
}

const affine = (scale: number, zeroPoint: number) => table({ 2: float32s([scale]), 3: int64s([zeroPoint]) });

/** A small valid model; `change` gets its parts and makes it invalid, or different. */
export function tinyModel(change: (parts: TinyParts) => void = () => undefined): FlatFile {
  const { root, identifier } = tinyTables(change);
  return writeFlat(root, identifier);
}

/** The same model before it is laid out. */
export function tinyTables(change: (parts: TinyParts) => void = () => undefined): {
  readonly root: FlatTableSpec;
  readonly identifier: string;
} {
  const parts: TinyParts = {
    tensors: [
      { 0: int32s([1, 4]), 1: int8(9), 2: int32(0), 3: text('input'), 4: affine(0.5, -3) },
      { 0: int32s([2, 4]), 1: int8(9), 2: int32(1), 3: text('weights'), 4: affine(0.25, 0) },
      { 0: int32s([2]), 1: int8(2), 2: int32(2), 3: text('bias'), 4: affine(0.125, 0) },
      { 0: int32s([1, 2]), 1: int8(9), 2: int32(0), 3: text('output'), 4: affine(1, 7) },
    ],
    operators: [{ 0: int32(0), 1: int32s([0, 1, 2]), 2: int32s([3]), 3: int8(8), 4: table({ 0: int8(1) }) }],
    buffers: [{}, { 0: bytes([1, 2, 3, 4, 252, 253, 254, 255]) }, { 0: bytes([10, 0, 0, 0, 246, 255, 255, 255]) }],
    codes: [{ 0: int8(9), 2: int32(4), 3: int32(9) }],
    subgraph: {},
    model: {},
    identifier: 'TFL3',
  };
  change(parts);
  const graph = {
    0: tables(parts.tensors),
    1: int32s([0]),
    2: int32s([3]),
    3: tables(parts.operators),
    4: text('main'),
    ...parts.subgraph,
  };
  const root = {
    0: int32(3),
    1: tables(parts.codes),
    2: tables([graph]),
    3: text('tiny'),
    4: tables(parts.buffers),
    ...parts.model,
  };
  return { root, identifier: parts.identifier };
}
