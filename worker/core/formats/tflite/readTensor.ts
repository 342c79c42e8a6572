import { BITS_PER_ELEMENT, type DType } from '../../model/dtype';
import type { Quantization, SparseDimension, Sparsity, Tensor } from '../../model/model';
import { ModelFormatError } from '../modelFormatError';
import { TENSOR_TYPES } from './fields';
import type { FlatTable } from './flatTable';
import type { FileBuffer } from './readBuffers';
import { type DIMENSION_METADATA, type QUANTIZATION, QUANTIZATION_DETAILS, type SPARSITY, type TENSOR } from './schema';
import type { BlockwiseQuantizationTable, SparseIndexTable } from './schema';
import { counted, grouped } from '../../wording';

const MAX_RANK = 64;
/** Sizes stay exact in float64 up to here; no real tensor comes near. */
const MAX_TENSOR_BITS = Number.MAX_SAFE_INTEGER;

/** Reads and checks one tensor: its buffer, shape against stored bytes, quantization parameters, sparsity. */
export function readTensor(table: FlatTable<typeof TENSOR>, index: number, buffers: readonly FileBuffer[]): Tensor {
  const name = table.text('name');
  const label = name === '' ? `Tensor ${index}` : `Tensor ${index}, ${name},`;
  const dtype = TENSOR_TYPES[table.number('type')] ?? 'unknown';
  const shape = readShape(table, label);
  const bits = tensorBits(table, label, shape, dtype);
  const buffer = table.number('buffer');
  const stored = storedBuffer(table, label, buffer, buffers);
  const sparsityTable = table.table('sparsity');
  const sparsity = sparsityTable === null ? null : readSparsity(sparsityTable);
  const data = constantData(stored, bits);
  if (data !== null && sparsity === null && BITS_PER_ELEMENT[dtype] > 0) checkSize(table, label, shape, dtype, bits, data);
  const quantization = table.table('quantization');
  const signature = table.numbers('shape_signature');
  return {
    index,
    name,
    dtype,
    shape,
    shapeSignature: signature.length === shape.length ? signature : shape,
    hasRank: table.boolean('has_rank') || shape.length > 0 || data !== null,
    quantization: quantization === null ? null : readQuantization(quantization, label, dtype),
    range: quantization === null ? null : readRange(quantization),
    isVariable: table.boolean('is_variable'),
    sparsity,
    data,
    buffer,
  };
}

function readShape(table: FlatTable<typeof TENSOR>, label: string): number[] {
  if (table.lengthOf('shape') > MAX_RANK) {
    const message = `${label} has ${grouped(table.lengthOf('shape'))} dimensions.`;
    throw new ModelFormatError('RANK_TOO_HIGH', message, table.offsetOf('shape'), `at most ${MAX_RANK} dimensions`);
  }
  const shape = table.numbers('shape');
  const negative = shape.findIndex((size) => size < 0);
  if (negative !== -1) {
    const message = `${label} has the shape [${shape.join(', ')}]: a size is negative.`;
    throw new ModelFormatError('NEGATIVE_DIMENSION', message, table.elementOffset('shape', negative), 'sizes of 0 or more');
  }
  return shape;
}

/** Size of the dense tensor in bits; 0 for types without a fixed element size. */
function tensorBits(table: FlatTable<typeof TENSOR>, label: string, shape: readonly number[], dtype: DType): number {
  if (shape.includes(0)) return 0;
  let elements = 1;
  for (const [axis, size] of shape.entries()) {
    elements *= size;
    if (elements * Math.max(1, BITS_PER_ELEMENT[dtype]) > MAX_TENSOR_BITS) {
      const message = `${label} has the shape [${shape.join(', ')}]: more elements than any memory holds.`;
      const limit = `at most ${grouped(MAX_TENSOR_BITS)} bits`;
      throw new ModelFormatError('SHAPE_TOO_LARGE', message, table.elementOffset('shape', axis), limit);
    }
  }
  return elements * BITS_PER_ELEMENT[dtype];
}

function storedBuffer(
  table: FlatTable<typeof TENSOR>,
  label: string,
  buffer: number,
  buffers: readonly FileBuffer[],
): FileBuffer | null {
  if (table.number('external_buffer') !== 0) {
    const message = `${label} keeps its values in another file, which cannot be read yet.`;
    throw new ModelFormatError('EXTERNAL_WEIGHTS', message, table.offsetOf('external_buffer'), 'values inside the file');
  }
  const stored = buffers[buffer];
  if (stored !== undefined) return stored;
  // Buffer 0 stands for "no data" even where a file leaves the list empty.
  if (buffer === 0) return null;
  throw new ModelFormatError(
    'BUFFER_INDEX_OUT_OF_RANGE',
    `${label} refers to buffer ${grouped(buffer)}. The file has ${counted(buffers.length, 'buffer')}.`,
    table.offsetOf('buffer'),
    `buffer index below ${grouped(buffers.length)}`,
  );
}

/** An empty list is "no data", except for a constant without elements. */
function constantData(stored: FileBuffer | null, bits: number): Uint8Array | null {
  if (stored === null || stored.data === null) return null;
  return stored.data.length > 0 || bits === 0 ? stored.data : null;
}

function checkSize(
  table: FlatTable<typeof TENSOR>,
  label: string,
  shape: readonly number[],
  dtype: DType,
  bits: number,
  data: Uint8Array,
): void {
  const needed = Math.ceil(bits / 8);
  if (data.length >= needed) return;
  throw new ModelFormatError(
    'BUFFER_TOO_SMALL',
    `${label} needs ${counted(needed, 'byte')} for ${dtype} [${shape.join(', ')}]. Its buffer has ${grouped(data.length)}.`,
    table.offsetOf('shape'),
    `at least ${counted(needed, 'byte')}`,
  );
}

function readQuantization(table: FlatTable<typeof QUANTIZATION>, label: string, dtype: DType): Quantization | null {
  const blockwise = readBlockwise(table);
  const scales = table.floats('scale');
  if (scales.length === 0 && blockwise === null) return null;
  // Scales of 0 and below are left to the findings: runtimes differ in what they do about them. Parameters left on a float
  // tensor are not used by anything.
  const bad = scales.findIndex((scale) => !Number.isFinite(scale));
  if (bad !== -1 && !dtype.startsWith('float')) {
    const message = `${label} has the scale ${scales[bad]}.`;
    throw new ModelFormatError('SCALE_NOT_FINITE', message, table.elementOffset('scale', bad), 'finite scales');
  }
  const stored = table.numbers('zero_point');
  if (stored.length > 1 && stored.length !== scales.length) {
    const message = `${label} has ${counted(scales.length, 'scale')} and ${counted(stored.length, 'zero point')}.`;
    const limit = 'one zero point, or one per scale';
    throw new ModelFormatError('ZERO_POINT_COUNT', message, table.offsetOf('zero_point'), limit);
  }
  const zeroPoints = new Float64Array(scales.length);
  for (let i = 0; i < zeroPoints.length; i++) zeroPoints[i] = stored[stored.length === 1 ? 0 : i] ?? 0;
  return { scales, zeroPoints, axis: table.number('quantized_dimension'), blockwise };
}

function readBlockwise(table: FlatTable<typeof QUANTIZATION>): Quantization['blockwise'] {
  const details = table.union<BlockwiseQuantizationTable>('details');
  if (details.table === null) return null;
  if (details.code !== QUANTIZATION_DETAILS.blockwise && details.code !== QUANTIZATION_DETAILS.multiAxis) return null;
  return {
    scalesTensor: details.table.number('scales'),
    zeroPointsTensor: details.table.number('zero_points'),
    blockSize: details.table.number('block_size'),
  };
}

function readRange(table: FlatTable<typeof QUANTIZATION>): Tensor['range'] {
  const min = table.numbers('min');
  const max = table.numbers('max');
  return min.length === 0 || min.length !== max.length ? null : { min, max };
}

function readSparsity(table: FlatTable<typeof SPARSITY>): Sparsity {
  return {
    traversalOrder: table.numbers('traversal_order'),
    blockMap: table.numbers('block_map'),
    dimensions: table.tables('dim_metadata').map(readSparseDimension),
  };
}

function readSparseDimension(table: FlatTable<typeof DIMENSION_METADATA>): SparseDimension {
  if (table.number('format') === 0) return { kind: 'dense', size: table.number('dense_size') };
  const segments = table.union<SparseIndexTable>('array_segments').table;
  const indices = table.union<SparseIndexTable>('array_indices').table;
  return {
    kind: 'sparse-csr',
    segments: segments?.integers('values') ?? new Int32Array(0),
    indices: indices?.integers('values') ?? new Int32Array(0),
  };
}
