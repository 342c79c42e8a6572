import type { ValueFilter } from '../../report/detail';
import { flatEnds } from '../flatCounts';
import { INTEGER_RAILS } from '../../model/dtype';
import type { DetailPlan, SignalBlock } from './signalBlock';

/** What a filter needs to know of its signal. */
export interface MaskedSignal {
  readonly plan: DetailPlan;
  /** Real value of the model's own clip of this signal; 0 where it has none. */
  readonly clip: number;
}

/** 1 where a value matches, in the order of the block. Values that are NaN match nothing. */
export function maskOf(filter: ValueFilter, block: SignalBlock, { plan, clip }: MaskedSignal): Uint8Array {
  const length = (block.quantized ?? block.float)?.length ?? 0;
  const mask = new Uint8Array(length);
  switch (filter.kind) {
    case 'range': {
      const values = filter.path === 'float' ? block.float : block.quantized;
      return inside(mask, values, filter.low ?? -Infinity, filter.high ?? Infinity);
    }
    case 'rails': {
      const rails = INTEGER_RAILS[plan.format.dtype];
      if (block.codes === null || rails === undefined) return mask;
      const [low, high] = rails;
      return beyond(mask, block.codes, filter.end === 'high' ? -Infinity : low, filter.end === 'low' ? Infinity : high);
    }
    case 'flat': {
      const { activation } = plan.format;
      if (activation === null) return mask;
      const [low, high] = flatEnds(activation, 1);
      return beyond(mask, block.quantized ?? block.float, low, high);
    }
    case 'clip': {
      if (clip <= 0) return mask;
      // The clip's own code may lie half a code nearer to zero than the real clip.
      const end = clip - (plan.format.quantization?.scales[0] ?? 0) / 2;
      return beyond(mask, block.quantized ?? block.float, -end, end);
    }
  }
}

function inside(mask: Uint8Array, values: Float32Array | null, low: number, high: number): Uint8Array {
  if (values !== null) for (let i = 0; i < values.length; i++) mask[i] = values[i]! >= low && values[i]! <= high ? 1 : 0;
  return mask;
}

/** Up to `low`, and from `high` on. */
function beyond(mask: Uint8Array, values: ArrayLike<number> | null, low: number, high: number): Uint8Array {
  if (values !== null) for (let i = 0; i < values.length; i++) mask[i] = values[i]! <= low || values[i]! >= high ? 1 : 0;
  return mask;
}
