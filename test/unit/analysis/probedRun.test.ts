import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { probedRun, type StepResult } from '../../../worker/core/analysis/probedRun';
import { readNpy } from '../../../worker/core/data/npy';
import { readModel } from '../../../worker/core/formats/readModel';
import { bindInput } from '../../../worker/core/run/bindInput';
import type { Path } from '../../../worker/core/run/graphRunner';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';

const samples = resolve(import.meta.dirname, '../../../samples');
const bytes = (path: string) => new Uint8Array(readFileSync(join(samples, path)));

/** The first LSTM of a sample model over one utterance, as it is run and how often it pauses. */
function firstLstm(model: string, path: Path, macsInOneGo?: number): { pauses: number; result: StepResult } {
  const runner = prepareGraph(readModel({ name: model, bytes: bytes(model) }), 0, { path, persona: 'tflite' });
  const lstm = runner.operators[0]!;
  const x = bindInput(runner.graph, 0, readNpy(bytes('inputs/utterance-3.npy'), 'x'), path);
  const operands = lstm.operator.inputs.map((index) => (index === runner.graph.inputs[0] ? x : null));
  const work = probedRun(lstm, runner.graph, operands, macsInOneGo);
  for (let pauses = 0; ; pauses++) {
    const turn = work.next();
    if (turn.done === true) return { pauses, result: turn.value };
  }
}

describe('a long sequence run piece by piece', () => {
  it.each([
    ['digits-int8.tflite', 'int8'],
    ['digits-int8-miscalibrated.tflite', 'int8'],
    ['digits-hybrid.tflite', 'hybrid'],
    ['digits-float.tflite', 'float'],
  ] as const)('gives the values of the whole, %s', (model, path) => {
    const whole = firstLstm(model, path);
    expect(whole.pauses).toBe(0);
    // One pause after each array that is joined: the output and 25 signals.
    const joins = 1 + 25;
    // 4 * 64 * (120 + 32) multiply-accumulates a step: seven steps in one go, 13 pieces of 89 steps.
    const pieces = firstLstm(model, path, 7 * 4 * 64 * 152);
    expect(pieces.pauses).toBe(13 + joins);
    expect(pieces.result).toEqual(whole.result);
    expect(pieces.result.outputs[0]?.shape).toEqual([1, 89, 32]);
    expect(firstLstm(model, path, 1)).toEqual({ ...whole, pauses: 89 + joins });
  });
});
