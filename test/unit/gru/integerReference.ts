import { gemmlowpSigmoid, gemmlowpTanh } from '../../../worker/core/quantization/gemmlowpActivation';
import { multiplyByQuantizedMultiplierDoubleRounding, roundingDivideByPOT } from '../../../worker/core/quantization/fixedPoint';
import { quantizeMultiplier } from '../../../worker/core/quantization/quantizeMultiplier';
import { constantValues } from '../../../worker/core/model/constants';
import { GRU_OPERANDS } from '../../../worker/core/model/gruOperands';
import type { Graph, Operator, Tensor } from '../../../worker/core/model/model';
import type { GruValues } from './gruReference';

const { fround } = Math;
const clamp = (value: number, bits: 8 | 16) => Math.max(-(2 ** (bits - 1)), Math.min(2 ** (bits - 1) - 1, value));

/**
 * An int8 GRU of one row, unit by unit, straight from the contract in IntegerGru's docstring, with TensorFlow Lite's activations.
 * @param x codes, [steps][input]
 */
export function integerReference(
  graph: Graph,
  { inputs, outputs, options }: Operator,
  x: number[][],
  first: number[],
): GruValues {
  const tensorAt = (position: number): Tensor | undefined => graph.tensors[inputs[position] ?? -1];
  const scaleOf = (tensor: Tensor | undefined) => tensor!.quantization!.scales[0]!;
  const zeroOf = (tensor: Tensor | undefined) => tensor!.quantization!.zeroPoints[0]!;
  const codes = (position: number) => {
    const tensor = tensorAt(position);
    return tensor === undefined ? null : Array.from(constantValues(tensor) as ArrayLike<number>);
  };
  const output = graph.tensors[outputs[0] ?? -1];
  const [sx, zx, sh, zh] = [scaleOf(tensorAt(0)), zeroOf(tensorAt(0)), scaleOf(output), zeroOf(output)];
  const units = Array.from({ length: first.length }, (_, k) => k);
  const clip = Math.round(Number(options['gate_clip']) * 4096);
  const clipped = (value: number) => (clip > 0 ? Math.max(-clip, Math.min(clip, value)) : value);
  const rescale = (value: number, factor: number) => {
    const { multiplier, shift } = quantizeMultiplier(factor);
    return multiplyByQuantizedMultiplierDoubleRounding(value, multiplier, shift);
  };
  /** w (v - zero) + bias of one unit, taken to Q3.12. */
  const product = (weights: number, bias: number[] | null, v: number[], scale: number, zero: number, k: number) => {
    const w = codes(weights)!;
    const sum = v.reduce((all, code, c) => all + w[k * v.length + c]! * (code - zero), bias?.[k] ?? 0);
    return rescale(sum, fround(fround(scaleOf(tensorAt(weights)) * scale) / 2 ** -12));
  };
  const values: GruValues = {};
  const tell = (name: string, row: number[]) => (values[name] ??= []).push([...row]);
  let h = [...first];
  for (const row of x) {
    const inputOf = (gate: 'update' | 'reset' | 'candidate', letter: string) => {
      const bias = codes(GRU_OPERANDS.gateBias[gate]);
      const wx = units.map((k) => clamp(product(GRU_OPERANDS.inputToGate[gate], bias, row, sx, zx, k), 16));
      tell(`${letter}_x`, wx);
      return wx;
    };
    const gateOf = (gate: 'update' | 'reset', letter: string) => {
      const wx = inputOf(gate, letter);
      const sum = units.map((k) => clamp(wx[k]! + product(GRU_OPERANDS.recurrentToGate[gate], null, h, sh, zh, k), 16));
      tell(`${letter}_xh`, sum);
      const open = sum.map((code) => gemmlowpSigmoid(clipped(code)));
      tell(letter, open);
      return open;
    };
    const [z, r] = [gateOf('update', 'z'), gateOf('reset', 'r')];
    const wx = inputOf('candidate', 'n');
    const weights = GRU_OPERANDS.recurrentToGate.candidate;
    let sum: number[];
    if (options['linear_before_reset'] === true) {
      const bias = codes(GRU_OPERANDS.recurrentCandidateBias);
      const recurrent = units.map((k) => clamp(product(weights, bias, h, sh, zh, k), 16));
      const reset = units.map((k) => roundingDivideByPOT(r[k]! * recurrent[k]!, 15));
      tell('n_h', recurrent);
      tell('n_rh', reset);
      sum = units.map((k) => clamp(wx[k]! + reset[k]!, 16));
    } else {
      const reset = units.map((k) => clamp(roundingDivideByPOT(r[k]! * (h[k]! - zh), 15) + zh, 8));
      tell('rh', reset);
      sum = units.map((k) => clamp(wx[k]! + product(weights, null, reset, sh, zh, k), 16));
    }
    tell('n_xh', sum);
    const n = sum.map((code) => gemmlowpTanh(clipped(code), 3));
    tell('n', n);
    h = units.map((k) => {
      const before = clamp(rescale(h[k]! - zh, sh / 2 ** -15), 16);
      return clamp(rescale(z[k]! * before + (32768 - z[k]!) * n[k]!, 2 ** -30 / sh) + zh, 8);
    });
    tell('h', h);
  }
  return values;
}
