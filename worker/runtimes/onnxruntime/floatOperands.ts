import { constantValues, realConstant } from '../../core/model/constants';
import { BITS_PER_ELEMENT, INTEGER_RAILS } from '../../core/model/dtype';
import { ABSENT, type Tensor } from '../../core/model/model';
import { quantizedBias, quantizedOperands, unscaledOperands } from '../../core/model/onnxOperands';
import { isQuantized } from '../../core/run/runtimeDtype';
import type { Value } from '../../core/run/value';
import { type Affine, realsOfCodes, unroundedCodes } from './affineArrays';
import type { CutSource } from './operands';

export type Values = readonly (Value | null)[];

/** Range that a Relu6 leaves, as near as a float32 scale tells. */
const SIX = 6;
const SIX_TOLERANCE = 1e-4;

/**
 * Operands of a quantized operator on the float path. Integers whose scale the file fixes are reals there; those whose scale is computed
 * in a run are unrounded codes, so that dynamic quantization is the same arithmetic without rounding and clamping.
 */
export class FloatOperands {
  constructor(private readonly source: CutSource) {}

  tensor(position: number): Tensor | undefined {
    return this.source.graph.tensors[this.index(position)];
  }

  /** Whether an operand is to be converted; others are taken as they are. */
  isConverted(position: number): boolean {
    const { operator } = this.source;
    const isInteger = (this.tensor(position)?.dtype ?? 'float32') !== 'float32';
    const named = quantizedOperands(operator).some(({ value }) => value === position);
    return isInteger && (named || quantizedBias(operator)?.value === position || position in unscaledOperands(operator));
  }

  /** Whether an operand and what it is converted with depend on constants only. */
  isConstant(position: number): boolean {
    return [position, ...this.parameters(position)].every((operand) => {
      const tensor = this.tensor(operand);
      return tensor === undefined || tensor.data !== null || this.source.known.values.has(tensor.index);
    });
  }

  /** As the operator's counterpart takes it. @param values all operands of a run; those of constants may be null */
  real(position: number, values: Values): Value | null {
    const { operator } = this.source;
    const tensor = this.tensor(position);
    if (tensor === undefined) return null;
    const value = this.value(position, values);
    if (!this.isConverted(position) || value === null) return value;
    const zeroPoint = unscaledOperands(operator)[position];
    if (zeroPoint !== undefined) return this.lessZeroPoint(position, zeroPoint, value, values);
    if (isQuantized(tensor)) {
      return tensor.data === null
        ? value
        : { dtype: 'float32', shape: tensor.shape, data: realConstant(tensor, this.source.graph) };
    }
    const bias = quantizedBias(operator);
    if (bias?.value === position) {
      const [x, w] = bias.scales.map((scale) => this.value(scale, values));
      const given = bias.factor === null ? 1 : operator.options[bias.factor];
      const factor = (typeof given === 'number' ? given : 1) * Number(x?.data[0] ?? 0);
      const scales = Float32Array.from((w?.data ?? []) as ArrayLike<number>, (scale) => scale * factor);
      return realsOfCodes(value, { scale: { dtype: 'float32', shape: [scales.length], data: scales }, zeroPoint: null, axis: 0 });
    }
    return realsOfCodes(value, this.affine(position, values));
  }

  /** The first output as the float path has it, from reals. */
  output(reals: Value, values: Values): Value {
    const { graph, operator } = this.source;
    const tensor = graph.tensors[operator.outputs[0] ?? ABSENT];
    if (tensor === undefined || tensor.dtype === 'float32') return reals;
    if (isQuantized(tensor)) return clampedAsImplied(tensor, reals);
    const isScaled = quantizedOperands(operator).some(({ value }) => value === 'output');
    return isScaled ? unroundedCodes(reals, this.affine('output', values)) : reals;
  }

  /** A value as it comes: of a run, known before it, or as the file stores it. */
  value(position: number, values: Values): Value | null {
    const tensor = this.tensor(position);
    const value = values[position] ?? this.source.known.values.get(this.index(position)) ?? null;
    if (value !== null || tensor === undefined || tensor.data === null || BITS_PER_ELEMENT[tensor.dtype] === 0) return value;
    return { dtype: tensor.dtype, shape: tensor.shape, data: constantValues(tensor) };
  }

  private lessZeroPoint(position: number, zeroPoint: number, value: Value, values: Values): Value {
    const tensor = this.tensor(position);
    const isReal = tensor !== undefined && tensor.data === null && isQuantized(tensor) && tensor.quantization !== null;
    const codes = isReal ? unroundedCodes(value, attached(tensor)) : value;
    // Of weights: those of a convolution have their channels first, those of a product last.
    const axis = this.source.operator.name === 'ConvInteger' ? 0 : -1;
    return realsOfCodes(codes, { scale: null, zeroPoint: this.value(zeroPoint, values), axis });
  }

  private affine(value: number | 'output', values: Values): Affine {
    const entry = quantizedOperands(this.source.operator).find((one) => one.value === value);
    const at = (position: number | undefined) => (position === undefined ? null : this.value(position, values));
    const { axis } = this.source.operator.options;
    const own = entry?.axis === 1 && typeof axis === 'number' ? axis : (entry?.axis ?? 0);
    return { scale: at(entry?.scale), zeroPoint: at(entry?.zeroPoint), axis: own };
  }

  private parameters(position: number): number[] {
    const { operator } = this.source;
    const bias = quantizedBias(operator);
    const entry = quantizedOperands(operator).find(({ value }) => value === position);
    const zeroPoint = unscaledOperands(operator)[position];
    return [
      ...(bias?.value === position ? bias.scales : []),
      ...(entry === undefined ? [] : [entry.scale, entry.zeroPoint]),
      ...(zeroPoint === undefined ? [] : [zeroPoint]),
    ];
  }

  private index(position: number): number {
    return this.source.operator.inputs[position] ?? ABSENT;
  }
}

/**
 * Reals clamped as far as the format of an activation tells that the model clamps them: where 0 is the lowest code, everything below is
 * cut off, which quantizers let stand for a Relu that they leave out; a range of 0 to 6 is a Relu6.
 */
export function clampedAsImplied({ dtype, quantization }: Tensor, reals: Value): Value {
  const rails = INTEGER_RAILS[dtype];
  const scale = quantization?.scales[0];
  if (rails === undefined || scale === undefined || quantization?.scales.length !== 1) return reals;
  const [low, high] = rails;
  if (quantization.zeroPoints[0] !== low || !(reals.data instanceof Float32Array)) return reals;
  const top = scale * (high - low);
  const most = Math.abs(top - SIX) < SIX_TOLERANCE ? SIX : Infinity;
  return { ...reals, data: reals.data.map((value) => (value < 0 ? 0 : value > most ? most : value)) };
}

function attached({ quantization }: Tensor): Affine {
  const { scales = new Float32Array(0), zeroPoints = new Float64Array(0), axis = 0 } = quantization ?? {};
  const shape = [scales.length];
  return { scale: { dtype: 'float32', shape, data: scales }, zeroPoint: { dtype: 'float64', shape, data: zeroPoints }, axis };
}
