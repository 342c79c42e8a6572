import type { Model } from '../../../worker/core/model/model';
import { ModelBuilder } from '../recipe/modelBuilder';

export interface UnrolledShape {
  readonly steps: number;
  readonly batch: number;
  readonly input: number;
  readonly cell: number;
  /** Where each gate's rows are among the four. */
  readonly order: { readonly input: number; readonly forget: number; readonly cell: number; readonly output: number };
  /** One product of [x, h] in place of two. */
  readonly isJoined: boolean;
  readonly isBackward: boolean;
  /** What the graph gives: all hidden values in one tensor, each alone, the last, or the last with its cell. */
  readonly gives: 'joined' | 'single' | 'last' | 'cell';
  /** A step that has weights of its own. */
  readonly oddStep?: number;
  /** Values of weights and biases, taken in turn. */
  readonly weights: readonly number[];
}

/** x [batch, steps, input] through an LSTM in small operators, from a state of 0 that is in the file. */
export function unrolledModel(shape: UnrolledShape): Model {
  const { steps, batch, input, cell, order, isJoined, isBackward, gives, oddStep, weights } = shape;
  const builder = new ModelBuilder();
  const filled = (count: number, phase: number) =>
    Array.from({ length: count }, (_, i) => weights[(i * 7 + phase * 3) % weights.length] ?? 0);
  const rows = 4 * cell;
  const axis = builder.integers('axis', [1]);
  const bias = builder.constant('bias', [rows], filled(rows, 2));
  const matrices = (phase: number) => ({
    joint: builder.constant(`joint_${phase}`, [rows, input + cell], filled(rows * (input + cell), phase)),
    x: builder.constant(`x_${phase}`, [rows, input], filled(rows * input, phase)),
    h: builder.constant(`h_${phase}`, [rows, cell], filled(rows * cell, phase + 1)),
  });
  const [usual, odd] = [matrices(0), matrices(2)];
  const value = (name: string, size: number) => builder.value(name, [batch, size], null);
  const sequence = builder.value('x', [batch, steps, input], null);
  const slices = Array.from({ length: steps }, (_, step) => value(`x_at_${step}`, input));
  builder.operator('UNPACK', [sequence], slices, { num: steps, axis: 1 });
  const product = (from: number, matrix: number, to: number, own = -1) =>
    builder.operator('FULLY_CONNECTED', [from, matrix, own], [to], { fused_activation_function: 'NONE' });
  const twice = (name: string, a: number, b: number, result: string, size: number) => {
    const to = value(result, size);
    builder.operator(name, [a, b], [to], { fused_activation_function: 'NONE' });
    return to;
  };
  const once = (name: string, from: number, result: string) => {
    const to = value(result, cell);
    builder.operator(name, [from], [to]);
    return to;
  };
  const zero = builder.constant('zero', [batch, cell], new Array<number>(batch * cell).fill(0));
  let [h, c] = [zero, zero];
  const hidden: number[] = [];
  for (let step = 0; step < steps; step++) {
    const { joint, x, h: recurrent } = step === oddStep ? odd : usual;
    const source = slices[isBackward ? steps - 1 - step : step]!;
    let sum = value(`sum_${step}`, rows);
    if (isJoined) {
      const both = value(`both_${step}`, input + cell);
      builder.operator('CONCATENATION', [source, h], [both], { axis: 1, fused_activation_function: 'NONE' });
      product(both, joint, sum, bias);
    } else {
      const [fromX, fromH] = [value(`from_x_${step}`, rows), value(`from_h_${step}`, rows)];
      product(source, x, fromX);
      product(h, recurrent, fromH);
      sum = twice('ADD', bias, twice('ADD', fromH, fromX, `products_${step}`, rows), `sum_${step}`, rows);
    }
    const parts = [0, 1, 2, 3].map((part) => value(`part_${part}_${step}`, cell));
    builder.operator('SPLIT', [axis, sum], parts, { num_splits: 4 });
    const gate = (name: keyof typeof order) =>
      once(name === 'cell' ? 'TANH' : 'LOGISTIC', parts[order[name]]!, `${name}_${step}`);
    const kept = twice('MUL', c, gate('forget'), `kept_${step}`, cell);
    const added = twice('MUL', gate('cell'), gate('input'), `added_${step}`, cell);
    c = twice('ADD', added, kept, `c_${step}`, cell);
    h = twice('MUL', once('TANH', c, `tanh_c_${step}`), gate('output'), `hidden_${step}`, cell);
    hidden.push(h);
  }
  if (gives === 'single') return builder.model([sequence], hidden);
  if (gives !== 'joined') return builder.model([sequence], gives === 'cell' ? [h, c] : [h]);
  const all = builder.value('all', [steps, batch, cell], null);
  builder.operator('PACK', isBackward ? [...hidden].reverse() : hidden, [all], { values_count: steps, axis: 0 });
  return builder.model([sequence], [all]);
}
