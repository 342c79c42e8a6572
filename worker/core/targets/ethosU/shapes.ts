import { elementCount, isConstant, tensorAt } from '../operands';
import type { OperatorContext } from '../target';
import type { Graph, Tensor } from '../../model/model';

const UNARY = ['ABS', 'ELU', 'EXP', 'GELU', 'HARD_SWISH', 'LEAKY_RELU', 'LOG', 'LOGISTIC', 'NEG', 'RELU', 'RELU6'];
const MORE_UNARY = ['RELU_0_TO_1', 'RELU_N1_TO_1', 'RSQRT', 'TANH', 'QUANTIZE'];
const BINARY = ['ADD', 'DIV', 'MAXIMUM', 'MINIMUM', 'MUL', 'SQUARED_DIFFERENCE', 'SUB'];
/** Operators whose output's missing shape the compiler works out from their inputs. */
const SHAPE_FROM_INPUTS: ReadonlySet<string> = new Set([...UNARY, ...MORE_UNARY, ...BINARY]);

const knownShapes = new WeakMap<Graph, ReadonlySet<number>>();

/**
 * Whether the compiler knows a shape for the tensor. Constants without one count as vectors; the shape of an element-wise
 * operator's output is taken from its inputs. A shape of [0] is a shape.
 */
export function hasKnownShape(graph: Graph, tensor: Tensor): boolean {
  const found = knownShapes.get(graph) ?? shapesOf(graph);
  knownShapes.set(graph, found);
  return found.has(tensor.index);
}

/** In one pass: operators are stored in the order in which they run. */
function shapesOf(graph: Graph): ReadonlySet<number> {
  const known = new Set(graph.tensors.filter((own) => own.shape.length > 0 || isConstant(own)).map((own) => own.index));
  for (const { name, inputs, outputs } of graph.operators) {
    if (!SHAPE_FROM_INPUTS.has(name) || !inputs.every((index) => index < 0 || known.has(index))) continue;
    for (const index of outputs) known.add(index);
  }
  return known;
}

export function intermediatesOf({ graph, operator }: OperatorContext): readonly Tensor[] {
  return operator.intermediates.map((index) => tensorAt(graph, index)).filter((tensor) => tensor !== null);
}

/** The shape padded in front with ones to at least four axes, as the hardware sees it: [..., N, H, W, C]. */
export function paddedShape(shape: readonly number[]): readonly number[] {
  return shape.length >= 4 ? shape : [...Array<number>(4 - shape.length).fill(1), ...shape];
}

/** Axes as non-negative indices into a shape of the given rank. */
export function normalizedAxes(axes: readonly number[], rank: number): readonly number[] {
  return axes.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** Product of the sizes along some axes. */
export function elementsAlong(shape: readonly number[], axes: readonly number[]): number {
  return elementCount(axes.map((axis) => shape[axis] ?? 1));
}
