import { GATES, type Gate } from '../../../worker/core/lstm/signals';
import type { RealLstm } from './randomLstm';

/** One row's states. */
interface State {
  h: number[];
  c: number[];
}

/** The LSTM's formulas in float64, one row, written for reading: [steps, input] to [steps, output]. */
export function referenceLstm(lstm: RealLstm, x: Float32Array, steps: number): number[] {
  const { input, cell, output, cifg, cellClip, projectionClip } = lstm.topology;
  let state: State = { h: new Array<number>(output).fill(0), c: new Array<number>(cell).fill(0) };
  const outputs: number[] = [];
  for (let step = 0; step < steps; step++) {
    const row = Array.from(x.subarray(step * input, (step + 1) * input));
    const matmul = (gate: Gate) =>
      add(multiply(lstm.inputToGate[gate], row, cell), multiply(lstm.recurrentToGate[gate], state.h, cell));
    const gates = Object.fromEntries(GATES.map((gate) => [gate, matmul(gate)])) as Record<Gate, number[]>;
    const finish = (gate: Gate, c: readonly number[]) => {
      const withPeephole =
        lstm.peephole === null || gate === 'cell' ? gates[gate] : add(gates[gate], product(lstm.peephole[gate], c));
      const normalized = lstm.layerNorm === null ? withPeephole : product(lstm.layerNorm[gate], normalize(withPeephole));
      return add(normalized, lstm.bias[gate]).map(gate === 'cell' ? Math.tanh : sigmoid);
    };
    const f = finish('forget', state.c);
    const i = cifg ? f.map((value) => 1 - value) : finish('input', state.c);
    const c = clip(add(product(f, state.c), product(i, finish('cell', state.c))), cellClip);
    const m = product(finish('output', c), c.map(Math.tanh));
    const projected =
      lstm.projection === null
        ? m
        : clip(add(multiply(lstm.projection, m, output), lstm.projectionBias ?? m.map(() => 0)), projectionClip);
    state = { h: projected, c };
    outputs.push(...projected);
  }
  return outputs;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function multiply(matrix: Float32Array, x: readonly number[], rows: number): number[] {
  return Array.from({ length: rows }, (_, r) => x.reduce((sum, value, k) => sum + (matrix[r * x.length + k] ?? 0) * value, 0));
}

function add(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return Array.from(a, (value, k) => value + (b[k] ?? 0));
}

function product(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return Array.from(a, (value, k) => value * (b[k] ?? 0));
}

function normalize(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance + 1e-8));
}

function clip(values: number[], limit: number): number[] {
  return limit > 0 ? values.map((value) => Math.max(-limit, Math.min(limit, value))) : values;
}
