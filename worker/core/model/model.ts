import type { DType } from './dtype';

/**
 * The format-neutral model that every reader produces and everything else works on.
 * Indices are those of the file (per graph), so that what a view names can be found in the file again.
 */
export interface Model {
  readonly format: ModelFormat;
  /** TFLite: version of the schema (3). ONNX: version of the intermediate representation. TensorFlow 1: version of the producer, or 0. */
  readonly formatVersion: number;
  readonly fileName: string;
  readonly byteLength: number;
  readonly description: string;
  /** Runtime metadata found in the file, such as the minimum runtime version; values are text or, where not text, their size. */
  readonly metadata: readonly ModelMetadata[];
  readonly graphs: readonly Graph[];
  readonly signatures: readonly Signature[];
  /** Buffers of the file that neither a tensor nor metadata refers to, without empty ones; absent where the format has none. */
  readonly unusedBuffers?: { readonly count: number; readonly bytes: number };
  /** ONNX: version of every operator set that the model imports, by domain ('' is ONNX's own). */
  readonly opsets?: Readonly<Record<string, number>>;
  /** ONNX: values that inputs were taken to have, which decide what graph this is; absent where none does. */
  readonly assumed?: Readonly<Record<string, number>>;
  /** Why no file can hold this model, which was made in memory; absent where it was read from one. */
  readonly inMemoryOnly?: string;
}

export type ModelFormat = 'tflite' | 'onnx' | 'tf1';

export interface ModelMetadata {
  readonly name: string;
  readonly byteLength: number;
  /** The value where it is printable text of at most 256 characters. */
  readonly text: string | null;
}

export interface Signature {
  readonly key: string;
  readonly graph: number;
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
}

export interface SignatureTensor {
  readonly name: string;
  readonly tensor: number;
}

export interface Graph {
  readonly index: number;
  readonly name: string;
  readonly tensors: readonly Tensor[];
  readonly operators: readonly Operator[];
  /** Tensor indices. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

export interface Tensor {
  readonly index: number;
  readonly name: string;
  readonly dtype: DType;
  /** Static shape as stored; the rank may be 0. */
  readonly shape: readonly number[];
  /** Shape with -1 where an axis is dynamic; equal to `shape` where the file gives none. */
  readonly shapeSignature: readonly number[];
  /** False where the file says that no shape is known at all. */
  readonly hasRank: boolean;
  readonly quantization: Quantization | null;
  /** Calibrated range kept in the file (calibrated or fake-quantized models), one entry per tensor or channel. */
  readonly range: { readonly min: readonly number[]; readonly max: readonly number[] } | null;
  /** A state tensor that keeps its value from one invocation to the next. */
  readonly isVariable: boolean;
  readonly sparsity: Sparsity | null;
  /** The constant's bytes, a view into the file (little-endian); null where the value is computed at run time. */
  readonly data: Uint8Array | null;
  readonly buffer: number;
}

/** Affine parameters: real = scale * (q - zeroPoint). One entry, or one per index of `axis`. */
export interface Quantization {
  readonly scales: Float32Array;
  /** Same length as `scales`; integers (float64 holds every zero point a file can carry in practice). */
  readonly zeroPoints: Float64Array;
  /** Axis that the entries run along when there is more than one. */
  readonly axis: number;
  /** Block size along `axis` for blockwise quantization; its scales are in another tensor. */
  readonly blockwise: { readonly scalesTensor: number; readonly zeroPointsTensor: number; readonly blockSize: number } | null;
}

export interface Sparsity {
  readonly traversalOrder: readonly number[];
  readonly blockMap: readonly number[];
  readonly dimensions: readonly SparseDimension[];
}

export type SparseDimension =
  | { readonly kind: 'dense'; readonly size: number }
  | { readonly kind: 'sparse-csr'; readonly segments: SparseIndices; readonly indices: SparseIndices };

/** As stored in the file: lists of a pruned model's indices can be as long as its weights. */
export type SparseIndices = Int32Array | Uint16Array | Uint8Array;

/** Operand index that says "this optional operand is absent". */
export const ABSENT = -1;

export interface Operator {
  readonly index: number;
  /**
   * TFLite: upper-case builtin name such as UNIDIRECTIONAL_SEQUENCE_LSTM; `CUSTOM` for custom operators, whose name is `customCode`.
   * ONNX: the operator's own spelling such as `MatMul`.
   */
  readonly name: string;
  /** Name in the file, where the reader put the operator in this engine's form: `LSTM` of ONNX. Absent: it is `name`. */
  readonly storedAs?: string;
  readonly customCode: string | null;
  readonly version: number;
  /** ONNX: operator set that the name belongs to; absent for ONNX's own, and in other formats. */
  readonly domain?: string;
  /** ONNX: the node as stored (a NodeProto), for runtimes that take it as it is; absent where the reader made the operator itself. */
  readonly node?: Uint8Array;
  /**
   * ONNX: operators with graphs of their own (If, Loop, Scan) read values of the graph around them by name. Those values stand at
   * the end of `inputs`; these are the names that the graphs in `node` have for them. Absent where there are none.
   */
  readonly captured?: readonly string[];
  /** Tensor indices; ABSENT (-1) for optional operands that are not there. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly intermediates: readonly number[];
  /**
   * The operator's own options, by field name in snake_case as in the format's schema. Defaults are filled in, also where
   * the file has no options table. Enums have their schema name (`padding: 'SAME'`, `fused_activation_function: 'RELU6'`,
   * `kernel_type: 'FULL'`), or the code as text where it is unknown; tensor types have their DType name.
   * ONNX: attributes that the node has, without defaults. Lists of texts are joined by a comma and a space, a tensor is its type
   * and shape as text, a graph is `<attribute>_subgraph`: its index.
   */
  readonly options: Readonly<Record<string, OptionValue>>;
  /** Options of a custom operator as stored, mostly a FlexBuffer; absent where there are none. */
  readonly customOptions?: Uint8Array;
}

export type OptionValue = number | boolean | string | readonly number[];

/** How a model as a whole is quantized. */
export type Scheme = 'float' | 'hybrid' | 'int8' | '16x8' | 'mixed';
