import type { SignalBlock } from './signalBlock';

/** Lowest and highest value of every unit on both paths, found block by block. NaN counts nowhere. */
export class UnitRanges {
  private readonly float: Ranges;
  private readonly quantized: Ranges;

  constructor(units: number) {
    this.float = emptyRanges(units);
    this.quantized = emptyRanges(units);
  }

  add({ float, quantized, units }: SignalBlock): void {
    if (float !== null) widen(this.float, float, units);
    if (quantized !== null) widen(this.quantized, quantized, units);
  }

  /** 0 where a path has no values. */
  of(unit: number): { floatMin: number; floatMax: number; min: number; max: number } {
    const plain = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value + 0 : 0);
    return {
      floatMin: plain(this.float.min[unit]),
      floatMax: plain(this.float.max[unit]),
      min: plain(this.quantized.min[unit]),
      max: plain(this.quantized.max[unit]),
    };
  }
}

interface Ranges {
  readonly min: Float64Array;
  readonly max: Float64Array;
}

function emptyRanges(units: number): Ranges {
  return { min: new Float64Array(units).fill(Infinity), max: new Float64Array(units).fill(-Infinity) };
}

function widen({ min, max }: Ranges, values: Float32Array, units: number): void {
  for (let i = 0, unit = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min[unit]!) min[unit] = value;
    if (value > max[unit]!) max[unit] = value;
    if (++unit === units) unit = 0;
  }
}
