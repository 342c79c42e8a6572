import type { StepSeries } from '../../report/detail';
import type { SignalBlock } from './signalBlock';

/** The unit that is furthest from float at each point of a series, found block by block. */
export function worstOfSteps({ first, stepsPerPoint, values }: StepSeries, firstUnit: number) {
  const units = new Uint32Array(values.length).fill(firstUnit);
  const errors = new Float64Array(values.length);
  return {
    add({ float, quantized, steps, batch, units: width, axisStep }: SignalBlock): void {
      if (float === null || quantized === null) return;
      let i = 0;
      for (let step = 0; step < steps; step++) {
        const point = Math.floor((axisStep + step - first) / stepsPerPoint);
        for (let row = 0; row < batch; row++) {
          for (let unit = 0; unit < width; unit++, i++) {
            const error = quantized[i]! - float[i]!;
            if (!(Math.abs(error) > Math.abs(errors[point]!))) continue;
            errors[point] = error;
            units[point] = firstUnit + unit;
          }
        }
      }
    },
    finish: () => ({ worstUnit: units, worstError: errors }),
  };
}
