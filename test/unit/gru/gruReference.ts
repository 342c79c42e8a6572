import type { RealGru } from './randomGru';

/** Every named value of one row over all steps: [steps][hidden]. */
export type GruValues = Record<string, number[][]>;

/** A GRU in float64, written down from ONNX's equations, for one row. @param x [steps][input] */
export function gruReference(gru: RealGru, x: readonly (readonly number[])[], first: readonly number[]): GruValues {
  const { hidden, input: inputSize, linearBeforeReset, clip } = gru.shape;
  const values: GruValues = {};
  const tell = (name: string, row: readonly number[]) => (values[name] ??= []).push([...row]);
  const times = (w: Float32Array, row: number, v: readonly number[], size: number) =>
    v.reduce((sum, value, k) => sum + w[row * size + k]! * value, 0);
  const units = Array.from({ length: hidden }, (_, k) => k);
  const clipped = (v: number) => (clip > 0 ? Math.max(-clip, Math.min(clip, v)) : v);
  const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
  let h = [...first];
  for (const row of x) {
    const inputs = (gate: 'update' | 'reset' | 'candidate') =>
      units.map((k) => times(gru.input[gate], k, row, inputSize) + gru.bias[gate][k]!);
    const squashed = (gate: 'update' | 'reset', letter: string) => {
      const wx = inputs(gate);
      const sum = units.map((k) => wx[k]! + times(gru.recurrent[gate], k, h, hidden));
      const open = sum.map((v) => sigmoid(clipped(v)));
      for (const [name, signal] of [[`${letter}_x`, wx], [`${letter}_xh`, sum], [letter, open]] as const) tell(name, signal); // prettier-ignore
      return open;
    };
    const z = squashed('update', 'z');
    const r = squashed('reset', 'r');
    const wx = inputs('candidate');
    tell('n_x', wx);
    let sum: number[];
    if (linearBeforeReset) {
      const recurrent = units.map((k) => times(gru.recurrent.candidate, k, h, hidden) + gru.recurrentBias![k]!);
      const reset = units.map((k) => r[k]! * recurrent[k]!);
      tell('n_h', recurrent);
      tell('n_rh', reset);
      sum = units.map((k) => wx[k]! + reset[k]!);
    } else {
      const reset = units.map((k) => r[k]! * h[k]!);
      tell('rh', reset);
      sum = units.map((k) => wx[k]! + times(gru.recurrent.candidate, k, reset, hidden));
    }
    const n = sum.map((v) => Math.tanh(clipped(v)));
    tell('n_xh', sum);
    tell('n', n);
    h = units.map((k) => z[k]! * h[k]! + (1 - z[k]!) * n[k]!);
    tell('h', h);
  }
  return values;
}
