import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PartCosts, type CostSettings } from '../../../worker/core/analysis/partCosts';
import { readModel } from '../../../worker/core/formats/readModel';
import { CostMeter } from '../../../worker/core/lstm/mixed/costMeter';
import type { CostSums } from '../../../worker/core/lstm/mixed/costSums';
import { describeLstms } from '../../../worker/core/model/lstmInfo';
import type { Value } from '../../../worker/core/run/value';
import { buildTfliteLstm } from '../../bench/models/tfliteLstm';

const samples = resolve(import.meta.dirname, '../../../samples');
const digits = readFileSync(join(samples, 'digits-int8.tflite'));

function costsOf(bytes: Uint8Array, settings: Partial<CostSettings>) {
  const graph = readModel({ name: 'm.tflite', bytes: new Uint8Array(bytes) }).graphs[0]!;
  const quantized = { graph, operator: graph.operators[0]! };
  const costs = PartCosts.of(
    describeLstms(graph)[0]!,
    { state: 'reset', persona: 'tflite', samples: 8, ...settings },
    quantized,
    null,
  );
  /** What the measurement may take, in steps. */
  const budget = Math.floor(2e9 / new CostMeter(quantized, { persona: 'tflite', float: null }).macsPerStep);
  return { costs: costs!, budget };
}

/** Some input of an LSTM, [batch, steps, input]. */
function input(steps: number, size: number, batch = 1): Value {
  const data = Float32Array.from({ length: batch * steps * size }, (_, k) => 3 * Math.sin(k * k));
  return { dtype: 'float32', shape: [batch, steps, size], data };
}

function measure(costs: PartCosts, index: number, x: Value): CostSums | null {
  const work = costs.measure(index, x);
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

describe('costs of an LSTM over a run', () => {
  it('cover whole samples where there is time for all', () => {
    const { costs, budget } = costsOf(digits, { samples: 8 });
    const each = Math.floor(budget / 8);
    expect(each).toBeGreaterThan(64);
    expect([0, 1, 7].map((index) => measure(costs, index, input(50, 120))?.steps)).toEqual([50, 50, 50]);
    expect(measure(costs, 7, input(each + 100, 120))?.steps).toBe(each);
  });

  it('cover the start of the first samples of many, which ones depending on nothing but their number', () => {
    const many = 1000;
    const { costs, budget } = costsOf(digits, { samples: many });
    const covered = Math.floor(budget / 64);
    expect(covered).toBeLessThan(many);
    // A thread that sees the last of them alone measures what one that has seen all before does.
    const last = measure(costs, covered - 1, input(500, 120));
    expect(last?.steps).toBe(Math.floor(budget / covered));
    expect(measure(costs, covered, input(500, 120))).toBeNull();
    const { costs: other } = costsOf(digits, { samples: many });
    for (let index = 0; index < 3; index++) measure(other, index, input(500, 120));
    expect(measure(other, covered - 1, input(500, 120))).toEqual(last);
  });

  it('count the rows of a batch', () => {
    const { costs, budget } = costsOf(digits, { samples: 1 });
    expect(measure(costs, 0, input(budget, 120, 3))?.steps).toBe(3 * Math.floor(budget / 3));
  });

  it('cover the first steps of the run where states are carried on', () => {
    const { costs, budget } = costsOf(digits, { state: 'carry', samples: 1000 });
    const steps: (number | undefined)[] = [];
    for (let index = 0; index < 4; index++) steps.push(measure(costs, index, input(Math.ceil(budget / 2) - 10, 120))?.steps);
    const each = Math.ceil(budget / 2) - 10;
    expect(steps).toEqual([each, each, budget - 2 * each, undefined]);
  });

  it('are measured of a large LSTM as well, over the first steps of the first sample', () => {
    const shape = { input: 64, cell: 640, steps: 100, batch: 1 };
    let state = 1;
    const random = () => ((state = (state * 48271) % 0x7fffffff) / 0x7fffffff) * 2 - 1;
    const { costs, budget } = costsOf(buildTfliteLstm('int8', shape, random), { samples: 8 });
    expect(budget).toBeLessThan(128);
    const measured = measure(costs, 0, input(500, 64));
    expect(measured?.steps).toBe(Math.max(64, budget));
    expect(measured?.error).toBeGreaterThan(0);
    expect(measure(costs, 1, input(500, 64))).toBeNull();
  });
});
