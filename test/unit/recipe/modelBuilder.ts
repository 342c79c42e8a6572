import type { CalibratedRange, CalibratedRanges, LstmRanges } from '../../../worker/core/calibration/calibratedRanges';
import { ABSENT, type Model, type Operator, type Tensor } from '../../../worker/core/model/model';
import { quantizeModel } from '../../../worker/core/recipe/quantizeModel';
import type { Recipe } from '../../../worker/core/recipe/recipe';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A float model put together by a test, with the ranges that a calibration would have found. */
export class ModelBuilder {
  readonly tensors: Mutable<Tensor>[] = [];
  readonly #ranges: (CalibratedRange | null)[] = [];
  readonly #operators: Operator[] = [];
  readonly #lstms = new Map<number, readonly LstmRanges[]>();

  /** A value that is computed at run time. */
  value(name: string, shape: readonly number[], range: readonly [number, number] | null, more: Partial<Tensor> = {}): number {
    const index = this.tensors.length;
    this.tensors.push({
      ...{ index, name, dtype: 'float32', shape, shapeSignature: shape, hasRank: true, quantization: null, range: null },
      ...{ isVariable: false, sparsity: null, data: null, buffer: 0 },
      ...more,
    });
    this.#ranges.push(range === null ? null : { min: range[0], max: range[1] });
    return index;
  }

  constant(name: string, shape: readonly number[], values: readonly number[], more: Partial<Tensor> = {}): number {
    return this.value(name, shape, null, { data: new Uint8Array(Float32Array.from(values).buffer), ...more });
  }

  integers(name: string, values: readonly number[]): number {
    return this.value(name, [values.length], null, { dtype: 'int32', data: new Uint8Array(Int32Array.from(values).buffer) });
  }

  operator(
    name: string,
    inputs: readonly number[],
    outputs: readonly number[],
    options: Operator['options'] = {},
    intermediates: readonly number[] = [],
  ): number {
    const index = this.#operators.length;
    this.#operators.push({ index, name, customCode: null, version: 1, inputs, outputs, intermediates, options });
    return index;
  }

  /** UNIDIRECTIONAL_SEQUENCE_LSTM without extras: [1, steps, input] to [1, steps, cells], weights that repeat `weights`. */
  lstm(name: string, from: number, cells: number, weights: readonly number[], ranges: Partial<LstmRanges> = {}): number {
    const [, steps = 1, input = 1] = this.tensors[from]?.shape ?? [];
    const filled = (count: number, phase: number) =>
      Array.from({ length: count }, (_, i) => weights[(i * 7 + phase) % weights.length] ?? 0);
    const gates = ['input', 'forget', 'cell', 'output'];
    const inputMatrices = gates.map((gate, i) => this.constant(`${name}/${gate}_w`, [cells, input], filled(cells * input, i)));
    const recurrent = gates.map((gate, i) => this.constant(`${name}/${gate}_r`, [cells, cells], filled(cells * cells, i + 4)));
    const biases = gates.map((gate, i) => this.constant(`${name}/${gate}_b`, [cells], filled(cells, i + 2)));
    const states = ['output_state', 'cell_state'].map((state) =>
      this.value(`${name}/${state}`, [1, cells], null, { isVariable: true }),
    );
    const output = this.value(name, [1, steps, cells], [-0.9, 0.9]);
    const none = ABSENT;
    const operands = [
      from,
      ...inputMatrices,
      ...recurrent,
      none,
      none,
      none,
      ...biases,
      none,
      none,
      ...states,
      none,
      none,
      none,
      none,
    ];
    const intermediates = [0, 1, 2, 3, 4].map((i) => this.value(`${name}/intermediate_${i}`, [0], null));
    const options = { fused_activation_function: 'TANH', cell_clip: 0, proj_clip: 0, time_major: false };
    const op = this.operator('UNIDIRECTIONAL_SEQUENCE_LSTM', operands, [output], options, intermediates);
    const unit = { min: -0.9, max: 0.9 };
    const noGates = { input: null, forget: null, cell: null, output: null };
    this.#lstms.set(op, [{ gates: noGates, hidden: unit, cell: { min: -1.5, max: 1.5 }, output: unit, ...ranges }]);
    return output;
  }

  model(inputs: readonly number[], outputs: readonly number[]): Model {
    return {
      ...{ format: 'tflite', formatVersion: 3, fileName: 'test.tflite', byteLength: 0, description: '', metadata: [] },
      graphs: [{ index: 0, name: 'main', tensors: this.tensors, operators: this.#operators, inputs, outputs }],
      signatures: [],
    };
  }

  get ranges(): CalibratedRanges {
    return { tensors: this.#ranges, lstms: this.#lstms };
  }

  quantize(inputs: readonly number[], outputs: readonly number[], recipe: Partial<Recipe> = {}) {
    const model = this.model(inputs, outputs);
    const { edit, notes } = quantizeModel(model, this.ranges, { schema: 'gatescope.recipe/1', ...recipe });
    const graph = edit.graphs[0]!.graph;
    return {
      edit,
      notes,
      graph,
      model: { ...model, graphs: edit.graphs.map((one) => one.graph) },
      tensor: (name: string) => graph.tensors.find((tensor) => tensor.name === name),
      codes: (name: string) => Array.from(new Int8Array(graph.tensors.find((tensor) => tensor.name === name)!.data!)),
    };
  }
}
