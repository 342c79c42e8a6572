import { writeNewModel } from '../../core/formats/tflite/write/newModel';
import { realConstant } from '../../core/model/constants';
import type { DType } from '../../core/model/dtype';
import { ABSENT, type Graph, type Model, type Operator, type Tensor } from '../../core/model/model';
import type { Path } from '../../core/run/graphRunner';
import { runtimeDtype } from '../../core/run/runtimeDtype';
import type { Value } from '../../core/run/value';
import { calledGraphs, withCalls } from './calledGraphs';
import { crossingType } from './crossing';
import { SHAPING_OPERANDS } from './shapingOperands';
import { withoutConversions } from './withoutConversions';

/** One operator as a model of its own: bytes, and what goes in and comes out. */
export interface Cut {
  readonly bytes: Uint8Array;
  /** Positions of the operands that are the model's inputs, in its order. */
  readonly inputs: readonly number[];
  /** Types of the operator's outputs, which are the model's first outputs. */
  readonly outputs: readonly DType[];
}

/** Operators whose answers are known before the run, whatever the data. */
const KNOWN_BEFORE: ReadonlySet<string> = new Set(['RANK', 'SHAPE']);

/** An operator in its model, and how it is to be computed. */
export interface CutSource {
  readonly model: Model;
  readonly graph: Graph;
  readonly operator: Operator;
  readonly path: Path;
}

/**
 * The operator in a model of its own for operands of just these shapes. Operands that fix a shape become constants. After the
 * operator's outputs come their shapes as LiteRT sees them: an output that is declared otherwise would be garbage without a sign.
 * @param operands values of what is computed; null for constants and what is absent
 * @param outputShapes null: the shapes alone come out, [rank, shape] for each output, to be declared the next time
 */
export function cutOperator(
  source: CutSource,
  operands: readonly (Value | null)[],
  outputShapes: readonly (readonly number[])[] | null,
): Cut {
  return new CutBuilder(source).build(operands, outputShapes);
}

class CutBuilder {
  private readonly tensors: Tensor[] = [];
  private readonly operators: Operator[] = [];
  private readonly graphInputs: number[] = [];
  private readonly graphOutputs: number[] = [];
  private readonly inputPositions: number[] = [];

  constructor(private readonly source: CutSource) {}

  build(operands: readonly (Value | null)[], outputShapes: readonly (readonly number[])[] | null): Cut {
    const { model, graph, operator, path } = this.source;
    const byTensor = new Map<number, number>();
    const inputs = operator.inputs.map((index, position) => {
      const tensor = graph.tensors[index];
      if (index === ABSENT || tensor === undefined) return ABSENT;
      const known = byTensor.get(index) ?? this.operand(tensor, position, operands[position] ?? null);
      byTensor.set(index, known);
      return known;
    });
    const outputTensors = operator.outputs.map((index) => graph.tensors[index]).filter((tensor) => tensor !== undefined);
    const outputs = outputTensors.map((tensor, position) => {
      const shape = outputShapes?.[position] ?? tensor.shape;
      return this.add({ ...forPath(tensor, path, graph), data: null, shape });
    });
    const called = calledGraphs(model, operator);
    const renumber = (index: number) => called.indexOf(index) + 1;
    this.operators.push(withCalls({ ...operator, inputs, outputs, intermediates: [] }, renumber));
    if (outputShapes !== null) {
      const isKnown = this.graphInputs.length === 0 || KNOWN_BEFORE.has(operator.name);
      outputs.forEach((output) => this.graphOutputs.push(isKnown ? this.passedOn(this.shown(output)) : this.shown(output)));
    }
    for (const [position, output] of outputs.entries()) {
      const rank = (outputShapes?.[position] ?? outputTensors[position]?.shape ?? []).length;
      if (outputShapes === null) this.graphOutputs.push(this.question('RANK', output, []));
      if (rank > 0) this.graphOutputs.push(this.question('SHAPE', output, [rank]));
    }
    const main = {
      index: 0,
      name: 'main',
      tensors: this.tensors,
      operators: this.operators,
      inputs: this.graphInputs,
      outputs: this.graphOutputs,
    };
    const others = called.flatMap((index, place) => {
      const other = model.graphs[index];
      return other === undefined ? [] : [calledGraph(other, path, place + 1, renumber)];
    });
    return {
      bytes: writeNewModel([main, ...others]),
      inputs: this.inputPositions,
      outputs: outputTensors.map((tensor) => runtimeDtype(tensor, path)),
    };
  }

  private operand(tensor: Tensor, position: number, value: Value | null): number {
    const { graph, operator, path } = this.source;
    if (tensor.data !== null || value === null) return this.add(forPath(tensor, path, graph));
    const computed: Tensor = { ...forPath(tensor, path, graph), data: null, shape: value.shape };
    if (SHAPING_OPERANDS[operator.name]?.includes(position) === true) {
      const { buffer, byteOffset, byteLength } = value.data;
      return this.add({ ...computed, data: new Uint8Array(buffer, byteOffset, byteLength).slice() });
    }
    this.inputPositions.push(position);
    const type = crossingType(computed.dtype);
    if (type === null || type === computed.dtype) {
      const index = this.add(computed);
      this.graphInputs.push(index);
      return index;
    }
    const outside = this.add(plain(type, value.shape));
    const index = this.add(computed);
    this.graphInputs.push(outside);
    this.cast(outside, index);
    return index;
  }

  /** A tensor that shows the values of `index` outside. */
  private shown(index: number): number {
    const tensor = this.tensors[index];
    const type = tensor === undefined ? null : crossingType(tensor.dtype);
    if (tensor === undefined || type === null || type === tensor.dtype) return index;
    const outside = this.add(plain(type, tensor.shape));
    this.cast(index, outside);
    return outside;
  }

  private question(name: 'RANK' | 'SHAPE', index: number, shape: readonly number[]): number {
    const answer = this.add(plain('int32', shape));
    this.operators.push(builtin(name, [index], [answer], name === 'SHAPE' ? { out_type: 'int32' } : {}));
    return this.passedOn(answer);
  }

  /** What is known before the run never reaches the memory of an output by itself; this operator always computes. */
  private passedOn(index: number): number {
    const { dtype = 'int32', shape = [] } = this.tensors[index] ?? {};
    const outside = this.add(plain(dtype, shape));
    this.operators.push(builtin('MAXIMUM', [index, index], [outside], {}));
    return outside;
  }

  private cast(from: number, to: number): void {
    const types = { in_data_type: this.tensors[from]?.dtype ?? '', out_data_type: this.tensors[to]?.dtype ?? '' };
    this.operators.push(builtin('CAST', [from], [to], types));
  }

  /** LiteRT wants names that differ. */
  private add(tensor: Tensor): number {
    const index = this.tensors.length;
    this.tensors.push({ ...tensor, index, name: `t${index}`, shapeSignature: tensor.shape, hasRank: true });
    return index;
  }
}

function builtin(name: string, inputs: readonly number[], outputs: readonly number[], options: Operator['options']): Operator {
  return { index: 0, name, customCode: null, version: 1, inputs, outputs, intermediates: [], options };
}

function plain(dtype: DType, shape: readonly number[]): Tensor {
  return {
    index: 0,
    name: '',
    dtype,
    shape,
    shapeSignature: shape,
    hasRank: true,
    quantization: null,
    range: null,
    isVariable: false,
    sparsity: null,
    data: null,
    buffer: 0,
  };
}

/** A tensor as a path holds it: on the float path quantized ones are reals, and half floats are widened. */
function forPath(tensor: Tensor, path: Path, graph: Graph): Tensor {
  const dtype = runtimeDtype(tensor, path);
  const { quantization } = tensor;
  if (dtype === tensor.dtype) {
    // The loader refuses an axis that the tensor does not have, even where there is one scale only.
    const axis = quantization !== null && quantization.axis >= tensor.shape.length ? 0 : quantization?.axis;
    return { ...tensor, range: null, quantization: quantization === null ? null : { ...quantization, axis: axis ?? 0 } };
  }
  const data = tensor.data === null ? null : new Uint8Array(realConstant(tensor, graph).buffer);
  return { ...tensor, dtype, quantization: null, range: null, sparsity: null, data };
}

/** A graph that the operator calls, as the path computes it. */
function calledGraph(graph: Graph, path: Path, index: number, renumber: (graph: number) => number): Graph {
  const own = path === 'float' ? withoutConversions(graph, path) : graph;
  return {
    ...own,
    index,
    // Half floats stay: the graph widens them itself.
    tensors: own.tensors.map((tensor, place) => ({
      ...(path === 'float' ? forPath(tensor, path, graph) : tensor),
      index: place,
      name: `g${index}t${place}`,
      range: null,
    })),
    operators: own.operators.map((operator) => withCalls(operator, renumber)),
  };
}
