import { INTEGER_RAILS } from '../model/dtype';
import type { Graph, Tensor } from '../model/model';
import { dequantize } from '../quantization/affine';
import { elementCount } from '../run/arrays';
import type { Value } from '../run/value';
import type { Feed, SampleSource } from './sample';
import type { DataOptions } from './dataOptions';
import { audioPosition, callSizeOf, isRateInput, portsOf, steppingOf } from './dataPlan';
import { statesText, USUAL_RATE, usualRate, zeroInput } from './filledInputs';
import { stepsOf, timeAxis } from './timeAxis';

export interface SyntheticOptions {
  readonly count: number;
  /** Same seed, same samples. */
  readonly seed: number;
  /** Steps of inputs whose time axis is free. */
  readonly steps: number;
}

const DEFAULTS: SyntheticOptions = { count: 8, seed: 1, steps: 50 };

/**
 * Random samples for a model without data: uniform over the reals that each input's own codes (or its calibrated range)
 * stand for, else over -1..1. They show that a model runs and where its ranges end; they say nothing about accuracy, and
 * `synthetic` is set so that everything shown of them can say so.
 */
export function syntheticSamples(graph: Graph, options: Partial<SyntheticOptions> = {}, how: DataOptions = {}): SampleSource {
  const { count, seed, steps } = { ...DEFAULTS, ...options };
  const ports = portsOf(graph);
  const stepping = steppingOf(ports, how);
  const { pairs, stepped } = stepping;
  const open = { position: audioPosition(ports.inputs, pairs), size: callSizeOf(ports, stepping, how) ?? 1 };
  const isStepped = stepped === true;
  const stateOf = (position: number) => pairs.find(({ input }) => input === position);
  const rates = ports.inputs.filter(isRateInput);
  const names = Array.from({ length: count }, (_, index) => `synthetic[${index}]`);
  const get = (index: number) => {
    const inputs = graph.inputs.map((tensorIndex, position): Value => {
      const tensor = graph.tensors[tensorIndex];
      if (tensor === undefined) throw new RangeError(`The graph has no tensor ${tensorIndex}.`);
      const port = ports.inputs[position];
      if (port !== undefined && isRateInput(port)) return usualRate(tensor);
      if (isStepped && stateOf(position) !== undefined) return zeroInput(tensor);
      const random = mulberry32(seed * 1_000_003 + index * 1_009 + position);
      const time = isStepped ? null : timeAxis(graph, position);
      const size = position === open.position ? open.size : 1;
      return randomValue(tensor, { time, steps, size, calls: isStepped ? steps : null }, random);
    });
    const name = names[index] ?? '';
    if (!isStepped) return { name, inputs, steps: stepsOf(graph, inputs) };
    const feeds = inputs.map(
      (_, position): Feed => stateOf(position)?.output ?? (rates.includes(ports.inputs[position]!) ? 'same' : 'each'),
    );
    return { name, inputs, steps, calls: { count: steps, feeds } };
  };
  const notes = [
    ...rates.map((port) => `input ${port.name}: taken as ${USUAL_RATE} (samples a second)`),
    ...(open.size > 1 ? [`input ${ports.inputs[open.position]?.name ?? ''}: ${open.size} values a call (${how.callSize === undefined ? 'guessed' : 'as chosen'})`] : []), // prettier-ignore
    ...(isStepped ? [`stepped: ${steps} calls a sample${pairs.length === 0 ? '' : `, ${statesText(pairs, ports)}`}`] : []),
  ];
  return { count, names, synthetic: true, notes, get };
}

interface Sizes {
  readonly time: number | null;
  readonly steps: number;
  /** Of an open last axis that is not time. */
  readonly size: number;
  /** So many calls; null: one. */
  readonly calls: number | null;
}

function randomValue(tensor: Tensor, { time, steps, size: open, calls }: Sizes, random: () => number): Value {
  const last = tensor.shapeSignature.length - 1;
  const call = tensor.shapeSignature.map((size, axis) => {
    if (size >= 0) return size;
    if (axis === time) return steps;
    return axis === last && axis > 0 ? open : 1;
  });
  const shape = calls === null ? call : [calls, ...call];
  const [low, high] = rangeOf(tensor);
  const isInteger = isWhole(tensor);
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i++) {
    const real = low + (high - low) * random();
    data[i] = isInteger ? Math.floor(real) : real;
  }
  return { dtype: 'float32', shape, data };
}

/** Reals that an input can stand for. Integers without scale are indices or counts, for which 0 and 1 are always right. */
function rangeOf(tensor: Tensor): readonly [low: number, high: number] {
  const rails = INTEGER_RAILS[tensor.dtype];
  const scale = tensor.quantization?.scales[0];
  const zeroPoint = tensor.quantization?.zeroPoints[0];
  if (rails !== undefined && scale !== undefined && zeroPoint !== undefined) {
    return [dequantize(rails[0], { scale, zeroPoint }), dequantize(rails[1], { scale, zeroPoint })];
  }
  const min = tensor.range?.min[0];
  const max = tensor.range?.max[0];
  if (min !== undefined && max !== undefined && min < max) return [min, max];
  return isWhole(tensor) ? [0, 2] : [-1, 1];
}

/** Indices, counts and flags. */
function isWhole({ dtype, quantization }: Tensor): boolean {
  return quantization === null && (INTEGER_RAILS[dtype] !== undefined || /^u?int/.test(dtype) || dtype === 'bool');
}

/** Mulberry32 (Tommy Ettinger, public domain): a small generator of uniform numbers in [0, 1) from a 32-bit seed. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
