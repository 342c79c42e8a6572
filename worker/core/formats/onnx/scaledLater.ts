import { constantValues, realConstant } from '../../model/constants';
import { ABSENT, type Graph, type Operator, type Quantization, type Tensor } from '../../model/model';
import { unscaledOperands } from '../../model/onnxOperands';
import { elementCount } from '../../run/arrays';

/** Operators by the tensors that they read, and that they give. */
interface Links {
  readonly readers: ReadonlyMap<number, readonly Operator[]>;
  readonly producers: ReadonlyMap<number, Operator>;
}

/** Axis of the channels of weights. */
const CHANNELS: Readonly<Record<string, number>> = { ConvInteger: 0, MatMulInteger: -1 };
const WEIGHTS = 1;

export function linksOf({ operators }: Graph): Links {
  const readers = new Map<number, Operator[]>();
  const producers = new Map<number, Operator>();
  for (const operator of operators) {
    for (const index of new Set(operator.inputs)) {
      const known = readers.get(index);
      if (known === undefined) readers.set(index, [operator]);
      else known.push(operator);
    }
    for (const index of operator.outputs) producers.set(index, operator);
  }
  return { readers, producers };
}

/**
 * Quantization of the constant weights of MatMulInteger and ConvInteger, whose scale is in what follows: Cast, then Mul by the scale of
 * the data (computed) times that of the weights, as ONNX Runtime's dynamic quantization writes it. Empty where it is written otherwise.
 */
export function scaledLater(graph: Graph, operator: Operator, links: Links): readonly (readonly [number, Quantization])[] {
  const channels = CHANNELS[operator.name];
  const weights = graph.tensors[operator.inputs[WEIGHTS] ?? ABSENT];
  if (channels === undefined || weights === undefined || weights.data === null) return [];
  const cast = onlyReader(links, operator.outputs[0], 'Cast');
  const product = onlyReader(links, cast?.outputs[0], 'Mul');
  const factor = product?.inputs.find((index) => index !== cast?.outputs[0]);
  const scale = weightScale(graph, links, factor ?? ABSENT);
  const rank = weights.shape.length;
  const axis = channels < 0 ? channels + rank : channels;
  const count = scale === null ? 0 : elementCount(scale.shape);
  if (scale === null || (count !== 1 && count !== weights.shape[axis])) return [];
  const zeroPoint = graph.tensors[operator.inputs[unscaledOperands(operator)[WEIGHTS] ?? ABSENT] ?? ABSENT];
  if (zeroPoint !== undefined && zeroPoint.data === null) return [];
  const stored = zeroPoint === undefined ? [0] : Array.from(constantValues(zeroPoint) as ArrayLike<number>, Number);
  if (stored.length !== 1 && stored.length !== count) return [];
  const zeroPoints = Float64Array.from({ length: count }, (_, k) => stored[stored.length === 1 ? 0 : k] ?? 0);
  const scales = realConstant(scale);
  return [[weights.index, { scales, zeroPoints, axis: count === 1 ? 0 : axis, blockwise: null }]];
}

function onlyReader({ readers }: Links, index: number | undefined, name: string): Operator | undefined {
  const [reader, another] = readers.get(index ?? ABSENT) ?? [];
  return another === undefined && reader?.name === name ? reader : undefined;
}

/** The constant itself, or the constant half of a product. */
function weightScale(graph: Graph, { producers }: Links, factor: number): Tensor | null {
  const constant = (index: number) => {
    const tensor = graph.tensors[index];
    return tensor !== undefined && tensor.data !== null && tensor.dtype === 'float32' ? tensor : null;
  };
  const made = producers.get(factor);
  const factors = made?.name === 'Mul' ? made.inputs : [];
  return constant(factor) ?? factors.map(constant).find((tensor) => tensor !== null) ?? null;
}
