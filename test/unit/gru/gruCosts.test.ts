import { describe, expect, it } from 'vitest';
import { GruCostMeter } from '../../../worker/core/gru/mixed/gruCostMeter';
import { partCosts, quantizedSqnrDb } from '../../../worker/core/lstm/mixed/costSums';
import type { Graph, Model, Quantization } from '../../../worker/core/model/model';
import { GRU_OPERANDS } from '../../../worker/core/model/gruOperands';
import { models, reportOf, SAMPLES } from './gruRun';
import { uniform } from '../lstm/randomLstm';

function gruOf({ graphs }: Model) {
  const [graph] = graphs as [Graph];
  return { graph, operator: graph.operators.find(({ name }) => name === 'GRU')! };
}

/** Does all the work at once. */
function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

const x = Float32Array.from({ length: 60 * 4 }, uniform(5));

function costsOf(quantized: Model, float: Model | null) {
  const meter = new GruCostMeter(gruOf(quantized), { persona: 'tflite', float: float && gruOf(float) });
  return finish(meter.measure(x, 60, 1));
}

/** The model with other parameters of one of its GRU's tensors. */
function withScale(model: Model, position: number, change: (quantization: Quantization) => Quantization): Model {
  const { operator } = gruOf(model);
  const index = operator.inputs[position]!;
  const graphs = model.graphs.map((graph) => ({
    ...graph,
    tensors: graph.tensors.map((tensor) =>
      tensor.index === index && tensor.quantization ? { ...tensor, quantization: change(tensor.quantization) } : tensor,
    ),
  }));
  return { ...model, graphs };
}

describe("what a GRU's parts cost", () => {
  it.each([
    [true, false],
    [false, false],
    [true, true],
    [false, true],
  ])('is measured beside the error that the integers have (reset after: %s, reverse: %s)', async (after, reverse) => {
    const { float, int8 } = models(after, reverse);
    const { layer, report } = await reportOf(int8, float);
    const { costs, costSteps, kind } = layer.lstm!;
    expect(kind).toBe('gru');
    expect(costs?.map(({ part }) => part)).toEqual(['W', 'x', 'z', 'r', 'n', 'h']);
    // Three samples of twelve steps.
    expect(costSteps).toBe(36);
    // What comes out in reals is that of the integers, to the rounding of multipliers and tables.
    const meter = new GruCostMeter(gruOf(int8), { persona: 'tflite', float: gruOf(float) });
    const all = [0, 1, 2].map((index) => {
      meter.reset();
      return finish(meter.measure(SAMPLES.get(index).inputs[0]!.data as Float32Array, 12, 1));
    });
    const sum = (of: (sums: (typeof all)[number]) => number) => all.reduce((total, sums) => total + of(sums), 0);
    const simulated = 10 * Math.log10(sum(({ signal }) => signal) / sum(({ error }) => error));
    expect(Math.abs(simulated - layer.accumulated!.sqnrDb!)).toBeLessThan(1);
    expect(report.headline.some((line) => line.includes('cost'))).toBe(true);
  });

  it('names the part that is at fault: an input of a few codes', () => {
    const { float, int8 } = models(true, false);
    const wide = withScale(int8, GRU_OPERANDS.input, (quantization) => ({
      ...quantization,
      scales: Float32Array.of(0.3),
      zeroPoints: quantization.zeroPoints.map(() => 0),
    }));
    const costs = (model: Model) => partCosts(costsOf(model, float))!;
    const of = (part: string, model: Model) => costs(model).find((cost) => cost.part === part)!.gainDb;
    expect(of('x', wide)).toBe(Math.max(...costs(wide).map(({ gainDb }) => gainDb)));
    expect(of('x', wide)).toBeGreaterThan(5);
    expect(of('x', int8)).toBeLessThan(1);
  });

  it('has no cost of weights where the float path has the same', () => {
    const { int8 } = models(false, false);
    const sums = costsOf(int8, null);
    expect(sums.parts).toEqual(['x', 'z', 'r', 'n', 'h']);
    expect(quantizedSqnrDb(sums)).toBeGreaterThan(20);
  });

  it('is refused of float GRUs, and against another form', () => {
    const { float, int8 } = models(true, false);
    const options = { persona: 'tflite', float: null } as const;
    expect(() => new GruCostMeter(gruOf(float), options)).toThrow(/not int8/);
    expect(() => new GruCostMeter(gruOf(int8), { ...options, float: gruOf(models(false, false).float) })).toThrow(/form/);
  });
});
