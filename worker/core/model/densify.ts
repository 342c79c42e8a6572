import { ModelFormatError } from '../formats/modelFormatError';
import type { NumericArray } from '../run/value';
import type { SparseDimension, Sparsity, Tensor } from './model';

/** A small sparse list must not be able to ask for any amount of memory. */
const MAX_DENSE_ELEMENTS = 2 ** 28;

/**
 * Spreads the stored values of a sparse constant over its dense shape; what is not stored is 0.
 *
 * Levels follow the traversal order. The first `rank` of them (by number) walk the tensor's axes, in units of blocks where an
 * axis is blocked; the others walk inside a block (SparsityParameters in TensorFlow Lite's schema, after TACO).
 * @param values stored values in traversal order
 * @param make allocates the dense array
 */
export function densify(
  tensor: Tensor,
  sparsity: Sparsity,
  values: NumericArray,
  make: (count: number) => NumericArray,
): NumericArray {
  const count = tensor.shape.reduce((product, size) => product * size, 1);
  if (count > MAX_DENSE_ELEMENTS) throw malformed(tensor, `would have ${count} elements`, `at most ${MAX_DENSE_ELEMENTS}`);
  const levels = traversalLevels(tensor, sparsity);
  checkLevels(tensor, sparsity, levels, values.length, count);
  const dense = make(count);
  const { dimensions } = sparsity;
  let next = 0;
  const walk = (level: number, node: number, position: number): void => {
    const dimension = dimensions[level];
    const step = levels[level]?.step ?? 0;
    if (dimension === undefined) {
      dense[position] = values[next++] ?? 0;
    } else if (dimension.kind === 'dense') {
      for (let i = 0; i < dimension.size; i++) walk(level + 1, node * dimension.size + i, position + i * step);
    } else {
      const end = dimension.segments[node + 1] ?? 0;
      for (let i = dimension.segments[node] ?? 0; i < end; i++) {
        walk(level + 1, i, position + (dimension.indices[i] ?? 0) * step);
      }
    }
  };
  walk(0, 0, 0);
  return dense;
}

interface Level {
  /** How far one step moves in the dense, row-major array. */
  readonly step: number;
  /** Positions that there are. */
  readonly extent: number;
}

function traversalLevels(tensor: Tensor, sparsity: Sparsity): Level[] {
  const rank = tensor.shape.length;
  const { traversalOrder, blockMap, dimensions } = sparsity;
  if (new Set(blockMap).size !== blockMap.length || !blockMap.every((axis) => axis >= 0 && axis < rank)) {
    throw malformed(tensor, 'has blocks on axes that it does not have', 'at most one block on each axis');
  }
  const isPermutation = new Set(traversalOrder).size === rank + blockMap.length;
  const inRange = traversalOrder.every((level) => level >= 0 && level < rank + blockMap.length);
  if (dimensions.length !== rank + blockMap.length || traversalOrder.length !== dimensions.length || !isPermutation || !inRange) {
    throw malformed(tensor, 'has a traversal order that does not fit its shape', 'a permutation of its axes and block axes');
  }
  const strides = new Array<number>(rank).fill(1);
  for (let axis = rank - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] ?? 1) * (tensor.shape[axis + 1] ?? 1);
  const blockSizes = new Array<number>(rank).fill(1);
  for (const [block, axis] of blockMap.entries()) {
    const dimension = dimensions[traversalOrder.indexOf(rank + block)];
    if (dimension?.kind !== 'dense' || dimension.size < 1 || (tensor.shape[axis] ?? 1) % dimension.size !== 0) {
      throw malformed(tensor, 'has a block that does not fit its shape', 'dense blocks that divide an axis');
    }
    blockSizes[axis] = dimension.size;
  }
  return traversalOrder.map((level) => {
    const axis = level < rank ? level : (blockMap[level - rank] ?? 0);
    const [stride, block] = [strides[axis] ?? 1, blockSizes[axis] ?? 1];
    return level < rank ? { step: stride * block, extent: (tensor.shape[axis] ?? 1) / block } : { step: stride, extent: block };
  });
}

/** Bounds the walk: positions inside each level, ascending segments, and one stored value for each node of the last level. */
function checkLevels(tensor: Tensor, sparsity: Sparsity, levels: readonly Level[], stored: number, count: number): void {
  let nodes = 1;
  for (const [level, dimension] of sparsity.dimensions.entries()) {
    const extent = levels[level]?.extent ?? 0;
    if (dimension.kind === 'sparse-csr') {
      nodes = checkSegments(tensor, dimension, nodes, extent);
    } else if (dimension.size === extent) {
      nodes *= extent;
    } else {
      throw malformed(tensor, `has ${dimension.size} positions on sparse level ${level}`, `${extent} positions`);
    }
    if (nodes > count) throw malformed(tensor, `has ${nodes} entries on sparse level ${level}`, `at most ${count} entries`);
  }
  if (nodes > stored) throw malformed(tensor, `stores ${stored} values for ${nodes} sparse entries`, `at least ${nodes} values`);
}

function checkSegments(
  tensor: Tensor,
  dimension: Extract<SparseDimension, { kind: 'sparse-csr' }>,
  nodes: number,
  extent: number,
): number {
  const { segments, indices } = dimension;
  let last = 0;
  for (const segment of segments) {
    if (segment < last) throw malformed(tensor, 'has sparse segments that go backwards', 'ascending segments');
    last = segment;
  }
  if (segments.length !== nodes + 1 || last > indices.length) {
    throw malformed(
      tensor,
      `has ${segments.length} sparse segments up to ${last}`,
      `${nodes + 1} segments up to ${indices.length}`,
    );
  }
  for (const index of indices) {
    if (index < 0 || index >= extent) throw malformed(tensor, `has the sparse index ${index}`, `from 0 to ${extent - 1}`);
  }
  return last;
}

function malformed(tensor: Tensor, problem: string, limit: string): ModelFormatError {
  return new ModelFormatError('SPARSITY_MALFORMED', `Tensor ${tensor.index}, ${tensor.name}, ${problem}.`, null, limit);
}
