import type { DType } from '../../../model/dtype';

/** ONNX's messages as read, still by names: what the graph builder works on. Offsets are those of the file. */
export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: number;
  readonly docString: string;
  readonly graph: OnnxGraph;
  /** Versions by domain; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  readonly functions: readonly OnnxFunction[];
  readonly hasTrainingInfo: boolean;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly values: readonly OnnxValue[];
  readonly offset: number;
}

export interface OnnxNode {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly overload: string;
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** The NodeProto, a view into the file. */
  readonly bytes: Uint8Array;
  readonly offset: number;
}

export type OnnxAttribute =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'numbers'; readonly value: readonly number[] }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'texts'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  /** Inside a function: the value is the caller's attribute of this name. */
  | { readonly kind: 'reference'; readonly value: string }
  /** Sparse tensors, types, lists of tensors or graphs: named, not read. */
  | { readonly kind: 'other'; readonly value: string };

export interface OnnxTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** Row-major, little-endian, as long as shape and type want it: a view, or converted from a list of integers. */
  readonly data: Uint8Array;
  readonly offset: number;
}

/** A name with its type: an input, an output or a value in between. */
export interface OnnxValue {
  readonly name: string;
  /** What it is where it is no dense tensor, such as `sequence`; null for tensors and where nothing is said. */
  readonly container: string | null;
  readonly dtype: DType;
  /** A size, -1 where it is open; null where no shape is known. */
  readonly shape: readonly number[] | null;
  readonly offset: number;
}

export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
  readonly values: readonly OnnxValue[];
  /** Versions by domain; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly offset: number;
}
