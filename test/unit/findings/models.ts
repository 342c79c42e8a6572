import type { DType } from '../../../worker/core/model/dtype';
import type { Graph, Model, Operator, Quantization, Tensor } from '../../../worker/core/model/model';

export function affine(scale: number, zeroPoint = 0): Quantization {
  return { scales: Float32Array.of(scale), zeroPoints: Float64Array.of(zeroPoint), axis: 0, blockwise: null };
}

export function perChannel(scales: readonly number[], axis = 0): Quantization {
  return { scales: Float32Array.from(scales), zeroPoints: new Float64Array(scales.length), axis, blockwise: null };
}

const BYTES: Partial<Record<DType, number>> = { int8: 1, uint8: 1, int16: 2, int32: 4, float32: 4 };

/** A computed tensor; with `constant`, one of zeros. */
export function tensor(
  name: string,
  dtype: DType,
  shape: readonly number[],
  quantization: Quantization | null = null,
  more: Partial<Tensor> & { readonly constant?: boolean } = {},
): Tensor {
  const { constant, ...fields } = more;
  const size = shape.reduce((product, axis) => product * axis, BYTES[dtype] ?? 0);
  return {
    index: -1,
    name,
    dtype,
    shape,
    shapeSignature: shape,
    hasRank: true,
    quantization,
    range: null,
    isVariable: false,
    sparsity: null,
    data: constant === true ? new Uint8Array(size) : null,
    buffer: constant === true ? 1 : 0,
    ...fields,
  };
}

export interface OperatorSpec extends Partial<Omit<Operator, 'inputs' | 'outputs' | 'intermediates'>> {
  readonly name: string;
  readonly inputs: readonly (Tensor | null)[];
  readonly outputs: readonly Tensor[];
  readonly intermediates?: readonly Tensor[];
}

/** A graph of these operators; tensors get their indices in the order in which they are met. */
export function graphOf(operators: readonly OperatorSpec[], index = 0): Graph {
  const known = new Map<Tensor, Tensor>();
  const indexOf = (own: Tensor | null): number => {
    if (own === null) return -1;
    const found = known.get(own) ?? { ...own, index: known.size };
    known.set(own, found);
    return found.index;
  };
  const built = operators.map((spec, position): Operator => ({
    customCode: null,
    version: 1,
    options: {},
    ...spec,
    index: position,
    inputs: spec.inputs.map(indexOf),
    outputs: spec.outputs.map(indexOf),
    intermediates: (spec.intermediates ?? []).map(indexOf),
  }));
  const tensors = [...known.values()];
  const written = new Set(built.flatMap(({ outputs }) => outputs));
  const inputs = tensors.filter((own) => own.data === null && !own.isVariable && !written.has(own.index) && own.shape[0] !== 0);
  const outputs = built.at(-1)?.outputs ?? [];
  return { index, name: `g${index}`, tensors, operators: built, inputs: inputs.map((own) => own.index), outputs };
}

export function modelOf(...graphs: readonly Graph[]): Model {
  return {
    format: 'tflite',
    formatVersion: 3,
    fileName: 'built.tflite',
    byteLength: 1000,
    description: '',
    metadata: [],
    graphs,
    signatures: [],
  };
}

export interface LstmSpec {
  readonly cells?: number;
  readonly input?: number;
  readonly output?: number;
  readonly cifg?: boolean;
  readonly peephole?: boolean;
  readonly projection?: boolean;
  readonly layerNorm?: boolean;
  readonly kind?: 'int8' | 'float' | 'hybrid';
  readonly options?: Operator['options'];
  /** Replacements by operand position; null removes an operand. */
  readonly operands?: Readonly<Record<number, Tensor | null>>;
  readonly intermediates?: readonly Tensor[];
  readonly xSignature?: readonly number[];
}

const X = 1 / 64;
const W = 1 / 128;
const H = 1 / 128;
const NORM = 1 / 16384;

/** An LSTM as the converter writes it, with nothing to be said against it. */
export function lstmSpec(spec: LstmSpec = {}): OperatorSpec {
  const { cells = 8, input = 4, cifg = false, peephole = false, projection = false, layerNorm = false, kind = 'int8' } = spec;
  const output = projection ? (spec.output ?? cells) : cells;
  const integer = kind === 'int8';
  const weights = (name: string, shape: readonly number[], scale: number) =>
    tensor(name, kind === 'float' ? 'float32' : 'int8', shape, kind === 'float' ? null : affine(scale), { constant: true });
  const int16 = (name: string, scale: number) =>
    integer
      ? tensor(name, 'int16', [cells], affine(scale), { constant: true })
      : tensor(name, kind === 'hybrid' ? 'int8' : 'float32', [cells], kind === 'hybrid' ? affine(scale) : null, {
          constant: true,
        });
  const bias = (name: string, size: number, scale: number) =>
    tensor(name, integer ? 'int32' : 'float32', [size], integer ? affine(scale) : null, { constant: true });
  const activations = (scale: number, zeroPoint: number) => (integer ? affine(scale, zeroPoint) : null);
  const type: DType = integer ? 'int8' : 'float32';
  const gates = ['i', 'f', 'g', 'o'].map((gate) => (gate === 'i' && cifg ? null : gate));
  const per = <T>(make: (gate: string) => T): (T | null)[] => gates.map((gate) => (gate === null ? null : make(gate)));
  const operands: (Tensor | null)[] = [
    tensor(
      'lstm/x',
      type,
      [1, 3, input],
      activations(X, -1),
      spec.xSignature === undefined ? {} : { shapeSignature: spec.xSignature },
    ),
    ...per((gate) => weights(`lstm/W${gate}`, [cells, input], W)),
    ...per((gate) => weights(`lstm/R${gate}`, [cells, output], W)),
    ...[cifg ? null : 'i', 'f', 'o'].map((gate) => (peephole && gate !== null ? int16(`lstm/P${gate}`, NORM) : null)),
    ...per((gate) => bias(`lstm/b${gate}`, cells, layerNorm ? NORM / 1024 : X * W)),
    projection ? weights('lstm/Wp', [output, cells], W) : null,
    null,
    tensor('lstm/h', type, [1, output], activations(H, 2), { isVariable: true }),
    tensor('lstm/c', integer ? 'int16' : 'float32', [1, cells], integer ? affine(2 ** -12) : null, { isVariable: true }),
    ...per((gate) => (layerNorm ? int16(`lstm/L${gate}`, NORM) : null)),
  ];
  for (const [position, replacement] of Object.entries(spec.operands ?? {})) operands[Number(position)] = replacement;
  const gateScale = layerNorm ? affine(1 / 1000) : null;
  const hidden = projection ? affine(1 / 100, 0) : affine(H, 2);
  const intermediates = [0, 1, 2, 3].map((n) => tensor(`lstm/intermediate${n}`, layerNorm ? 'int16' : 'float32', [0], gateScale));
  return {
    name: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    options: { fused_activation_function: 'TANH', cell_clip: 0, proj_clip: 0, time_major: false, ...spec.options },
    inputs: operands,
    outputs: [tensor('lstm/y', type, [1, 3, output], activations(H, 2))],
    intermediates: spec.intermediates ?? (integer ? [...intermediates, tensor('lstm/hidden', 'int8', [0], hidden)] : []),
  };
}

export function lstmModel(spec: LstmSpec = {}): Model {
  return modelOf(graphOf([lstmSpec(spec)]));
}
