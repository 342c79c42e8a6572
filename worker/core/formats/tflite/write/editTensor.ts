import type { Quantization, SparseDimension, Sparsity, Tensor } from '../../../model/model';
import { ModelFormatError } from '../../modelFormatError';
import { TENSOR_TYPES } from '../fields';
import { DIMENSION_METADATA, MULTI_AXIS_QUANTIZATION, QUANTIZATION, QUANTIZATION_DETAILS, SPARSITY, TENSOR } from '../schema';
import { EMPTY_NODE, type FlatNode, type FlatValue, idsOf, nodeOf, withValues } from './flatNode';
import { listValue, numbersOf, scalarValue, tablesValue, tableValue, textValue } from './flatValues';
import { sameNumbers, sameParts } from './sameValues';

type Changes = [id: number, value: FlatValue | null][];

/** What a tensor table without any field reads as. */
const BLANK: Tensor = {
  index: -1,
  name: '',
  dtype: 'float32',
  shape: [],
  shapeSignature: [],
  hasRank: false,
  quantization: null,
  range: null,
  isVariable: false,
  sparsity: null,
  data: null,
  buffer: 0,
};

/** A tensor as it was read, and its table. */
export interface TensorOrigin {
  readonly node: FlatNode;
  readonly tensor: Tensor;
}

/** The tensor's table: the one that it comes from, with the fields set that read otherwise. */
export function editTensor(origin: TensorOrigin | null, tensor: Tensor, buffer: number): FlatNode {
  const { node, tensor: before } = origin ?? { node: EMPTY_NODE, tensor: BLANK };
  const label = () => (tensor.name === '' ? `Tensor ${tensor.index}` : `Tensor ${tensor.index}, ${tensor.name},`);
  const changes: Changes = [];
  if (!sameNumbers(tensor.shape, before.shape)) {
    changes.push([TENSOR.shape.id, listValue(TENSOR.shape, tensor.shape, () => `${label()} a size of its shape`)]);
  }
  if (tensor.dtype !== before.dtype) changes.push([TENSOR.type.id, typeValue(tensor)]);
  if (buffer !== before.buffer) changes.push([TENSOR.buffer.id, scalarValue(TENSOR.buffer, buffer, label)]);
  if (tensor.name !== before.name) changes.push([TENSOR.name.id, textValue(tensor.name)]);
  if (tensor.isVariable !== before.isVariable) {
    changes.push([TENSOR.is_variable.id, scalarValue(TENSOR.is_variable, Number(tensor.isVariable), label)]);
  }
  if (tensor.hasRank !== before.hasRank) {
    changes.push([TENSOR.has_rank.id, scalarValue(TENSOR.has_rank, Number(tensor.hasRank), label)]);
  }
  changes.push(...signatureChange(node, tensor));
  if (!sameParts(tensor.sparsity, before.sparsity)) changes.push([TENSOR.sparsity.id, sparsityValue(tensor.sparsity, label)]);
  if (!sameParts([tensor.quantization, tensor.range], [before.quantization, before.range])) {
    const table = nodeOf(node, TENSOR.quantization.id) ?? EMPTY_NODE;
    const edited = editQuantization(table, before, tensor, label);
    changes.push([TENSOR.quantization.id, edited.values.size === 0 ? null : tableValue(edited)]);
  }
  return changes.length === 0 ? node : withValues(node, changes);
}

function typeValue(tensor: Tensor): FlatValue {
  const code = TENSOR_TYPES.indexOf(tensor.dtype);
  if (code !== -1) return scalarValue(TENSOR.type, code, () => 'a type');
  const message = `Tensor ${tensor.index}, ${tensor.name}, would have the type ${tensor.dtype}, which the format does not have.`;
  throw new ModelFormatError('TYPE_NOT_WRITABLE', message, null, TENSOR_TYPES.join(', '));
}

/** The shape with open axes is stored only where it differs from the shape. */
function signatureChange(node: FlatNode, { index, shape, shapeSignature }: Tensor): Changes {
  const field = TENSOR.shape_signature;
  const stored = numbersOf(node.values.get(field.id), field);
  if (sameNumbers(stored.length === shape.length ? stored : shape, shapeSignature)) return [];
  if (shapeSignature.length !== shape.length) {
    const message = `Tensor ${index} has ${shape.length} axes in its shape and ${shapeSignature.length} in its signature.`;
    throw new ModelFormatError('SHAPE_SIGNATURE', message, null, 'as many axes in both');
  }
  const naming = () => `A size in the shape signature of tensor ${index}`;
  return [[field.id, sameNumbers(shape, shapeSignature) ? null : listValue(field, shapeSignature, naming)]];
}

function editQuantization(node: FlatNode, before: Tensor, after: Tensor, label: () => string): FlatNode {
  const changes: Changes = [];
  if (!sameParts(after.range, before.range)) {
    const { min, max } = QUANTIZATION;
    changes.push([min.id, after.range === null ? null : listValue(min, after.range.min, label)]);
    changes.push([max.id, after.range === null ? null : listValue(max, after.range.max, label)]);
  }
  if (after.quantization !== null) {
    changes.push(...parameterChanges(node, before.quantization, after.quantization, label));
  } else if (before.quantization !== null) {
    const { scale, zero_point, details, quantized_dimension } = QUANTIZATION;
    for (const field of [scale, zero_point, details, quantized_dimension]) {
      changes.push(...idsOf(field).map((id): Changes[number] => [id, null]));
    }
  }
  return withValues(node, changes);
}

function parameterChanges(node: FlatNode, before: Quantization | null, after: Quantization, label: () => string): Changes {
  const changes: Changes = [];
  const { scale, zero_point, details, quantized_dimension } = QUANTIZATION;
  const { scales, zeroPoints, axis, blockwise } = after;
  if (zeroPoints.length !== scales.length) {
    const message = `${label()} has ${scales.length} scales and ${zeroPoints.length} zero points.`;
    throw new ModelFormatError('ZERO_POINT_COUNT', message, null, 'one zero point for each scale');
  }
  if (!sameNumbers(scales, before?.scales ?? [])) {
    changes.push([scale.id, scales.length === 0 ? null : listValue(scale, scales, label)]);
  }
  if (!sameNumbers(zeroPoints, before?.zeroPoints ?? [])) {
    const naming = () => `A zero point of ${label()}`;
    changes.push([zero_point.id, zeroPoints.length === 0 ? null : listValue(zero_point, zeroPoints, naming)]);
  }
  if (axis !== (before?.axis ?? 0)) changes.push([quantized_dimension.id, scalarValue(quantized_dimension, axis, label)]);
  if (sameParts(blockwise, before?.blockwise ?? null)) return changes;
  if (blockwise === null) return [...changes, [details.id, null], [details.id + 1, null]];
  const table = withValues(before?.blockwise ? (nodeOf(node, details.id + 1) ?? EMPTY_NODE) : EMPTY_NODE, [
    [MULTI_AXIS_QUANTIZATION.scales.id, scalarValue(MULTI_AXIS_QUANTIZATION.scales, blockwise.scalesTensor, label)],
    [MULTI_AXIS_QUANTIZATION.zero_points.id, scalarValue(MULTI_AXIS_QUANTIZATION.zero_points, blockwise.zeroPointsTensor, label)],
    [MULTI_AXIS_QUANTIZATION.block_size.id, scalarValue(MULTI_AXIS_QUANTIZATION.block_size, blockwise.blockSize, label)],
  ]);
  if (!before?.blockwise) changes.push([details.id, unionCode(QUANTIZATION_DETAILS.blockwise)]);
  return [...changes, [details.id + 1, tableValue(table)]];
}

function unionCode(code: number): FlatValue {
  return scalarValue({ type: 'uint8' }, code, () => 'a union');
}

function sparsityValue(sparsity: Sparsity | null, label: () => string): FlatValue | null {
  if (sparsity === null) return null;
  const { traversal_order, block_map, dim_metadata } = SPARSITY;
  const blocks: Changes = sparsity.blockMap.length === 0 ? [] : [[block_map.id, listValue(block_map, sparsity.blockMap, label)]];
  return tableValue(
    withValues(EMPTY_NODE, [
      [traversal_order.id, listValue(traversal_order, sparsity.traversalOrder, label)],
      ...blocks,
      [dim_metadata.id, tablesValue(sparsity.dimensions.map((dimension) => sparseDimension(dimension, label)))],
    ]),
  );
}

function sparseDimension(dimension: SparseDimension, label: () => string): FlatNode {
  const { format, dense_size, array_segments, array_indices } = DIMENSION_METADATA;
  if (dimension.kind === 'dense') {
    return withValues(EMPTY_NODE, [[dense_size.id, scalarValue(dense_size, dimension.size, label)]]);
  }
  const changes: Changes = [[format.id, scalarValue(format, 1, label)]];
  for (const [field, values] of [
    [array_segments, dimension.segments],
    [array_indices, dimension.indices],
  ] as const) {
    // The union's codes in this order; narrow lists are aligned as int32.
    const [code, type] =
      values instanceof Int32Array
        ? ([1, 'int32'] as const)
        : values instanceof Uint16Array
          ? ([2, 'uint16'] as const)
          : ([3, 'uint8'] as const);
    const list = { ...listValue({ type }, values, label), align: 4 };
    changes.push([field.id, unionCode(code)], [field.id + 1, tableValue(withValues(EMPTY_NODE, [[0, list]]))]);
  }
  return withValues(EMPTY_NODE, changes);
}
