import { Constants, numbersOf, type TfConstant } from './constants';
import { keyOf, type TfNode, type TfRef } from './graphDef';

/** Operators that give their input on as it is, for inference. A loop's `Enter` does so where its value is the same in every step. */
const PASSES_ON: ReadonlySet<string> = new Set([
  'Identity',
  'StopGradient',
  'PreventGradient',
  'CheckNumerics',
  'Snapshot',
  'PlaceholderWithDefault',
]);
/** Sizes and axes are worked out by chains no longer than this. */
const DEEPEST = 64;
/** And are lists no longer than this. */
const MOST_NUMBERS = 4096;
const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  AddV2: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  FloorDiv: (a, b) => Math.floor(a / b),
  Maximum: Math.max,
  Minimum: Math.min,
};

/** What can be said of values before anything runs. */
export class Folding {
  readonly #constants = new Constants();
  readonly #known = new Map<string, readonly number[]>();
  /** What the question at hand has found to depend on data. It may be known later: shapes are, as the graph is converted. */
  readonly #unknown = new Set<string>();
  /** By nodes that only give a value on: that value. */
  readonly #origins = new Map<TfNode, TfRef>();
  readonly #mostPassed: number;

  /** @param shapeOf sizes of a value that is computed at run time, once they are known */
  constructor(
    nodes: number,
    private readonly shapeOf: (ref: TfRef) => readonly number[] | null,
  ) {
    this.#mostPassed = nodes;
  }

  /** Whether lists of integers that this operator gives can be worked out. */
  static knows(op: string): boolean {
    return op === 'Const' || op === 'Shape' || op === 'Size' || op === 'Rank' || FOLDED.has(op);
  }

  /** The value that this one is, before operators that only give it on. */
  origin(ref: TfRef): TfRef {
    const path: TfNode[] = [];
    let found = ref;
    while (passesOn(found.node) && path.length <= this.#mostPassed) {
      const next = this.#origins.get(found.node) ?? found.node.inputs[0];
      if (next === undefined) break;
      path.push(found.node);
      found = next;
    }
    for (const node of path) this.#origins.set(node, found);
    return found;
  }

  /** The constant that a value is; null where it is computed. */
  constant(ref: TfRef | undefined): TfConstant | null {
    const node = ref === undefined ? null : this.origin(ref).node;
    return node?.op === 'Const' ? this.#constants.of(node) : null;
  }

  /** The one number that a value is. */
  scalar(ref: TfRef | undefined): number | null {
    const constant = this.constant(ref);
    const numbers = constant === null || constant.data.length > 8 ? null : numbersOf(constant);
    return numbers?.length === 1 ? (numbers[0] ?? null) : null;
  }

  /** Whether every element is 0. */
  isZero(ref: TfRef): boolean {
    const { node } = this.origin(ref);
    if (node.op === 'ZerosLike') return true;
    const [, value] = node.inputs;
    if (node.op === 'Fill' && value !== undefined) return this.scalar(value) === 0;
    return node.op === 'Const' && this.#constants.of(node).data.every((byte) => byte === 0);
  }

  /** A list of sizes, axes or bounds; a single number is a list of one. Null where it depends on data. */
  integers(ref: TfRef | undefined): readonly number[] | null {
    this.#unknown.clear();
    return ref === undefined ? null : this.#fold(ref, 0);
  }

  #fold(ref: TfRef, depth: number): readonly number[] | null {
    const origin = this.origin(ref);
    const key = keyOf(origin);
    const known = this.#known.get(key);
    if (known !== undefined || this.#unknown.has(key)) return known ?? null;
    const values = depth > DEEPEST ? null : this.#compute(origin, depth + 1);
    if (values === null || values.length > MOST_NUMBERS) {
      this.#unknown.add(key);
      return null;
    }
    this.#known.set(key, values);
    return values;
  }

  #compute({ node, output }: TfRef, depth: number): readonly number[] | null {
    if (node.op === 'Const') {
      const constant = this.#constants.of(node);
      return constant.data.length > 8 * MOST_NUMBERS ? null : numbersOf(constant);
    }
    const [first] = node.inputs;
    if (first === undefined || output !== 0) return null;
    const shape = node.op === 'Shape' || node.op === 'Size' || node.op === 'Rank' ? this.shapeOf(this.origin(first)) : null;
    if (shape !== null) {
      if (node.op === 'Shape') return shape;
      return [node.op === 'Rank' ? shape.length : shape.reduce((product, size) => product * size, 1)];
    }
    const operands: (readonly number[])[] = [];
    for (const input of node.inputs) {
      const operand = FOLDED.has(node.op) ? this.#fold(input, depth) : null;
      if (operand === null) return null;
      operands.push(operand);
    }
    return folded(node, operands);
  }
}

/** Whether a node gives its input on as it is. */
export function passesOn({ op, attributes }: TfNode): boolean {
  return PASSES_ON.has(op) || (op === 'Enter' && attributes.boolean('is_constant'));
}

const FOLDED: ReadonlySet<string> = new Set([
  ...['ConcatV2', 'Pack', 'Range', 'StridedSlice', 'Cast', 'ExpandDims', 'Squeeze', 'Reshape', 'Fill'],
  ...Object.keys(ARITHMETIC),
]);

function folded(node: TfNode, operands: readonly (readonly number[])[]): readonly number[] | null {
  const [first = [], second = []] = operands;
  switch (node.op) {
    case 'ConcatV2':
      return operands.slice(0, -1).flat();
    case 'Pack':
      return operands.flat();
    case 'Cast':
    case 'ExpandDims':
    case 'Squeeze':
    case 'Reshape':
      return first;
    case 'Fill':
      return filled(first, second);
    case 'Range':
      return range(operands);
    case 'StridedSlice':
      return sliced(node, operands);
    default: {
      const compute = ARITHMETIC[node.op];
      const length = Math.max(first.length, second.length);
      if (compute === undefined || [first, second].some((list) => list.length !== length && list.length !== 1)) return null;
      const at = (list: readonly number[], i: number) => list[list.length === 1 ? 0 : i] ?? 0;
      return Array.from({ length }, (_, i) => compute(at(first, i), at(second, i)));
    }
  }
}

function filled(sizes: readonly number[], [value = 0]: readonly number[]): readonly number[] | null {
  const count = sizes.reduce((product, size) => product * size, 1);
  return count >= 0 && count <= MOST_NUMBERS ? new Array<number>(count).fill(value) : null;
}

function range([[start = 0] = [], [limit = 0] = [], [delta = 1] = []]: readonly (readonly number[])[]): readonly number[] | null {
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  return count <= MOST_NUMBERS ? Array.from({ length: count }, (_, i) => start + i * delta) : null;
}

/** Of a list: x[begin:end:stride], or one element of it. */
function sliced({ attributes }: TfNode, operands: readonly (readonly number[])[]): readonly number[] | null {
  const [list = [], [begin = 0] = [], [end = 0] = [], [stride = 1] = []] = operands;
  if (attributes.integer('new_axis_mask', 0) !== 0 || attributes.integer('ellipsis_mask', 0) !== 0 || stride !== 1) return null;
  const place = (at: number) => (at < 0 ? at + list.length : at);
  const from = attributes.integer('begin_mask', 0) === 0 ? place(begin) : 0;
  if (attributes.integer('shrink_axis_mask', 0) !== 0) return list[from] === undefined ? null : [list[from]];
  return list.slice(from, attributes.integer('end_mask', 0) === 0 ? place(end) : list.length);
}
