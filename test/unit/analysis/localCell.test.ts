import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planLayers } from '../../../worker/core/analysis/layerPlan';
import { localCells } from '../../../worker/core/analysis/localCell';
import { probedRun } from '../../../worker/core/analysis/probedRun';
import { readSamples } from '../../../worker/core/data/readSamples';
import { readModel } from '../../../worker/core/formats/readModel';
import type { PersonaName } from '../../../worker/core/lstm/persona';
import type { SignalArray, SignalName, SignalSpec } from '../../../worker/core/lstm/signals';
import { quantizeAllRoundHalfAway } from '../../../worker/core/quantization/affine';
import { bindInput } from '../../../worker/core/run/bindInput';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { describeShared } from '../../shared';

const samples = resolve(import.meta.dirname, '../../../samples');

function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const turn = work.next();
    if (turn.done === true) return turn.value;
  }
}

/** The first operator of a model on both paths, and its cells from exact states. */
function runFirst(quantizedPath: string, floatPath: string, dataPath: string, persona: PersonaName) {
  const read = (path: string) => readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) });
  const data = { name: dataPath, bytes: new Uint8Array(readFileSync(dataPath)) };
  const run = (path: string, arithmetic: 'float' | 'int8' | 'hybrid') => {
    const runner = prepareGraph(read(path), 0, { path: arithmetic, persona });
    const { graph, operators } = runner;
    const input = bindInput(graph, 0, readSamples([data], graph).get(0).inputs[0], arithmetic);
    const operands = operators[0]!.operator.inputs.map((index) => (index === graph.inputs[0] ? input : null));
    return { runner, result: finish(probedRun(operators[0]!, graph, operands)) };
  };
  const float = run(floatPath, 'float');
  const quantized = run(quantizedPath, quantizedPath.includes('hybrid') ? 'hybrid' : 'int8');
  const plan = planLayers(quantized.runner)[0]!;
  const { graph, operators } = quantized.runner;
  const local = finish(localCells(operators[0]!, graph, plan, float.result, quantized.result, null));
  return { float: float.result, quantized: quantized.result, local, runner: operators[0]!.cells[0]!.runner };
}

function stored(values: Float32Array, { dtype, quantization }: SignalSpec): SignalArray {
  if (quantization === null) return values.slice();
  const codes = dtype === 'int8' ? new Int8Array(values.length) : new Int16Array(values.length);
  return quantizeAllRoundHalfAway(values, { scale: quantization.scales[0]!, zeroPoint: quantization.zeroPoints[0]! }, codes);
}

/** One step after the other, each with the states that the float path had before it. */
function expectStepByStep({ float, quantized, local, runner }: ReturnType<typeof runFirst>): void {
  const { steps, batch, trace } = float.probes[0]!;
  const spec = (name: SignalName) => runner.signals.find((one) => one.name === name)!;
  const x = quantized.probes[0]!.trace.x!;
  const before = (name: 'h' | 'c', step: number) => {
    const size = spec(name).size * batch;
    const given = step === 0 ? new Float32Array(size) : (trace[name] as Float32Array).subarray((step - 1) * size, step * size);
    return stored(given, spec(name));
  };
  expect(steps).toBeGreaterThan(3);
  for (let step = 0; step < steps; step++) {
    const size = runner.inputSize * batch;
    const state = { output: before('h', step), cell: before('c', step) };
    const single = Object.fromEntries(
      runner.signals.map(({ name, size: own, dtype }) => {
        const length = own * batch;
        return [
          name,
          dtype === 'int8' ? new Int8Array(length) : dtype === 'int16' ? new Int16Array(length) : new Float32Array(length),
        ];
      }),
    );
    runner.run(x.subarray(step * size, (step + 1) * size), 1, batch, state, single);
    for (const { name, size: own } of runner.signals) {
      const whole = local!.probes[0]!.trace[name]!;
      expect(whole.slice(step * own * batch, (step + 1) * own * batch)).toEqual(single[name]);
    }
  }
}

describe('cells from exact states', () => {
  it.each(['digits-int8', 'digits-hybrid'])('are single steps with the float states before them: %s', (name) => {
    const utterance = join(samples, 'inputs/utterance-5.npy');
    const ran = runFirst(join(samples, `${name}.tflite`), join(samples, 'digits-float.tflite'), utterance, 'tflite');
    expectStepByStep(ran);
    // From the second step on the paths' own states differ.
    expect(ran.local!.probes[0]!.trace.h).not.toEqual(ran.quantized.probes[0]!.trace.h);
  });
});

describeShared('cells from exact states, in batches', (shared) => {
  it.each(['tflite', 'tflite-old'] as const)(
    'keep the rows of one step together where a runtime lets them meet: %s',
    (persona) => {
      const folder = join(shared, 'golden/lstm16/lstm-ln-proj-peep-timemajor-batch2');
      expectStepByStep(runFirst(join(folder, 'int8.tflite'), join(folder, 'float.tflite'), join(folder, 'x_float.npy'), persona));
    },
  );
});
