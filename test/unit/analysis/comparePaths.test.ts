import { describe, expect, it } from 'vitest';
import { comparePaths, type ComparisonControl } from '../../../worker/core/analysis/comparePaths';
import { errorFigures } from '../../../worker/core/analysis/errorSums';
import { UNIT_ROW } from '../../../worker/core/analysis/figureTable';
import { GraphLane } from '../../../worker/core/analysis/graphLane';
import { TraceMemory } from '../../../worker/core/analysis/localCell';
import { planLayers } from '../../../worker/core/analysis/layerPlan';
import type { ComparisonProgress } from '../../../worker/core/analysis/progressTeller';
import { SampleError } from '../../../worker/core/analysis/sampleError';
import type { SampleSource } from '../../../worker/core/data/sample';
import { unitErrors } from '../../../worker/core/report/stepSeries';
import type { Value } from '../../../worker/core/run/value';
import { TOY_GRAPH, withoutSamples, toyRunner, toySamples } from './toyGraph';

function compare(samples: SampleSource, control: ComparisonControl = {}, onRun?: () => void) {
  const runner = toyRunner('int8', 1, onRun);
  const paths = {
    graph: TOY_GRAPH,
    float: new GraphLane(toyRunner('float')),
    quantized: { runner, lane: new GraphLane(runner), local: new GraphLane(toyRunner('int8', 1)), memory: new TraceMemory() },
  };
  const decode = ({ data }: Value) => data.join(' ');
  return comparePaths({ paths, plans: planLayers(runner), state: 'reset', decode, costs: new Map() }, samples, control);
}

describe('paths compared', () => {
  it('tell the error of an operator alone from the error so far', async () => {
    const { layers, mainLayer } = await compare(toySamples([[1, 2, 3, 4]]));
    const [double, negate] = layers.map((layer) => layer.output!);
    expect(mainLayer).toBe(1);
    expect(errorFigures(double!.local)).toMatchObject({ rmse: 1, meanError: 1 });
    expect(errorFigures(double!.accumulated)).toMatchObject({ rmse: 1, meanError: 1 });
    expect(errorFigures(negate!.local)).toMatchObject({ exact: true });
    expect(errorFigures(negate!.accumulated)).toMatchObject({ rmse: 1, meanError: -1 });
  });

  it('tell the unit and the sample of an error, and where it is at a rail', async () => {
    const { layers } = await compare(toySamples([[1, 2, 3, 4], [1, 2, 3, 100]])); // prettier-ignore
    const { located, worstSamples } = layers[1]!.output!;
    expect(located).toMatchObject({
      samples: 2,
      valuesPerUnit: 2,
      largest: { sample: 1, unit: 3, float: -200, quantized: -127 },
    });
    const units = unitErrors(located!, 'worst', 4);
    expect(units.map(({ unit, maxAbs }) => [unit, maxAbs])).toEqual([[3, 73], [0, 1], [1, 1], [2, 1]]); // prettier-ignore
    expect(units[0]!.localRmse).toBeCloseTo(73 / Math.sqrt(2), 3);
    expect(layers[0]!.output!.located!.units).toHaveLength(4 * UNIT_ROW);
    expect(unitErrors(layers[0]!.output!.located!, 'worst', 1)).toMatchObject([{ unit: 3, atRails: 1 }]);
    expect(worstSamples.map(({ sample }) => sample)).toEqual([1, 0]);
  });

  it('quantize the float path for the local error, and count its values beyond the rails', async () => {
    const { layers, inputs } = await compare(toySamples([[100, 0, 0, 0.4]]));
    const [double, negate] = layers.map((layer) => layer.output!);
    expect(inputs[0]!.rails).toMatchObject({ low: 0, high: 0 });
    expect(errorFigures(inputs[0]!.accumulated)!.maxAbs).toBeCloseTo(0.4, 6);
    expect(double!.rails).toMatchObject({ low: 0, high: 1, floatBeyondLow: 0, floatBeyondHigh: 1 });
    expect(double!.floatRange.max).toBe(200);
    // Float hands 200 to the second operator, which as int8 is 127.
    expect(errorFigures(negate!.local)!.maxAbs).toBe(73);
  });

  it('sum to the same figures whatever the order of the samples', async () => {
    const rows = [[1, 2, 3, 4], [50, 60, 70, 80], [-1, 0, 0.5, 100]]; // prettier-ignore
    const [forward, backward] = await Promise.all([compare(toySamples(rows)), compare(toySamples([...rows].reverse()))]);
    expect(withoutSamples(backward.layers)).toEqual(withoutSamples(forward.layers));
    // Of three samples, the first is the last.
    const numbers = ({ layers }: typeof forward) => layers[1]!.output!.worstSamples.map(({ sample }) => sample);
    expect(numbers(backward)).toEqual(numbers(forward).map((sample) => 2 - sample));
    expect(forward.samples.map(({ name, quantized, float }) => [name, quantized, float])).toEqual([
      ['s0', '-3 -5 -7 -9', '-2 -4 -6 -8'],
      ['s1', '-101 -121 -127 -127', '-100 -120 -140 -160'],
      ['s2', '1 -1 -1 -127', '2 0 -1 -200'],
    ]);
  });

  it('stop at a cancel, even in the middle of a sample, and then cover whole samples only', async () => {
    const rows = [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]; // prettier-ignore
    let runs = 0;
    const cancelled = await compare(toySamples(rows), { isCancelled: () => runs >= 3 }, () => runs++);
    expect(cancelled.complete).toBe(false);
    expect(cancelled.samples.map(({ name }) => name)).toEqual(['s0']);
    const whole = await compare(toySamples(rows.slice(0, 1)));
    expect(cancelled.layers).toEqual(whole.layers);
    expect(whole.complete).toBe(true);
  });

  it('cancelled before the first sample have layers without figures', async () => {
    const nothing = await compare(toySamples([[1, 2, 3, 4]]), { isCancelled: () => true });
    expect(nothing.samples).toEqual([]);
    expect(nothing.layers.map(({ output }) => errorFigures(output!.accumulated))).toEqual([null, null]);
  });

  it('let others run while they work', async () => {
    let others = 0;
    const slow = () => {
      const start = Date.now();
      while (Date.now() - start < 15);
    };
    await compare(toySamples([[1, 1, 1, 1], [2, 2, 2, 2]]), { yieldToOthers: () => Promise.resolve(void others++) }, slow); // prettier-ignore
    expect(others).toBeGreaterThan(0);
  });

  it('tell what is running', async () => {
    const seen: ComparisonProgress[] = [];
    await compare(toySamples([[1, 2, 3, 4]]), { onProgress: (progress) => seen.push(progress) });
    expect(seen).toEqual([{ done: 0, total: 1, sample: 's0', finished: [] }]);
  });

  it('name the sample that fails', async () => {
    const samples = toySamples(
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      (index) => {
        if (index === 1) throw new Error('is cut off');
      },
    );
    const failing = compare(samples);
    await expect(failing).rejects.toThrow(SampleError);
    await expect(failing).rejects.toThrow('Sample s1: is cut off');
  });
});
