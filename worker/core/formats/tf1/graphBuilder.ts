import type { DType } from '../../model/dtype';
import { ABSENT, type Graph, type Operator, type OptionValue, type Tensor } from '../../model/model';
import { builtinNamed } from '../tflite/operators';
import { defaultOptions } from '../tflite/readOperator';

/** An operator of the graph that is being made. */
export interface BuiltOperator {
  readonly name: string;
  readonly inputs: number[];
  readonly outputs: number[];
  readonly options: Record<string, OptionValue>;
}

/** LiteRT's convolutions take no absent bias: one of zeros stands in its place. */
const BIASED: ReadonlySet<string> = new Set(['CONV_2D', 'DEPTHWISE_CONV_2D']);

interface BuiltTensor {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Uint8Array | null;
  readonly isVariable: boolean;
}

/** A graph of TensorFlow Lite operators that is made from nothing, operators in the order of their data. */
export class GraphBuilder {
  readonly #tensors: BuiltTensor[] = [];
  readonly #operators: BuiltOperator[] = [];
  readonly #writers = new Map<number, BuiltOperator>();
  /** Constants that several operators share, by what they are. */
  readonly #shared = new Map<string, number>();
  /** How often a name was asked for. */
  readonly #names = new Map<string, number>();

  /** A tensor that is computed, given or, with `isVariable`, kept from run to run. */
  value(name: string, shape: readonly number[], dtype: DType = 'float32', isVariable = false): number {
    return this.#add({ name, dtype, shape, data: null, isVariable });
  }

  constant(name: string, dtype: DType, shape: readonly number[], data: Uint8Array): number {
    return this.#add({ name, dtype, shape, data, isVariable: false });
  }

  floats(name: string, shape: readonly number[], values: Float32Array): number {
    return this.constant(name, 'float32', shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** The tensor made under this key before, or a new one. */
  shared(key: string, make: () => number): number {
    let tensor = this.#shared.get(key);
    if (tensor === undefined) this.#shared.set(key, (tensor = make()));
    return tensor;
  }

  integers(name: string, values: readonly number[], shape: readonly number[] = [values.length]): number {
    return this.constant(name, 'int32', shape, new Uint8Array(Int32Array.from(values).buffer));
  }

  /** @param options those that differ from the schema's defaults */
  emit(name: string, inputs: number[], outputs: number[], options: BuiltOperator['options'] = {}): void {
    const operator = { name, inputs, outputs, options: { ...defaultOptions(builtinNamed(name)?.options ?? {}), ...options } };
    this.#operators.push(operator);
    for (const output of outputs) this.#writers.set(output, operator);
  }

  /** Lets the operator that gives `from` give `to` instead; nobody else may read `from`. */
  redirect(from: number, to: number): void {
    const operator = this.#writers.get(from);
    if (operator === undefined) return;
    operator.outputs[operator.outputs.indexOf(from)] = to;
    this.#writers.delete(from);
    this.#writers.set(to, operator);
  }

  writer(tensor: number): BuiltOperator | null {
    return this.#writers.get(tensor) ?? null;
  }

  shape(tensor: number): readonly number[] {
    return this.#tensors[tensor]?.shape ?? [];
  }

  name(tensor: number): string {
    return this.#tensors[tensor]?.name ?? '';
  }

  /** Values of a float32 constant, a copy. */
  floatsOf(tensor: number): Float32Array {
    const data = this.#tensors[tensor]?.data ?? new Uint8Array(0);
    return new Float32Array(data.slice().buffer);
  }

  dtype(tensor: number): DType {
    return this.#tensors[tensor]?.dtype ?? 'unknown';
  }

  /** The graph that computes `outputs`: operators and tensors that nothing needs are left out, the rest numbered in order. */
  finish(inputs: readonly number[], outputs: readonly number[]): Graph {
    const needed = new Set(outputs);
    const operators: BuiltOperator[] = [];
    for (const operator of [...this.#operators].reverse()) {
      if (!operator.outputs.some((output) => needed.has(output))) continue;
      operators.push(operator);
      if (BIASED.has(operator.name) && operator.inputs.length === 2) operator.inputs.push(this.#noBias(operator));
      for (const tensor of [...operator.inputs, ...operator.outputs]) if (tensor !== ABSENT) needed.add(tensor);
    }
    const given = inputs.filter((input) => needed.has(input));
    const kept = [...needed].sort((a, b) => a - b);
    const places = new Map(kept.map((tensor, place) => [tensor, place]));
    const place = (tensor: number) => places.get(tensor) ?? ABSENT;
    return {
      index: 0,
      name: 'main',
      tensors: kept.flatMap((tensor, index) => this.#finished(tensor, index)),
      operators: operators.reverse().map((operator, index): Operator => ({
        index,
        name: operator.name,
        customCode: null,
        version: 1,
        inputs: operator.inputs.map(place),
        outputs: operator.outputs.map(place),
        intermediates: [],
        options: operator.options,
      })),
      inputs: given.map(place),
      outputs: outputs.map(place),
    };
  }

  #noBias({ outputs: [output = ABSENT] }: BuiltOperator): number {
    const units = this.shape(output).at(-1) ?? 0;
    return this.floats(`${this.name(output)}/bias`, [units], new Float32Array(units));
  }

  #finished(tensor: number, index: number): Tensor[] {
    const built = this.#tensors[tensor];
    if (built === undefined) return [];
    const more = { shapeSignature: built.shape, hasRank: true, quantization: null, range: null, sparsity: null };
    return [{ ...built, ...more, index, buffer: built.data === null ? 0 : index + 1 }];
  }

  /** Names stay those of the graph; one that is taken gets a number. */
  #add(tensor: BuiltTensor): number {
    const taken = this.#names.get(tensor.name) ?? 0;
    this.#names.set(tensor.name, taken + 1);
    return this.#tensors.push(taken === 0 ? tensor : { ...tensor, name: `${tensor.name}/${taken}` }) - 1;
  }
}
