import type { SignalArray } from '../../lstm/signals';
import type { InputProduct } from '../inputAhead';
import type { FloatGruParameters, FloatLayer, FloatMatrices } from './floatGruParameters';

/** What float GRUs and float simple recurrent layers have in common. */
export class FloatHidden {
  readonly path: FloatGruParameters['path'];
  readonly sizes: FloatLayer['sizes'];
  readonly signals: FloatLayer['signals'];
  readonly inputs: readonly InputProduct<Float32Array, Float32Array>[];

  constructor(
    { path, sizes, signals }: FloatLayer,
    protected readonly gates: readonly FloatMatrices[],
  ) {
    this.path = path;
    this.sizes = sizes;
    this.signals = signals;
    this.inputs = gates.map(({ input }) => input);
  }

  zeros(length: number): Float32Array {
    return new Float32Array(length);
  }

  sums(length: number): Float32Array {
    return new Float32Array(length);
  }

  takes(values: SignalArray): values is Float32Array {
    return values instanceof Float32Array;
  }
}
