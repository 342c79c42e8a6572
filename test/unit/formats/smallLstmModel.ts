import { type ConstantSpec, type NodeSpec, onnxModel } from './onnxLstmModel';
import { random } from './onnxRuns';

type GateName = 'i' | 'f' | 'g' | 'o';

/** How an LSTM is written in small operators. */
export interface SmallLstm {
  /** One step with its states as inputs and outputs, or all steps from states of 0 or of the file. */
  readonly form: 'step' | 'unrolled';
  readonly steps: number;
  readonly batch: number;
  /** The file leaves the batch open. */
  readonly isOpen: boolean;
  readonly input: number;
  readonly cell: number;
  /** Gates in the order in which the kernels have them. */
  readonly order: readonly GateName[];
  /** One product for all gates, one for all gates of [x, h], or one for each gate. */
  readonly kernel: 'fused' | 'joined' | 'split';
  readonly product: 'MatMul' | 'Gemm' | 'Gemm turned';
  readonly weights: 'stored' | 'transposed' | 'dequantized';
  readonly bias: 'none' | 'of x' | 'of both' | 'after';
  readonly cut: 'Split' | 'Slice';
  /** Operands of sums and products the other way about. */
  readonly isTurned: boolean;
  readonly taken: 'Split' | 'Gather' | 'Slice' | 'inputs';
  readonly timeAxis: 0 | 1;
  readonly isBackward: boolean;
  readonly state: 'zero' | 'given';
  readonly gives: 'joined' | 'joined over' | 'single' | 'last';
  readonly layers: 1 | 2;
  readonly seed: number;
  /** What is not as in an LSTM. */
  readonly miss?: NearMiss;
}

export const NEAR_MISSES = [
  'Relu for tanh',
  'HardSigmoid for a gate',
  'gate used twice',
  'gate read outside',
  'cell in between read',
  'other weights in a step',
  'bias for each row',
  'state for all rows',
  'input made of the output',
  'hidden values in codes',
] as const;
export type NearMiss = (typeof NEAR_MISSES)[number];

export interface SmallModel {
  readonly bytes: Uint8Array;
  readonly feeds: Readonly<Record<string, ConstantSpec & { readonly values: Float32Array }>>;
}

const OPSET = 13;

export function smallLstmModel(spec: SmallLstm): SmallModel {
  return new Writer(spec).model();
}

class Writer {
  private readonly nodes: NodeSpec[] = [];
  private readonly constants: Record<string, ConstantSpec> = {};
  private readonly feeds: Record<string, ConstantSpec & { readonly values: Float32Array }> = {};
  private readonly outputs: string[] = [];
  private next = 0;
  private readonly steps: number;

  constructor(private readonly spec: SmallLstm) {
    this.steps = spec.form === 'step' ? 1 : spec.steps;
  }

  model(): SmallModel {
    const { layers, isOpen, form, batch } = this.spec;
    let values = this.inputs();
    for (let layer = 0; layer < layers; layer++) values = this.layer(layer, values);
    this.give(values);
    const inputs = Object.fromEntries(Object.keys(this.feeds).map((name) => [name, 'float32'] as const));
    const axisOf = (name: string) => (name === 'x' && form === 'unrolled' && this.spec.timeAxis === 0 ? 1 : 0);
    const shapes = Object.fromEntries(
      Object.entries(this.feeds).map(([name, { shape }]) => [
        name,
        shape.map((size, axis) => (isOpen && axis === axisOf(name) && size === batch ? -1 : size)),
      ]),
    );
    const { nodes, constants, outputs, feeds } = this;
    return { bytes: onnxModel({ opset: OPSET, nodes, constants, inputs, shapes, outputs }), feeds };
  }

  private fresh(what: string): string {
    return `${what}_${this.next++}`;
  }

  private node(op: string, inputs: readonly string[], attributes: NodeSpec['attributes'] = {}, output = this.fresh(op)): string {
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  /** A sum or a product, in either order. */
  private both(op: string, a: string, b: string): string {
    return this.node(op, this.spec.isTurned ? [b, a] : [a, b]);
  }

  private constant(what: string, spec: ConstantSpec): string {
    const name = this.fresh(what);
    this.constants[name] = spec;
    return name;
  }

  private integers(...list: number[]): string {
    return this.constant('list', { shape: [list.length], values: BigInt64Array.from(list, BigInt) });
  }

  private random(shape: readonly number[], scale = 1) {
    return random(shape, this.spec.seed * 1000 + this.next++, scale);
  }

  private feed(name: string, shape: readonly number[]): string {
    this.feeds[name] = this.random(shape);
    return name;
  }

  /** A value [batch, input] for each step. */
  private inputs(): readonly string[] {
    const { form, batch, input, taken, timeAxis } = this.spec;
    const { steps } = this;
    if (form === 'step') return [this.feed('x', [batch, input])];
    if (taken === 'inputs') return Array.from({ length: steps }, (_, step) => this.feed(`x${step}`, [batch, input]));
    const x = this.feed('x', timeAxis === 0 ? [steps, batch, input] : [batch, steps, input]);
    const squeeze = (one: string) => this.node('Squeeze', [one, this.integers(timeAxis)]);
    if (taken === 'Split') {
      const parts = Array.from({ length: steps }, () => this.fresh('part'));
      this.nodes.push({ op: 'Split', inputs: [x], outputs: parts, attributes: { axis: timeAxis } });
      return parts.map(squeeze);
    }
    return Array.from({ length: steps }, (_, step) => {
      if (taken === 'Slice')
        return squeeze(this.node('Slice', [x, this.integers(step), this.integers(step + 1), this.integers(timeAxis)]));
      const place = this.constant('place', { shape: [], values: BigInt64Array.of(BigInt(step)) });
      return this.node('Gather', [x, place], { axis: timeAxis });
    });
  }

  private layer(layer: number, values: readonly string[]): readonly string[] {
    const { input, cell, isBackward, form, miss } = this.spec;
    const size = layer === 0 ? input : cell;
    const kernels = this.kernels(size);
    let [h, c] = this.states(layer);
    const hidden = new Array<string>(values.length).fill('');
    for (let k = 0; k < values.length; k++) {
      const step = isBackward ? values.length - 1 - k : k;
      const odd = miss === 'other weights in a step' && k === values.length - 1 ? this.kernels(size) : kernels;
      const fed = miss === 'input made of the output' && k > 0 ? this.node('Abs', [h]) : values[step]!;
      [h, c] = this.step(odd, fed, miss === 'hidden values in codes' ? this.coded(h) : h, c);
      hidden[step] = h;
      if (miss === 'cell in between read' && k === 0) this.outputs.push(this.node('Neg', [c]));
    }
    if (form === 'step') this.outputs.push(h, c);
    else if (this.spec.gives === 'last') this.outputs.push(this.node('Neg', [c]));
    return hidden;
  }

  private states(layer: number): [string, string] {
    const { form, state, batch, cell, miss } = this.spec;
    if (form === 'step') return [this.feed(`h${layer}`, [batch, cell]), this.feed(`c${layer}`, [batch, cell])];
    if (miss === 'state for all rows') return [this.feed(`h${layer}`, [1, cell]), this.feed(`c${layer}`, [1, cell])];
    if (state === 'given') return [this.feed(`h${layer}`, [batch, cell]), this.feed(`c${layer}`, [batch, cell])];
    const zero = () => this.constant('zero', { shape: [batch, cell], values: new Float32Array(batch * cell) });
    return [zero(), zero()];
  }

  /** Names of the weights; each product takes one of each list. */
  private kernels(size: number): Kernels {
    const { cell, kernel, bias, batch, miss } = this.spec;
    const count = kernel === 'split' ? 4 : 1;
    const rows = kernel === 'split' ? cell : 4 * cell;
    const several = (make: () => string) => Array.from({ length: count }, make);
    const biases = miss === 'bias for each row' ? [batch, rows] : [rows];
    const vector = (isThere: boolean) => (isThere ? several(() => this.constant('b', this.random(biases))) : null);
    return {
      x: several(() => this.matrix(kernel === 'joined' ? size + cell : size, rows)),
      h: kernel === 'joined' ? null : several(() => this.matrix(cell, rows)),
      ofX: vector(bias === 'of x' || bias === 'of both'),
      ofH: kernel === 'joined' ? null : vector(bias === 'of both'),
      after: vector(bias === 'after'),
    };
  }

  /** Weights as the product takes them: [columns, rows], or the other way about. */
  private matrix(columns: number, rows: number): string {
    const { weights, product } = this.spec;
    const shape = product === 'Gemm turned' ? [rows, columns] : [columns, rows];
    if (weights === 'stored') return this.constant('w', this.random(shape, 0.7));
    if (weights === 'transposed')
      return this.node('Transpose', [this.constant('w', this.random([...shape].reverse(), 0.7))], { perm: [1, 0] });
    const codes = Int8Array.from(this.random(shape).values, (value) => Math.round(value * 127));
    const scale = this.constant('scale', { shape: [], values: Float32Array.of(0.0061) });
    return this.node('DequantizeLinear', [this.constant('w', { shape, values: codes }), scale]);
  }

  private multiply(value: string, matrix: string, bias: string | null): string {
    const { product } = this.spec;
    if (product === 'MatMul') {
      const result = this.node('MatMul', [value, matrix]);
      return bias === null ? result : this.both('Add', result, bias);
    }
    return this.node(
      'Gemm',
      bias === null ? [value, matrix] : [value, matrix, bias],
      product === 'Gemm turned' ? { transB: 1 } : {},
    );
  }

  private step(kernels: Kernels, x: string, h: string, c: string): [string, string] {
    const { miss } = this.spec;
    const gates = this.gates(kernels, x, h);
    if (miss === 'gate used twice') gates.o = gates.i;
    const sigmoid = (value: string) => this.node('Sigmoid', [value]);
    const i = sigmoid(gates.i);
    if (miss === 'gate read outside') this.outputs.push(this.node('Neg', [i]));
    const g = this.node(miss === 'Relu for tanh' ? 'Relu' : 'Tanh', [gates.g]);
    const o = miss === 'HardSigmoid for a gate' ? this.node('HardSigmoid', [gates.o]) : sigmoid(gates.o);
    const cell = this.both('Add', this.both('Mul', sigmoid(gates.f), c), this.both('Mul', i, g));
    return [this.both('Mul', o, this.node('Tanh', [cell])), cell];
  }

  private gates({ x: matrices, h: recurrent, ofX, ofH, after }: Kernels, x: string, h: string): Record<GateName, string> {
    const source = recurrent === null ? this.node('Concat', [x, h], { axis: -1 }) : x;
    const sums = matrices.map((matrix, at) => {
      const first = this.multiply(source, matrix, ofX?.[at] ?? null);
      const second = recurrent === null ? null : this.multiply(h, recurrent[at]!, ofH?.[at] ?? null);
      const sum = second === null ? first : this.both('Add', first, second);
      return after === null ? sum : this.both('Add', sum, after[at]!);
    });
    const parts = sums.length === 4 ? sums : this.cut(sums[0]!);
    return Object.fromEntries(this.spec.order.map((gate, at) => [gate, parts[at]!])) as Record<GateName, string>;
  }

  private cut(sum: string): string[] {
    const { cut, cell } = this.spec;
    if (cut === 'Split') {
      const parts = Array.from({ length: 4 }, () => this.fresh('gate'));
      this.nodes.push({ op: 'Split', inputs: [sum], outputs: parts, attributes: { axis: -1 } });
      return parts;
    }
    return [0, 1, 2, 3].map((place) =>
      this.node('Slice', [sum, this.integers(place * cell), this.integers((place + 1) * cell), this.integers(1)]),
    );
  }

  /** Through 8 bits and back. */
  private coded(value: string): string {
    const scale = this.constant('scale', { shape: [], values: Float32Array.of(0.01) });
    const zero = this.constant('zero', { shape: [], values: Int8Array.of(3) });
    return this.node('DequantizeLinear', [this.node('QuantizeLinear', [value, scale, zero]), scale, zero]);
  }

  private give(values: readonly string[]): void {
    const { gives, form, timeAxis, isBackward } = this.spec;
    if (form === 'step') return;
    if (gives === 'single') for (const value of values) this.outputs.push(this.node('Neg', [value]));
    if (gives === 'last') this.outputs.push(this.node('Neg', [values.at(isBackward ? 0 : -1)!]));
    if (gives !== 'joined' && gives !== 'joined over') return;
    const axis = gives === 'joined' ? timeAxis : 1 - timeAxis;
    const parts = values.map((value) => this.node('Unsqueeze', [value, this.integers(axis)]));
    this.outputs.push(this.node('Neg', [this.node('Concat', parts, { axis })]));
  }
}

interface Kernels {
  readonly x: readonly string[];
  readonly h: readonly string[] | null;
  readonly ofX: readonly string[] | null;
  readonly ofH: readonly string[] | null;
  readonly after: readonly string[] | null;
}
