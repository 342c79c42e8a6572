import { Writer } from 'protobufjs/minimal';

export type Attribute =
  | { readonly type: number }
  | { readonly int: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly shape: readonly number[] | null }
  | { readonly tensor: Uint8Array };

export const FLOAT = { type: 1 } as const;
export const INT = { type: 3 } as const;

/** Writes a GraphDef node by node; nodes may read what comes later. */
export class GraphDefBuilder {
  readonly #nodes: Uint8Array[] = [];

  /** @returns the node's name */
  node(op: string, name: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const node = new Writer().uint32(10).string(name).uint32(18).string(op);
    for (const input of inputs) node.uint32(26).string(input);
    for (const [key, value] of Object.entries(attributes)) {
      const entry = new Writer().uint32(10).string(key).uint32(18).bytes(attributeBytes(value)).finish();
      node.uint32(42).bytes(entry);
    }
    this.#nodes.push(node.finish());
    return name;
  }

  floats(name: string, shape: readonly number[], values: ArrayLike<number>): string {
    const data = new Uint8Array(Float32Array.from(values).buffer);
    return this.node('Const', name, [], {
      dtype: FLOAT,
      value: { tensor: tensorBytes(1, shape, (w) => w.uint32(34).bytes(data)) },
    });
  }

  /** One value for all elements, as TensorFlow stores constants that are all alike. */
  filled(name: string, shape: readonly number[], value: number): string {
    return this.node('Const', name, [], {
      dtype: FLOAT,
      value: { tensor: tensorBytes(1, shape, (w) => w.uint32(45).float(value)) },
    });
  }

  /** A list, or a single number where it is one. */
  ints(name: string, values: readonly number[] | number): string {
    const list = typeof values === 'number' ? [values] : values;
    const shape = typeof values === 'number' ? [] : [list.length];
    const write = (w: Writer) => {
      w.uint32(58).fork();
      for (const value of list) w.int32(value);
      w.ldelim();
    };
    return this.node('Const', name, [], { dtype: INT, value: { tensor: tensorBytes(3, shape, write) } });
  }

  placeholder(name: string, shape: readonly number[] | null, type = 1): string {
    return this.node('Placeholder', name, [], { dtype: { type }, shape: { shape } });
  }

  bytes(): Uint8Array {
    const graph = new Writer();
    for (const node of this.#nodes) graph.uint32(10).bytes(node);
    // versions { producer: 27 }
    return Uint8Array.from(graph.uint32(34).fork().uint32(8).int32(27).ldelim().finish());
  }
}

function tensorBytes(type: number, shape: readonly number[], values: (writer: Writer) => void): Uint8Array {
  const writer = new Writer().uint32(8).int32(type).uint32(18).bytes(shapeBytes(shape));
  values(writer);
  return writer.finish();
}

function shapeBytes(shape: readonly number[] | null): Uint8Array {
  const writer = new Writer();
  if (shape === null) return writer.uint32(24).bool(true).finish();
  for (const size of shape) writer.uint32(18).fork().uint32(8).int64(size).ldelim();
  return writer.finish();
}

function attributeBytes(value: Attribute): Uint8Array {
  const writer = new Writer();
  if ('type' in value) writer.uint32(48).int32(value.type);
  else if ('int' in value) writer.uint32(24).int64(value.int);
  else if ('float' in value) writer.uint32(37).float(value.float);
  else if ('bool' in value) writer.uint32(40).bool(value.bool);
  else if ('text' in value) writer.uint32(18).string(value.text);
  else if ('shape' in value) writer.uint32(58).bytes(shapeBytes(value.shape));
  else if ('tensor' in value) writer.uint32(66).bytes(value.tensor);
  else {
    writer.uint32(10).fork().uint32(26).fork();
    for (const one of value.ints) writer.int64(one);
    writer.ldelim().ldelim();
  }
  return writer.finish();
}

/** Weights of one LSTM cell as TensorFlow 1 keeps them. */
export interface CellSpec {
  readonly input: number;
  readonly cell: number;
  /** [input + output, 4 * cell], columns i, j, f, o. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
  readonly forgetBias: number;
  readonly peephole: Readonly<Record<'i' | 'f' | 'o', Float32Array>> | null;
  /** [cell, output]. */
  readonly projection: Float32Array | null;
  readonly cellClip: number;
  readonly projectionClip: number;
}

export function outputOf({ kernel, cell, input }: CellSpec): number {
  return kernel.length / (4 * cell) - input;
}

/** A cell with weights out of a small generator. */
export function cellSpec(input: number, cell: number, output: number, more: Partial<CellSpec> = {}): CellSpec {
  let state = input * 7919 + cell * 104_729 + output;
  const values = (count: number, scale: number) =>
    Float32Array.from({ length: count }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return scale * (state / 2 ** 31 - 1);
    });
  return {
    input,
    cell,
    kernel: values((input + output) * 4 * cell, 0.8),
    bias: values(4 * cell, 0.3),
    forgetBias: 1,
    peephole: null,
    projection: output === cell ? null : values(cell * output, 0.7),
    cellClip: 0,
    projectionClip: 0,
    ...more,
  };
}

/** One step as TensorFlow 1's LSTMCell writes it. `outer` gives a value from outside of the step inside it. */
export function addCell(
  graph: GraphDefBuilder,
  name: string,
  spec: CellSpec,
  x: string,
  h: string,
  c: string,
  outer: (name: string) => string = (value) => value,
): { readonly hidden: string; readonly cell: string } {
  const rows = spec.kernel.length / (4 * spec.cell);
  const weights = (suffix: string, shape: readonly number[], values: Float32Array) =>
    outer(graph.node('Identity', `${name}/${suffix}/read`, [graph.floats(`${name}/${suffix}`, shape, values)], { T: FLOAT }));
  const two = (op: string, suffix: string, a: string, b: string) => graph.node(op, `${name}/${suffix}`, [a, b], { T: FLOAT });
  const clipped = (value: string, limit: number, suffix: string) => {
    if (limit === 0) return value;
    const low = graph.node('Minimum', `${name}/${suffix}/Minimum`, [value, graph.floats(`${name}/${suffix}/max`, [], [limit])]);
    return graph.node('Maximum', `${name}/${suffix}`, [low, graph.floats(`${name}/${suffix}/min`, [], [-limit])]);
  };
  const axis = graph.ints(`${name}/concat/axis`, 1);
  const joined = graph.node('ConcatV2', `${name}/concat`, [x, h, axis], { N: { int: 2 }, T: FLOAT, Tidx: INT });
  const product = two('MatMul', 'MatMul', joined, weights('kernel', [rows, 4 * spec.cell], spec.kernel));
  const packed = two('BiasAdd', 'BiasAdd', product, weights('bias', [4 * spec.cell], spec.bias));
  const split = graph.node('Split', `${name}/split`, [graph.ints(`${name}/split/dim`, 1), packed], {
    num_split: { int: 4 },
    T: FLOAT,
  });
  const peeped = (sum: string, gate: 'i' | 'f' | 'o', state: string) => {
    if (spec.peephole === null) return sum;
    const w = weights(`w_${gate}_diag`, [spec.cell], spec.peephole[gate]);
    return two('Add', `add_${gate}`, sum, two('Mul', `peep_${gate}`, w, state));
  };
  const one = (op: string, suffix: string, value: string) => graph.node(op, `${name}/${suffix}`, [value], { T: FLOAT });
  const forgetSum = two('Add', 'add', `${split}:2`, graph.floats(`${name}/add/y`, [], [spec.forgetBias]));
  const kept = two('Mul', 'mul', one('Sigmoid', 'Sigmoid', peeped(forgetSum, 'f', c)), c);
  const input = one('Sigmoid', 'Sigmoid_1', peeped(split, 'i', c));
  const written = two('Mul', 'mul_1', input, one('Tanh', 'Tanh', `${split}:1`));
  const cell = clipped(two('Add', 'add_1', kept, written), spec.cellClip, 'clip');
  const output = one('Sigmoid', 'Sigmoid_2', peeped(`${split}:3`, 'o', cell));
  const m = two('Mul', 'mul_2', output, one('Tanh', 'Tanh_1', cell));
  if (spec.projection === null) return { hidden: m, cell };
  const projected = two('MatMul', 'projection', m, weights('projection/kernel', [spec.cell, outputOf(spec)], spec.projection));
  return { hidden: clipped(projected, spec.projectionClip, 'clip_projection'), cell };
}

/** LSTMCell over a sequence of x, each [input], in float64. @returns h of every step */
export function referenceCell(spec: CellSpec, sequence: readonly ArrayLike<number>[]): number[][] {
  const { cell, kernel, bias, peephole, projection } = spec;
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const clip = (x: number, limit: number) => (limit === 0 ? x : Math.max(-limit, Math.min(limit, x)));
  let c = new Array<number>(cell).fill(0);
  let h = new Array<number>(outputOf(spec)).fill(0);
  return sequence.map((x) => {
    const joined = [...Array.from(x), ...h];
    const z = Array.from({ length: 4 * cell }, (_, column) =>
      joined.reduce((sum, value, row) => sum + value * kernel[row * 4 * cell + column]!, bias[column]!),
    );
    const peep = (gate: 'i' | 'f' | 'o', unit: number, of: readonly number[]) => (peephole?.[gate][unit] ?? 0) * of[unit]!;
    const next = c.map((old, unit) => {
      const forget = sigmoid(z[2 * cell + unit]! + spec.forgetBias + peep('f', unit, c));
      const value = forget * old + sigmoid(z[unit]! + peep('i', unit, c)) * Math.tanh(z[cell + unit]!);
      return clip(value, spec.cellClip);
    });
    const m = next.map((value, unit) => sigmoid(z[3 * cell + unit]! + peep('o', unit, next)) * Math.tanh(value));
    const width = outputOf(spec);
    h = Array.from({ length: width }, (_, column) =>
      projection === null
        ? m[column]!
        : clip(
            m.reduce((sum, value, row) => sum + value * projection[row * width + column]!, 0),
            spec.projectionClip,
          ),
    );
    c = next;
    return h;
  });
}
