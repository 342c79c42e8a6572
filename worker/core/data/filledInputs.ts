import type { Tensor } from '../model/model';
import { allocate, elementCount } from '../run/arrays';
import type { Value } from '../run/value';
import type { ModelPorts } from './dataPlan';
import type { StatePair } from './statePairs';

/** What a speech model is told where nothing else is said. */
export const USUAL_RATE = 16_000;

/** For an input that is told the sampling rate. */
export function usualRate(tensor: Tensor): Value {
  return { ...zeroInput(tensor), dtype: 'float64', data: Float64Array.of(USUAL_RATE) };
}

/** Real zero, for states before the first call. */
export function zeroInput(tensor: Tensor): Value {
  const shape = tensor.shapeSignature.map((size) => Math.max(1, size));
  const count = elementCount(shape);
  const own = tensor.quantization === null ? allocate(tensor.dtype, count) : null;
  return own === null ? { dtype: 'float32', shape, data: new Float32Array(count) } : { dtype: tensor.dtype, shape, data: own };
}

/** `state input_3 from Identity_1`. */
export function statesText(pairs: readonly StatePair[], { inputs, outputs }: Pick<ModelPorts, 'inputs' | 'outputs'>): string {
  return `state ${pairs.map((pair) => `${inputs[pair.input]?.name ?? ''} from ${outputs[pair.output]?.name ?? ''}`).join(', ')}`;
}
