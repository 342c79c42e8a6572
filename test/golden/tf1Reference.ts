import { Reader } from 'protobufjs/minimal';

/** Floats of every constant of a GraphDef by its node's name, read without the product's reader. */
export function floatConstants(file: Uint8Array): ReadonlyMap<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const [field, node] of fields(file)) {
    if (field !== 1) continue;
    const parts = fields(node);
    const name = text(parts.find(([number]) => number === 1)?.[1]);
    for (const [number, entry] of parts) {
      if (number !== 5) continue;
      const [[, key] = [], [, value] = []] = fields(entry);
      const tensor = text(key) === 'value' ? fields(value).find(([kind]) => kind === 8)?.[1] : undefined;
      const stored = tensor === undefined ? undefined : fields(tensor).find(([kind]) => kind === 4 || kind === 5)?.[1];
      if (stored === undefined) continue;
      const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
      found.set(
        name,
        Float64Array.from({ length: stored.length >> 2 }, (_, i) => view.getFloat32(4 * i, true)),
      );
    }
  }
  return found;
}

const text = (bytes: Uint8Array = new Uint8Array()) => Buffer.from(bytes).toString();

/** Fields that have bytes; a single float counts as its 4 bytes. */
function fields(bytes: Uint8Array = new Uint8Array()): [number, Uint8Array][] {
  const reader = new Reader(bytes);
  const found: [number, Uint8Array][] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if ((tag & 7) === 2) found.push([tag >>> 3, reader.bytes()]);
    else {
      const start = reader.pos;
      reader.skipType(tag & 7);
      if ((tag & 7) === 5) found.push([tag >>> 3, bytes.subarray(start, reader.pos)]);
    }
  }
  return found;
}

/** Names of the constants of one of Hello Edge's networks. */
export interface NetworkNames {
  readonly kernel: string;
  readonly bias: string;
  readonly forgetBias: string;
  readonly peephole: Readonly<Record<'i' | 'f' | 'o', string>> | null;
  readonly projection: string | null;
}

/**
 * LSTMCell of TensorFlow 1 (rnn_cell_impl.py) over [steps, coefficients], then the dense layer and softmax, all in float64: the
 * kernel's columns are i, j, f, o, and forget_bias is added to f.
 * @returns the probabilities of the classes
 */
export function classify(
  constants: ReadonlyMap<string, Float64Array>,
  { kernel, bias, forgetBias, peephole, projection }: NetworkNames,
  features: ArrayLike<number>,
  coefficients: number,
): number[] {
  const get = (name: string) => {
    const values = constants.get(name);
    if (values === undefined) throw new Error(`no constant ${name}`);
    return values;
  };
  const [w, b, [added = 0]] = [get(kernel), get(bias), get(forgetBias)];
  const cells = b.length / 4;
  const none = new Float64Array(cells);
  const [wi, wf, wo] = peephole === null ? [none, none, none] : [get(peephole.i), get(peephole.f), get(peephole.o)];
  let c = new Float64Array(cells);
  let h = new Float64Array(w.length / b.length - coefficients);
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  for (let step = 0; step * coefficients < features.length; step++) {
    const joined = [...Array.from({ length: coefficients }, (_, i) => features[step * coefficients + i]!), ...h];
    const z = product(joined, w).map((sum, i) => sum + b[i]!);
    const at = (quarter: number, i: number) => z[quarter * cells + i]!;
    const next = c.map((old, i) => {
      const forget = sigmoid(at(2, i) + added + wf[i]! * old);
      return forget * old + sigmoid(at(0, i) + wi[i]! * old) * Math.tanh(at(1, i));
    });
    const m = next.map((value, i) => sigmoid(at(3, i) + wo[i]! * value) * Math.tanh(value));
    h = projection === null ? m : Float64Array.from(product([...m], get(projection)));
    c = next;
  }
  const offsets = get('b_o');
  const logits = product([...h], get('W_o')).map((sum, i) => sum + offsets[i]!);
  const powers = logits.map((value) => Math.exp(value - Math.max(...logits)));
  const sum = powers.reduce((a, value) => a + value, 0);
  return powers.map((value) => value / sum);
}

/** x of [rows] times row-major [rows, columns]. */
function product(x: readonly number[], matrix: Float64Array): number[] {
  const columns = matrix.length / x.length;
  return Array.from({ length: columns }, (_, column) =>
    x.reduce((sum, value, row) => sum + value * matrix[row * columns + column]!, 0),
  );
}
