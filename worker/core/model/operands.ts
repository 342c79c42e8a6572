import { ABSENT, type Graph, type Operator, type Tensor } from './model';

/** The tensor of an operand; null when it is absent, past the end, or refers to no tensor. */
export function operandTensor(graph: Graph, operator: Operator, operand: number): Tensor | null {
  return graph.tensors[operator.inputs[operand] ?? ABSENT] ?? null;
}

/** The shape with 1 on axes that the file leaves open: what a size of one step or one sample is counted at. */
export function countedShape(tensor: Tensor): readonly number[] {
  return tensor.shape.map((size, axis) => (tensor.shapeSignature[axis] === -1 ? 1 : size));
}
