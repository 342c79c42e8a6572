import type { CalibratedRange, CalibratedRanges, LstmRanges } from '../calibration/calibratedRanges';
import { ABSENT, type Graph, type Operator, type OptionValue, type Tensor } from '../model/model';
import type { GraphEdit } from '../model/modelEdit';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A tensor of a graph that is being rewritten. */
export interface DraftTensor extends Mutable<Tensor> {
  /** The tensor of the source graph that it was made from. */
  origin: number | null;
  /** Values seen in calibration; null where unknown. */
  calibrated: CalibratedRange | null;
}

export interface DraftOperator extends Mutable<Operator> {
  name: string;
  version: number;
  inputs: number[];
  outputs: number[];
  intermediates: number[];
  options: Record<string, OptionValue>;
  /** The operator of the source graph that it was made from: its unknown fields and options carry over. */
  readonly origin: number | null;
  /** The source operator that it does the work of, for overrides and notes; null for inserted conversions. */
  readonly stands: number | null;
  /** Ranges inside its LSTM cells, forward first; empty where unknown and for other operators. */
  cells: readonly LstmRanges[];
}

/** A graph that is being rewritten: the tensors keep their places until `finish`, operators are appended to a new list. */
export class Draft implements Graph {
  readonly index: number;
  readonly name: string;
  readonly tensors: DraftTensor[];
  operators: DraftOperator[];
  inputs: number[];
  outputs: number[];
  readonly #source: Graph;

  constructor(source: Graph, ranges: CalibratedRanges | null) {
    this.#source = source;
    this.index = source.index;
    this.name = source.name;
    this.tensors = source.tensors.map((tensor, index) => ({
      ...tensor,
      origin: index,
      calibrated: ranges?.tensors[index] ?? null,
    }));
    this.operators = source.operators.map((operator, index) => ({
      ...operator,
      inputs: [...operator.inputs],
      outputs: [...operator.outputs],
      intermediates: [...operator.intermediates],
      options: { ...operator.options },
      origin: index,
      stands: index,
      cells: ranges?.lstms.get(index) ?? [],
    }));
    this.inputs = [...source.inputs];
    this.outputs = [...source.outputs];
  }

  /** @throws RangeError for an operand that is absent: ask `operand` first */
  tensor(index: number): DraftTensor {
    const tensor = this.tensors[index];
    if (tensor === undefined) throw new RangeError(`There is no tensor ${index}.`);
    return tensor;
  }

  /** The tensor index of an operand; ABSENT where there is none. */
  operand(operator: DraftOperator, position: number): number {
    return operator.inputs[position] ?? ABSENT;
  }

  /** Adds a tensor without values, shaped as `like` or as given, and returns its index. */
  add(name: string, like: Pick<Tensor, 'dtype' | 'shape'> & Partial<DraftTensor>): number {
    const index = this.tensors.length;
    this.tensors.push({
      shapeSignature: like.shape,
      hasRank: true,
      quantization: null,
      range: null,
      isVariable: false,
      sparsity: null,
      data: null,
      calibrated: null,
      ...like,
      buffer: 0,
      origin: null,
      index,
      name,
    });
    return index;
  }

  /** The graph with tensors and operators numbered anew; tensors that lost their last use are left out. */
  finish(): GraphEdit {
    const used = usedTensors(this);
    const usedBefore = usedTensors(this.#source);
    const kept = this.tensors.filter(({ index, origin }) => used.has(index) || (origin === index && !usedBefore.has(index)));
    const places = new Map(kept.map(({ index }, place) => [index, place]));
    const place = (index: number) => places.get(index) ?? ABSENT;
    return {
      graph: {
        index: this.index,
        name: this.name,
        tensors: kept.map(plainTensor),
        operators: this.operators.map((operator, index) => ({
          ...plainOperator(operator, index),
          inputs: operator.inputs.map(place),
          outputs: operator.outputs.map(place),
          intermediates: operator.intermediates.map(place),
        })),
        inputs: this.inputs.map(place),
        outputs: this.outputs.map(place),
      },
      tensorOrigins: kept.map(({ origin }) => origin),
      operatorOrigins: this.operators.map(({ origin }) => origin),
    };
  }
}

function usedTensors(graph: Graph): ReadonlySet<number> {
  const lists = graph.operators.flatMap(({ inputs, outputs, intermediates }) => [inputs, outputs, intermediates]);
  return new Set([...lists.flat(), ...graph.inputs, ...graph.outputs]);
}

function plainTensor({ origin: _origin, calibrated: _calibrated, ...tensor }: DraftTensor, index: number): Tensor {
  return { ...tensor, index };
}

function plainOperator({ origin: _o, stands: _s, cells: _c, ...operator }: DraftOperator, index: number): Operator {
  return { ...operator, index };
}
