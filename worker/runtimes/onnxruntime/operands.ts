import type { DType } from '../../core/model/dtype';
import { realConstant } from '../../core/model/constants';
import type { Graph, Model, Operator, Tensor } from '../../core/model/model';
import type { Path } from '../../core/run/graphRunner';
import { isQuantized } from '../../core/run/runtimeDtype';
import type { Value } from '../../core/run/value';
import { ortTypeOf, toOrt } from './crossing';
import type { OrtType } from './protocol';

/** What an operator is fed with: values that are part of its model, or the type of those that come with every run. */
export type Operand = ConstantOperand | { readonly kind: 'computed'; readonly dtype: DType };

export interface ConstantOperand {
  readonly kind: 'constant';
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly byteLength: number;
  /** Row-major, little-endian. */
  bytes(): Uint8Array;
}

/** An operator in its model, and how it is to be computed. */
export interface CutSource {
  readonly model: Model;
  readonly graph: Graph;
  readonly operator: Operator;
  readonly path: Path;
  readonly known: Known;
}

/** What is known of a graph's tensors on one path beside what the file says. */
export class Known {
  /** Values that depend on constants only. */
  readonly values = new Map<number, Value>();
  /** Types that ONNX Runtime gives. */
  private readonly types = new Map<number, DType>();
  /** Kept, so that runners of the same graph share what is made of them. */
  private readonly constants = new Map<number, ConstantOperand>();

  constructor(
    private readonly graph: Graph,
    private readonly isFloat: boolean,
  ) {}

  /** Type of a tensor's values on ONNX Runtime's side; `unknown` where only a run tells. */
  typeOf(index: number): DType {
    const tensor = this.graph.tensors[index];
    return this.types.get(index) ?? (tensor === undefined ? 'unknown' : this.storedType(tensor));
  }

  setType(index: number, dtype: DType): void {
    this.types.set(index, dtype);
  }

  /** A constant of the file, or a value that depends on constants only; null for what a run computes. */
  constant(index: number): ConstantOperand | null {
    const known = this.constants.get(index) ?? this.findConstant(index);
    if (known !== null) this.constants.set(index, known);
    return known;
  }

  private findConstant(index: number): ConstantOperand | null {
    const tensor = this.graph.tensors[index];
    const value = this.values.get(index);
    if (value !== undefined) {
      const dtype = ortTypeOf(value, this.typeOf(index));
      const { shape, data } = value;
      const bytes = () => new Uint8Array(toOrt(value, dtype as OrtType).data.buffer);
      return { kind: 'constant', dtype, shape, byteLength: data.byteLength, bytes };
    }
    if (tensor === undefined || tensor.data === null) return null;
    const { data, shape } = tensor;
    const dtype = this.storedType(tensor);
    const bytes = () => (dtype === tensor.dtype ? data : new Uint8Array(realConstant(tensor, this.graph).buffer));
    return { kind: 'constant', dtype, shape, byteLength: data.length, bytes };
  }

  private storedType(tensor: Tensor): DType {
    return this.isFloat && isQuantized(tensor) ? 'float32' : tensor.dtype;
  }
}
