import { constantValues, realConstant } from '../model/constants';
import { ABSENT, type Graph, type Operator, type OptionValue, type Tensor } from '../model/model';
import type { DType } from '../model/dtype';
import { ModelFormatError } from '../formats/modelFormatError';
import type { AffineParameters } from '../quantization/affine';
import { formatShape } from '../run/arrays';
import type { GraphOptions } from '../run/graphRunner';
import { InputShapeError } from '../run/inputShapeError';
import { UnsupportedOperatorError, type ExchangeState } from '../run/preparedOp';
import { isQuantized, runtimeDtype } from '../run/runtimeDtype';
import type { NumericArray, Value } from '../run/value';
import { nameInFile } from '../model/operatorName';

/**
 * Computes one operator. `operands` are all of its inputs in order, constants included; null where an optional one is absent.
 * Returns the operator's outputs, in arrays of its own or, where nothing is computed, sharing the input's.
 */
export type Kernel = (operands: readonly (Value | null)[]) => Value[];

/** A kernel that keeps a state from run to run. */
export interface StatefulKernel {
  readonly compute: Kernel;
  /** Puts the state back to real zero. */
  readonly resetState: () => void;
  readonly exchangeState?: ExchangeState;
}

/** Checks one operator and returns its kernel. Whatever does not depend on the data is done here. */
export type KernelPreparer = (context: OperatorContext) => Kernel;

/** One operator in its graph, with the questions that preparing it asks. */
export class OperatorContext {
  constructor(
    readonly graph: Graph,
    readonly operator: Operator,
    readonly options: GraphOptions,
  ) {}

  /** Tensor of a required operand. */
  input(position: number): Tensor {
    const tensor = this.optionalInput(position);
    if (tensor === null) throw this.malformed('OPERAND_MISSING', `operand ${position} is missing`);
    return tensor;
  }

  optionalInput(position: number): Tensor | null {
    const index = this.operator.inputs[position] ?? ABSENT;
    return index === ABSENT ? null : (this.graph.tensors[index] ?? null);
  }

  output(position = 0): Tensor {
    const tensor = this.graph.tensors[this.operator.outputs[position] ?? ABSENT];
    if (tensor === undefined) throw this.malformed('OUTPUT_MISSING', `output ${position} is missing`);
    return tensor;
  }

  /** Type that the tensor's values have on this path. */
  dtype(tensor: Tensor): DType {
    return runtimeDtype(tensor, this.options.path);
  }

  /** Value of a constant operand as this path uses it (reals on the float path); null where it is computed or absent. */
  constant(position: number): Value | null {
    const tensor = this.optionalInput(position);
    return tensor === null ? null : constantOf(tensor, this.options);
  }

  /** Scale and zero point of a tensor that must have exactly one of each. */
  affine(tensor: Tensor): AffineParameters {
    const { scales, zeroPoints } = tensor.quantization ?? {};
    const scale = scales?.[0];
    const zeroPoint = zeroPoints?.[0];
    if (scale === undefined || zeroPoint === undefined || scales?.length !== 1) {
      throw this.malformed('QUANTIZATION_MISSING', `${tensor.name} needs one scale and one zero point`);
    }
    return { scale, zeroPoint };
  }

  numberOption(name: string): number {
    const value = this.option(name);
    return typeof value === 'number' ? value : Number(value);
  }

  booleanOption(name: string): boolean {
    return Boolean(this.option(name));
  }

  /** An enumeration by name, such as RELU6; NONE where the operator has no such option. */
  nameOption(name: string): string {
    return String(this.operator.options[name] ?? 'NONE');
  }

  listOption(name: string): readonly number[] {
    const value = this.option(name);
    return Array.isArray(value) ? (value as readonly number[]) : [];
  }

  private option(name: string): OptionValue {
    return this.operator.options[name] ?? 0;
  }

  unsupported(reason: string, isPersonas = false): UnsupportedOperatorError {
    const { index } = this.operator;
    const name = nameInFile(this.operator);
    return new UnsupportedOperatorError(index, name, `op ${index} ${name}: ${reason}`, isPersonas);
  }

  malformed(code: string, reason: string): ModelFormatError {
    return new ModelFormatError(code, `op ${this.operator.index} ${this.operator.name}: ${reason}`);
  }

  /** Refuses what TensorFlow Lite Micro refuses, under its persona only. */
  refuseOnTflm(isRefused: boolean, reason: string): void {
    if (isRefused && this.options.persona === 'tflm') throw this.unsupported(`TFLM refuses ${reason}`, true);
  }

  /** The data's shape does not fit what the model's constants fix. */
  misfit(reason: string): InputShapeError {
    const { index, name } = this.operator;
    return new InputShapeError(`op ${index} ${name}: ${reason}`, index);
  }

  /** The operand of a kernel at `position`, which must be there. */
  required(operands: readonly (Value | null)[], position: number): Value {
    const value = operands[position];
    if (!value) throw this.malformed('OPERAND_MISSING', `operand ${position} has no value`);
    return value;
  }

  /** A required operand that the operator reads as float32. */
  requiredFloat(operands: readonly (Value | null)[], position: number): Value & { readonly data: Float32Array } {
    const value = this.required(operands, position);
    if (!(value.data instanceof Float32Array)) {
      throw this.unsupported(`operand ${position} is ${value.dtype} ${formatShape(value.shape)} where float32 is needed`);
    }
    return value as Value & { readonly data: Float32Array };
  }
}

/** A constant tensor's value on a path; null where the tensor is computed at run time. */
export function constantOf(tensor: Tensor, options: GraphOptions): Value | null {
  if (tensor.data === null) return null;
  const dtype = runtimeDtype(tensor, options.path);
  const isReal = dtype === 'float32' && (isQuantized(tensor) || tensor.dtype !== 'float32');
  const data: NumericArray = isReal ? realConstant(tensor) : constantValues(tensor);
  return { dtype, shape: tensor.shape, data };
}
