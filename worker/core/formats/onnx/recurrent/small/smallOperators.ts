import { ABSENT, type Graph, type Operator, type OptionValue, type Tensor } from '../../../../model/model';
import { axisOf, permutationOf, sliceRanges, splitSizes, whereItFits } from '../../moves/moveShapes';
import type { Folded, FoldedConstants } from '../foldedConstants';

/** Operators that give their first operand's values in the same order under another shape. */
const RENAMING = new Set(['Identity', 'Squeeze', 'Unsqueeze', 'Reshape', 'Flatten']);
const ELEMENTWISE: Readonly<Record<string, string>> = { Add: 'ADD', Mul: 'MUL', Sigmoid: 'LOGISTIC', Tanh: 'TANH' };

/** Whether a graph could hold an LSTM in small operators: three sigmoids, two tanh and a matrix product at least. */
export function mayHoldCells({ operators }: Graph): boolean {
  const count = (...names: string[]) => operators.filter(({ name }) => names.includes(name)).length;
  return count('Sigmoid') >= 3 && count('Tanh') >= 2 && count('MatMul', 'Gemm') >= 1;
}

/**
 * An ONNX graph in the names that recognition goes by, which are TensorFlow Lite's: the same tensors and operators in the same places, with
 * constants added. What has no such name keeps its own, and is no part of a cell.
 */
export function smallOperators(graph: Graph, constants: FoldedConstants): Graph {
  const view = new SmallOperators(graph, constants);
  const operators = graph.operators.map((operator) => view.renamed(operator) ?? operator);
  return { ...graph, tensors: view.tensors, operators };
}

class SmallOperators {
  readonly tensors: Tensor[];
  /** Matrices turned about, by their tensor in the graph. */
  private readonly turned = new Map<number, number>();

  constructor(
    private readonly graph: Graph,
    private readonly constants: FoldedConstants,
  ) {
    this.tensors = [...graph.tensors];
  }

  /** Null where an operator has no other name. */
  renamed(operator: Operator): Operator | null {
    if ((operator.domain ?? '') !== '' || operator.outputs.includes(ABSENT)) return null;
    const { name, inputs } = operator;
    const [data = ABSENT] = inputs;
    const simple = ELEMENTWISE[name];
    if (simple !== undefined) return inputs.every((index) => this.isFloat(index)) ? named(operator, simple, inputs) : null;
    if (RENAMING.has(name)) return named(operator, 'RESHAPE', [data]);
    return whereItFits(() => {
      switch (name) {
        case 'MatMul':
          return this.product(operator, true, ABSENT);
        case 'Gemm':
          return this.gemm(operator);
        case 'DequantizeLinear':
          return this.graph.tensors[data]?.data === null ? null : named(operator, 'DEQUANTIZE', [data]);
        case 'Concat':
          return named(operator, 'CONCATENATION', inputs, { axis: axisOf(numberOf(operator, 'axis', 0), this.rank(data)) });
        case 'Transpose':
          return named(operator, 'TRANSPOSE', [
            data,
            this.integers(permutationOf(listOption(operator, 'perm') ?? 'absent', this.rank(data))),
          ]);
        case 'Split':
          return this.split(operator);
        case 'Slice':
          return this.slice(operator);
        case 'Gather':
          return this.gather(operator);
        default:
          return null;
      }
    });
  }

  private isFloat(index: number): boolean {
    const tensor = this.graph.tensors[index];
    return tensor?.dtype === 'float32' && tensor.hasRank;
  }

  private rank(index: number): number {
    const tensor = this.graph.tensors[index];
    return tensor?.hasRank === true ? tensor.shape.length : 0;
  }

  /** @param isTurned weights are [columns, rows] */
  private product(operator: Operator, isTurned: boolean, bias: number): Operator | null {
    const [data = ABSENT, matrix = ABSENT] = operator.inputs;
    const weights = this.graph.tensors[matrix];
    if (weights?.hasRank !== true || weights.shape.length !== 2 || this.rank(data) < 2) return null;
    const [columns, rows] = isTurned ? weights.shape : [...weights.shape].reverse();
    const [from, to] = [data, operator.outputs[0] ?? ABSENT].map((index) => this.graph.tensors[index]?.shape.at(-1));
    if (from !== columns || to !== rows) return null;
    return named(operator, 'FULLY_CONNECTED', [data, this.matrix(matrix, isTurned), bias]);
  }

  private gemm(operator: Operator): Operator | null {
    const isPlain = numberOf(operator, 'alpha', 1) === 1 && numberOf(operator, 'beta', 1) === 1;
    const bias = operator.inputs[2] ?? ABSENT;
    if (!isPlain || numberOf(operator, 'transA', 0) !== 0) return null;
    return this.product(operator, numberOf(operator, 'transB', 0) === 0, bias);
  }

  /** Weights as [rows, columns]. Only those that a cell seems to have are ever looked at. */
  private matrix(index: number, isTurned: boolean): number {
    const key = isTurned ? index : -1 - index;
    const known = this.turned.get(key);
    if (known !== undefined) return known;
    const { shape, ...tensor } = this.graph.tensors[index]!;
    const [first = 0, second = 0] = shape;
    const own = isTurned ? [second, first] : shape;
    let data: Uint8Array | null | undefined;
    const read = () => (data === undefined ? (data = floatBytes(this.constants.of(index), shape, isTurned)) : data);
    const place = this.tensors.length;
    this.turned.set(key, place);
    this.tensors.push({
      ...tensor,
      ...{ index: place, shape: own, shapeSignature: own, dtype: 'float32', quantization: null },
      get data() {
        return read();
      },
    });
    return place;
  }

  private split(operator: Operator): Operator | null {
    const { inputs, outputs } = operator;
    const [data = ABSENT] = inputs;
    const { shape = [] } = this.graph.tensors[data] ?? {};
    const axis = axisOf(numberOf(operator, 'axis', 0), this.rank(data));
    const listed = listOption(operator, 'split') ?? this.list(inputs[1] ?? ABSENT);
    if (listed === null) return null;
    const sizes = splitSizes(shape[axis] ?? 0, listed, outputs.length);
    if (sizes.every((size) => size === 1) && shape.length === 3 && axis < 2)
      return named(operator, 'UNPACK', [data], { axis, num: outputs.length });
    return sizes.every((size) => size === sizes[0]) ? named(operator, 'SPLIT', [this.integers([axis]), data]) : null;
  }

  private slice(operator: Operator): Operator | null {
    const { inputs } = operator;
    const [data = ABSENT] = inputs;
    const [starts, ends, axes, steps] = ['starts', 'ends', 'axes', 'steps'].map(
      (name, place) => listOption(operator, name) ?? this.list(inputs[place + 1] ?? ABSENT),
    );
    if (!Array.isArray(starts) || !Array.isArray(ends) || !axes || !steps) return null;
    const signature = this.graph.tensors[data]?.shapeSignature ?? [];
    const ranges = sliceRanges(signature, { starts: starts as number[], ends: ends as number[], axes, steps });
    if (ranges.some((range) => range?.count === -1)) return null;
    return this.strided(operator, (axis) => {
      const size = signature[axis] ?? 0;
      const { start, count, step } = ranges[axis] ?? { start: 0, count: size, step: 1 };
      return { start, end: start + count * step, step, isTaken: axis < 2 && signature.length === 3 && count === 1 && size > 1 };
    });
  }

  /** By one index: the axis is gone. */
  private gather(operator: Operator): Operator | null {
    const [data = ABSENT, indices = ABSENT] = operator.inputs;
    const signature = this.graph.tensors[data]?.shapeSignature ?? [];
    const list = this.graph.tensors[indices]?.shape.length === 0 ? this.list(indices) : null;
    if (list === null || list === 'absent') return null;
    const axis = axisOf(numberOf(operator, 'axis', 0), this.rank(data));
    const place = axisOf(list[0] ?? 0, signature[axis] ?? 0);
    return this.strided(operator, (one) =>
      one === axis
        ? { start: place, end: place + 1, step: 1, isTaken: true }
        : { start: 0, end: signature[one] ?? 0, step: 1, isTaken: false },
    );
  }

  private strided(operator: Operator, take: (axis: number) => Taken): Operator {
    const [data = ABSENT] = operator.inputs;
    const taken = Array.from({ length: this.rank(data) }, (_, axis) => take(axis));
    const lists = [taken.map(({ start }) => start), taken.map(({ end }) => end), taken.map(({ step }) => step)];
    const mask = taken.reduce((bits, { isTaken }, axis) => bits + (isTaken ? 2 ** axis : 0), 0);
    const options = { begin_mask: 0, end_mask: 0, ellipsis_mask: 0, new_axis_mask: 0, shrink_axis_mask: mask };
    return named(operator, 'STRIDED_SLICE', [data, ...lists.map((list) => this.integers(list))], options);
  }

  /** Null where it is computed. */
  private list(index: number): readonly number[] | 'absent' | null {
    if (index === ABSENT) return 'absent';
    const folded = this.graph.tensors[index]?.data === null ? null : this.constants.of(index);
    return folded === null ? null : Array.from(folded.values as ArrayLike<number | bigint>, Number);
  }

  private integers(values: readonly number[]): number {
    const index = this.tensors.length;
    const data = new Uint8Array(Int32Array.from(values).buffer);
    this.tensors.push({
      ...{ index, name: '', dtype: 'int32', shape: [values.length], shapeSignature: [values.length], hasRank: true },
      ...{ quantization: null, range: null, isVariable: false, sparsity: null, data, buffer: 0 },
    });
    return index;
  }
}

interface Taken {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly isTaken: boolean;
}

function named(
  operator: Operator,
  name: string,
  inputs: readonly number[],
  options: Readonly<Record<string, OptionValue>> = {},
): Operator {
  return { ...operator, name, inputs, options };
}

function numberOf({ options }: Operator, name: string, otherwise: number): number {
  const value = options[name];
  return typeof value === 'number' ? value : otherwise;
}

function listOption({ options }: Operator, name: string): readonly number[] | null {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly number[]) : null;
}

function floatBytes(folded: Folded | null, shape: readonly number[], isTurned: boolean): Uint8Array | null {
  if (folded === null || !(folded.values instanceof Float32Array) || folded.shape.join() !== shape.join()) return null;
  const { values } = folded;
  const [rows = 0, columns = 0] = shape;
  const turned = isTurned ? new Float32Array(values.length) : values;
  for (let row = 0; isTurned && row < rows; row++)
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column]!;
  return new Uint8Array(turned.buffer, turned.byteOffset, turned.byteLength);
}
