import type { Tensor } from '../model/model';
import { multiplyByQuantizedMultiplierDoubleRounding } from '../quantization/fixedPoint';
import { quantizeMultiplier } from '../quantization/quantizeMultiplier';
import { formatShape } from '../run/arrays';
import type { ExchangeState } from '../run/preparedOp';
import type { Value } from '../run/value';
import { clampAll, realLimits } from './fusedActivation';
import type { Kernel, OperatorContext, StatefulKernel } from './operatorContext';

/**
 * SVDF, one step: every filter reads the input through its feature weights, keeps the last `memory` answers as state, and weighs them
 * over time; `rank` filters and a bias make one unit. Input [batch, in], feature weights [filters, in], time weights
 * [filters, memory], bias [filters / rank], state [batch, filters * memory] (oldest first), output [batch, filters / rank].
 * Source: TensorFlow Lite, reference/svdf.h; int8 states: TensorFlow Lite Micro, svdf_common.cc.
 */
interface Layer {
  readonly context: OperatorContext;
  readonly filters: number;
  readonly depth: number;
  readonly memory: number;
  readonly rank: number;
  readonly units: number;
}

const INT8 = [-128, 127] as const;
const OPERANDS = { input: 0, feature: 1, time: 2, bias: 3, state: 4 } as const;

export function prepareSvdf(context: OperatorContext): StatefulKernel {
  const layer = layerOf(context);
  const types = [context.input(OPERANDS.input), context.input(OPERANDS.feature)].map((tensor) => context.dtype(tensor));
  if (types.every((type) => type === 'float32')) return floatKernel(layer);
  if (types.every((type) => type === 'int8')) return integerKernel(layer);
  context.refuseOnTflm(true, `input ${types[0]} with weights ${types[1]}`);
  throw context.unsupported(`input ${types[0]} with weights ${types[1]} is not computed`);
}

function layerOf(context: OperatorContext): Layer {
  const [filters = 0, depth = 0] = context.input(OPERANDS.feature).shape;
  const time = context.input(OPERANDS.time).shape;
  const memory = time[1] ?? 0;
  const rank = context.numberOption('rank');
  if (time[0] !== filters || filters === 0 || depth === 0 || memory === 0 || !(rank > 0) || filters % rank !== 0) {
    const shapes = `${formatShape(context.input(OPERANDS.feature).shape)} and ${formatShape(time)}`;
    throw context.malformed('WEIGHTS_SHAPE', `weights of ${shapes} do not make filters of rank ${rank}`);
  }
  return { context, filters, depth, memory, rank, units: filters / rank };
}

/** A step on one row: from `x` and the row's state, whose last column of each filter is free, to the row's units. */
type Step<A> = (operands: readonly (Value | null)[], x: A, state: A, y: A) => void;

type Row = Float32Array | Int8Array | Int16Array;

/** What float and integer have in common: rows, and states that move by one step. */
function stateful<A extends Row>(
  { context, filters, depth, memory, units }: Layer,
  make: { readonly state: (length: number) => A; readonly output: (length: number) => A; readonly zero: number },
  step: Step<A>,
  outputType: Value['dtype'],
): StatefulKernel {
  const perRow = filters * memory;
  let state = make.state(0);
  const compute: Kernel = (operands) => {
    const input = context.required(operands, OPERANDS.input);
    const rows = input.data.length / depth;
    if (!Number.isInteger(rows)) throw context.misfit(`${formatShape(input.shape)} is not made of rows of ${depth} values`);
    if (state.length !== rows * perRow) state = make.state(rows * perRow).fill(make.zero) as A;
    const y = make.output(rows * units);
    state.copyWithin(0, 1);
    for (let row = 0; row < rows; row++) {
      const x = input.data.subarray(row * depth, (row + 1) * depth) as A;
      step(operands, x, state.subarray(row * perRow, (row + 1) * perRow) as A, y.subarray(row * units, (row + 1) * units) as A);
    }
    return [{ dtype: outputType, shape: [rows, units], data: y }];
  };
  const exchangeState: ExchangeState = (given) => {
    const before = state;
    state = (given as readonly A[] | null)?.[0] ?? make.state(0);
    return [before];
  };
  return { compute, resetState: () => state.fill(make.zero), exchangeState };
}

function floatKernel(layer: Layer): StatefulKernel {
  const { context, filters, depth, memory, rank } = layer;
  const limits = realLimits(context);
  const make = {
    state: (length: number) => new Float32Array(length),
    output: (length: number) => new Float32Array(length),
    zero: 0,
  };
  const step: Step<Float32Array> = (operands, x, state, y) => {
    const feature = context.requiredFloat(operands, OPERANDS.feature).data;
    const time = context.requiredFloat(operands, OPERANDS.time).data;
    const bias = operands[OPERANDS.bias]?.data;
    for (let unit = 0; unit < y.length; unit++) y[unit] = Number(bias?.[unit] ?? 0);
    for (let filter = 0; filter < filters; filter++) {
      state[filter * memory + memory - 1] = dot(feature, filter * depth, x, 0, depth, 0);
      const unit = Math.floor(filter / rank);
      y[unit] = (y[unit] ?? 0) + Math.fround(dot(time, filter * memory, state, filter * memory, memory, 0));
    }
    clampAll(y, limits);
  };
  return stateful(layer, make, step, 'float32');
}

/** Sums in int32; features are rescaled to the state, sums over time to the output, both rounded twice. */
function integerKernel(layer: Layer): StatefulKernel {
  const { context, depth, memory, rank } = layer;
  const state = context.input(OPERANDS.state);
  const output = context.output();
  const isInt8 = state.dtype === 'int8';
  if (output.dtype !== 'int8' || (!isInt8 && state.dtype !== 'int16') || context.input(OPERANDS.time).dtype !== state.dtype) {
    throw context.unsupported(
      `a state of ${state.dtype} with time weights of ${context.input(OPERANDS.time).dtype} is not computed`,
    );
  }
  const { zeroPoint: zeroX } = context.affine(context.input(OPERANDS.input));
  const { zeroPoint: zeroState } = context.affine(state);
  const { zeroPoint: zeroY } = context.affine(output);
  const toState = rescale(context, OPERANDS.input, OPERANDS.feature, state);
  const toOutput = rescale(context, OPERANDS.state, OPERANDS.time, output);
  const [low, high] = isInt8 ? [-128, 127] : [-32768, 32767];
  // Whatever the fused activation, the runtimes clamp to the type alone.
  const [lowest, highest] = INT8;
  const make = {
    state: (length: number): Int8Array | Int16Array => (isInt8 ? new Int8Array(length) : new Int16Array(length)),
    output: (length: number): Int8Array | Int16Array => new Int8Array(length),
    zero: zeroState,
  };
  const step: Step<Int8Array | Int16Array> = (operands, x, memories, y) => {
    const feature = context.required(operands, OPERANDS.feature).data as Int8Array;
    const time = context.required(operands, OPERANDS.time).data as Int8Array | Int16Array;
    const bias = operands[OPERANDS.bias]?.data;
    for (let unit = 0; unit < y.length; unit++) {
      let sum = Number(bias?.[unit] ?? 0);
      for (let filter = unit * rank; filter < (unit + 1) * rank; filter++) {
        const answer = toState(dot(feature, filter * depth, x, 0, depth, zeroX) | 0);
        memories[filter * memory + memory - 1] = zeroState + (answer < low ? low : answer > high ? high : answer);
        sum = (sum + dot(time, filter * memory, memories, filter * memory, memory, zeroState)) | 0;
      }
      const code = toOutput(sum) + zeroY;
      y[unit] = code < lowest ? lowest : code > highest ? highest : code;
    }
  };
  return stateful(layer, make, step, 'int8');
}

/** scale * weightScale / resultScale, every step in float32 as the runtimes do. */
function rescale(context: OperatorContext, operand: number, weights: number, result: Tensor): (x: number) => number {
  const product = Math.fround(context.affine(context.input(operand)).scale * context.affine(context.input(weights)).scale);
  const { multiplier, shift } = quantizeMultiplier(Math.fround(product / context.affine(result).scale));
  return (x) => multiplyByQuantizedMultiplierDoubleRounding(x, multiplier, shift);
}

/** sum of w * (x - zero). */
function dot(w: Row, fromW: number, x: Row, fromX: number, count: number, zero: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (w[fromW + i] ?? 0) * ((x[fromX + i] ?? 0) - zero);
  return sum;
}
