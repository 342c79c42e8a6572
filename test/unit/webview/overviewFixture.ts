import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readModel } from '../../../worker/core/formats/readModel';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import type { ModelOverview, OperatorInfo } from '../../../worker/core/report/overview';
import type { TargetMap } from '../../../worker/core/targets/verdict';

const samples = resolve(import.meta.dirname, '../../../samples');

/** The real overview of a sample: two LSTMs and a dense layer. */
export function sampleOverview(name = 'digits-int8.tflite'): ModelOverview {
  return buildOverview(readModel({ name, bytes: new Uint8Array(readFileSync(resolve(samples, name))) }));
}

/** A model of many operators after the sample's three. */
export function longOverview(operators: number): ModelOverview {
  const sample = sampleOverview();
  const dense = sample.ops[2];
  if (!dense) throw new Error('The sample has three operators.');
  const ops = Array.from(
    { length: operators },
    (_, index): OperatorInfo =>
      sample.ops[index] ?? { ...dense, index, op: index % 2 === 0 ? 'ADD' : 'MUL', name: `block/${index}` },
  );
  const targets = Object.fromEntries(
    Object.entries(sample.targets).map(([name, target]) => [
      name,
      { ...target, ops: ops.map(({ index, op }) => ({ subgraph: 0, index, op, verdict: 'native', reached: true, reasons: [] })) },
    ]),
  ) as unknown as TargetMap;
  return { ...sample, ops, targets };
}
