import { constantValues, realConstant } from '../../model/constants';
import { BITS_PER_ELEMENT } from '../../model/dtype';
import { ABSENT, type Graph, type Operator, type Quantization, type Tensor } from '../../model/model';
import { quantizedBias, type QuantizedOperand, quantizedOperands } from '../../model/onnxOperands';
import { elementCount } from '../../run/arrays';
import { linksOf, scaledLater } from './scaledLater';

/** Scales per channel beyond this are no channels. */
const MAX_SCALES = 1 << 20;

/** Gives integer tensors the scales and zero points that the operators around them name as constants. */
export function attachQuantization(graph: Graph): Graph {
  const found = new Map<number, Quantization>();
  const links = linksOf(graph);
  for (const operator of graph.operators) {
    for (const entry of quantizedOperands(operator)) {
      const index = (entry.value === 'output' ? operator.outputs[0] : operator.inputs[entry.value]) ?? ABSENT;
      const tensor = graph.tensors[index];
      if (tensor === undefined || found.has(index)) continue;
      const quantization = quantizationOf(graph, operator, entry, tensor);
      if (quantization !== null) found.set(index, quantization);
    }
    for (const [index, quantization] of [...biasOf(graph, operator), ...scaledLater(graph, operator, links)]) {
      if (!found.has(index)) found.set(index, quantization);
    }
  }
  if (found.size === 0) return graph;
  return {
    ...graph,
    tensors: graph.tensors.map((tensor) => ({ ...tensor, quantization: found.get(tensor.index) ?? tensor.quantization })),
  };
}

function quantizationOf(graph: Graph, operator: Operator, entry: QuantizedOperand, tensor: Tensor): Quantization | null {
  const scale = constant(graph, operator, entry.scale);
  if (scale === null) return null;
  const zeroPoint = constant(graph, operator, entry.zeroPoint);
  // A zero point that is computed leaves the parameters unknown; one that is absent is 0.
  if (zeroPoint === null && (operator.inputs[entry.zeroPoint] ?? ABSENT) !== ABSENT) return null;
  const rank = tensor.hasRank ? tensor.shape.length : null;
  const given = typeof operator.options.axis === 'number' && entry.axis === 1 ? operator.options.axis : (entry.axis ?? 0);
  const axis = given < 0 ? given + (rank ?? 0) : given;
  const blockSize = operator.options.block_size;
  if (typeof blockSize === 'number' && blockSize > 0) {
    const blockwise = { scalesTensor: scale.index, zeroPointsTensor: zeroPoint?.index ?? ABSENT, blockSize };
    return { scales: new Float32Array(0), zeroPoints: new Float64Array(0), axis, blockwise };
  }
  const count = elementCount(scale.shape);
  if (count === 0 || count > MAX_SCALES) return null;
  const scales = realConstant(scale);
  const zeroPoints = new Float64Array(count);
  if (zeroPoint !== null && BITS_PER_ELEMENT[zeroPoint.dtype] > 0) {
    const values = constantValues(zeroPoint);
    for (let i = 0; i < count; i++) zeroPoints[i] = Number(values[values.length === 1 ? 0 : i] ?? 0);
  }
  return { scales, zeroPoints, axis: count === 1 ? 0 : axis, blockwise: null };
}

/** The bias of a quantized operator, where both scales are constants. */
function biasOf(graph: Graph, operator: Operator): readonly (readonly [number, Quantization])[] {
  const bias = quantizedBias(operator);
  const index = operator.inputs[bias?.value ?? ABSENT] ?? ABSENT;
  if (bias === null || graph.tensors[index] === undefined) return [];
  const [x, w] = bias.scales.map((position) => constant(graph, operator, position));
  if (!x || !w || elementCount(x.shape) !== 1 || elementCount(w.shape) > MAX_SCALES) return [];
  const given = bias.factor === null ? 1 : operator.options[bias.factor];
  const factor = (typeof given === 'number' ? given : 1) * (realConstant(x)[0] ?? 0);
  const scales = realConstant(w).map((scale) => factor * scale);
  return [[index, { scales, zeroPoints: new Float64Array(scales.length), axis: 0, blockwise: null }]];
}

function constant(graph: Graph, operator: Operator, operand: number): Tensor | null {
  const tensor = graph.tensors[operator.inputs[operand] ?? ABSENT];
  return tensor === undefined || tensor.data === null ? null : tensor;
}
