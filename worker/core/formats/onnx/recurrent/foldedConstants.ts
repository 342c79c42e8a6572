import { constantValues, realConstant } from '../../../model/constants';
import { ABSENT, type Graph, type Operator } from '../../../model/model';
import { elementCount } from '../../../run/arrays';
import type { NumericArray } from '../../../run/value';
import { whereItFits } from '../moves/moveShapes';
import { moveOf, type MoveSource } from '../moves/moveValues';
import { isNumeric } from './isNumeric';

/** A constant, row-major. */
export interface Folded {
  readonly shape: readonly number[];
  readonly values: NumericArray;
}

/** Exporters write weights behind a handful of operators; a chain beyond is none of theirs. */
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 2 ** 26;

/**
 * Constants of a graph, also those that operators make of other constants by moving values about: exporters write the gates of a
 * recurrent layer in another order than ONNX has them, and leave it to operators to reorder them.
 */
export class FoldedConstants {
  /** Operators whose results were asked for as constants: without other readers they are not needed any more. */
  readonly folded = new Set<Operator>();
  private readonly producers = new Map<number, Operator>();
  private readonly known = new Map<number, Folded | null>();

  constructor(private readonly graph: Pick<Graph, 'tensors' | 'operators'>) {
    for (const operator of graph.operators) for (const output of operator.outputs) this.producers.set(output, operator);
  }

  /** The values of a tensor; null where they depend on inputs, or on an operator that does more than move values. */
  of(index: number, depth = 0): Folded | null {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    const found = this.find(index, depth);
    this.known.set(index, found);
    return found;
  }

  private find(index: number, depth: number): Folded | null {
    const tensor = this.graph.tensors[index];
    if (tensor === undefined || depth > MAX_DEPTH) return null;
    if (tensor.data !== null) {
      return isNumeric(tensor.dtype) ? { shape: tensor.shape, values: constantValues(tensor) } : null;
    }
    const operator = this.producers.get(index);
    if (operator === undefined || (operator.domain ?? '') !== '') return null;
    const made = this.made(operator, operator.outputs.indexOf(index), depth + 1);
    if (made === null || elementCount(made.shape) !== made.values.length) return null;
    this.folded.add(operator);
    return made;
  }

  private made(operator: Operator, output: number, depth: number): Folded | null {
    if (operator.name === 'DequantizeLinear') return this.dequantized(operator);
    const move = moveOf(this.sourceOf(operator, depth));
    if (move === null) return null;
    const moved = operator.name === 'Concat' ? operator.inputs : operator.inputs.slice(0, 1);
    const operands = moved.map((index) => this.of(index, depth));
    const known = operands.filter((operand) => operand !== null);
    const [first] = known;
    if (first === undefined || known.length !== operands.length) return null;
    return whereItFits(() => {
      const part = move(known.map(({ shape }) => shape))[output];
      if (part === undefined || elementCount(part.shape) > MAX_ELEMENTS) return null;
      return { shape: part.shape, values: part.take?.(known.map(({ values }) => values)) ?? first.values };
    });
  }

  private sourceOf({ name, options, inputs, outputs }: Operator, depth: number): MoveSource {
    const operand = (position: number) => {
      const index = inputs[position] ?? ABSENT;
      return index === ABSENT ? 'absent' : this.of(index, depth);
    };
    return {
      name,
      outputs: outputs.length,
      number: (option, otherwise) => numberOption(options[option], otherwise),
      list: (option, position) => {
        const value = options[option];
        if (Array.isArray(value)) return value as readonly number[];
        const given = operand(position);
        return given === null || given === 'absent' ? given : Array.from(given.values as ArrayLike<number | bigint>, Number);
      },
      shape: (position) => {
        const given = operand(position);
        return given === null || given === 'absent' ? null : given.shape;
      },
    };
  }

  /** Integer weights whose parameters the reader attached. */
  private dequantized(operator: Operator): Folded | null {
    const tensor = this.graph.tensors[operator.inputs[0] ?? ABSENT];
    if (tensor === undefined || tensor.data === null || tensor.quantization === null) return null;
    if (tensor.quantization.blockwise !== null) return null;
    return { shape: tensor.shape, values: realConstant(tensor) };
  }
}

function numberOption(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
