import { BITS_PER_ELEMENT } from '../model/dtype';
import { ABSENT, type Graph, type Operator, type OptionValue, type Tensor } from '../model/model';
import type { AffineParameters } from '../quantization/affine';
import { UnsupportedOperatorError } from '../run/preparedOp';
import type { Value } from '../run/value';
import type { PerGate, Weights } from './lstmCell';

/** One LSTM operator's operands, looked up and checked; every refusal names the operator and the operand. */
export class OperandReader {
  constructor(
    readonly graph: Graph,
    readonly operator: Operator,
  ) {}

  /** Tensor of an operand; null where it is absent. */
  optional(position: number): Tensor | null {
    const index = this.operator.inputs[position] ?? ABSENT;
    return index === ABSENT ? null : (this.graph.tensors[index] ?? null);
  }

  required(position: number, role: string): Tensor {
    const tensor = this.optional(position);
    if (tensor === null) throw this.refusal(`${role} (operand ${position}) is missing`);
    return tensor;
  }

  output(position: number): Tensor {
    const tensor = this.graph.tensors[this.operator.outputs[position] ?? ABSENT];
    if (tensor === undefined) throw this.refusal(`output ${position} is missing`);
    return tensor;
  }

  intermediate(position: number): Tensor | null {
    return this.graph.tensors[this.operator.intermediates[position] ?? ABSENT] ?? null;
  }

  /** A constant operand of exactly this shape; null where it is absent. */
  optionalWeights(position: number, shape: readonly number[], role: string): Weights | null {
    const tensor = this.optional(position);
    if (tensor === null) return null;
    const fits = tensor.shape.length === shape.length && shape.every((size, axis) => size === tensor.shape[axis]);
    if (!fits) throw this.refusal(`${role} (operand ${position}) is [${tensor.shape.join(', ')}], not [${shape.join(', ')}]`);
    const stored = this.#storedConstant(tensor, position, role);
    this.#checkFilled(stored, shape, `${role} (operand ${position})`);
    return { tensor, stored };
  }

  weights(position: number, shape: readonly number[], role: string): Weights {
    const weights = this.optionalWeights(position, shape, role);
    if (weights === null) throw this.refusal(`${role} (operand ${position}) is missing`);
    return weights;
  }

  /** One kind of operand for every gate; the input gate's is absent with CIFG. */
  perGate(positions: PerGate<number>, shape: readonly number[], kind: string, cifg: boolean): PerGate<Weights | null> {
    const input = cifg ? this.optionalWeights(positions.input, shape, `input ${kind}`) : null;
    if (input !== null)
      throw this.refusal(`without input-to-input weights (CIFG) there must be no input ${kind} (operand ${positions.input})`);
    return {
      input: cifg ? null : this.weights(positions.input, shape, `input ${kind}`),
      forget: this.weights(positions.forget, shape, `forget ${kind}`),
      cell: this.weights(positions.cell, shape, `cell ${kind}`),
      output: this.weights(positions.output, shape, `output ${kind}`),
    };
  }

  /** The value of an operand at run time. */
  value(inputs: readonly (Value | null)[], position: number): Value {
    const value = inputs[position] ?? null;
    if (value === null) throw this.refusal(`operand ${position} has no value at run time`);
    return value;
  }

  /** The one scale and zero point of a tensor. */
  affine(tensor: Tensor): AffineParameters {
    const { scales, zeroPoints } = tensor.quantization ?? { scales: [], zeroPoints: [] };
    const [scale] = scales;
    if (scales.length > 1) throw this.refusal(`${tensor.name} has ${scales.length} scales; an LSTM's operands have one each`);
    if (scale === undefined || !(scale > 0) || scale === Infinity) throw this.refusal(`${tensor.name} has no scale`);
    return { scale, zeroPoint: zeroPoints[0] ?? 0 };
  }

  option(name: string): OptionValue | undefined {
    return this.operator.options[name];
  }

  /** A clip value >= 0; 0 = off. */
  clip(name: string): number {
    const value = this.option(name) ?? 0;
    if (typeof value !== 'number' || !(value >= 0)) throw this.refusal(`${name} is ${String(value)}; it must not be negative`);
    return value;
  }

  refusal(reason: string): UnsupportedOperatorError {
    const { index, name } = this.operator;
    return new UnsupportedOperatorError(index, name, `op ${index} ${name}: ${reason}`);
  }

  /** Before anything of this shape is allocated, its values must be there. */
  #checkFilled(stored: Tensor, shape: readonly number[], role: string): void {
    const wanted = shape.reduce((product, size) => product * size, 1);
    const held = Math.floor(((stored.data?.length ?? 0) * 8) / Math.max(1, BITS_PER_ELEMENT[stored.dtype]));
    if (stored.sparsity === null && held < wanted) throw this.refusal(`${role} stores ${held} of ${wanted} values`);
  }

  #storedConstant(tensor: Tensor, position: number, role: string): Tensor {
    if (tensor.data !== null) return tensor;
    const producer = this.graph.operators.find(({ outputs }) => outputs.includes(tensor.index));
    const source = producer?.name === 'DEQUANTIZE' ? this.graph.tensors[producer.inputs[0] ?? ABSENT] : undefined;
    if (source === undefined || source.data === null) {
      throw this.refusal(`${role} (operand ${position}) is computed at run time; only constant weights are supported`);
    }
    return source;
  }
}
