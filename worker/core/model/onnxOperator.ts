import type { Operator } from './model';

/** Whether an operator is ONNX's, not TensorFlow Lite's or this engine's own: stored as a node, or made by the reader under an ONNX name. */
export function isOnnxOperator({ name, node }: Pick<Operator, 'name' | 'node'>): boolean {
  return node !== undefined || /[a-z]/.test(name);
}
