import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../../worker/core/analysis/pace';
import { blameModel, prepareBlame } from '../../../worker/core/blame/blameModel';
import type { BlameReport, BlameSubject } from '../../../worker/core/blame/blameReport';
import { mergeBlame } from '../../../worker/core/blame/blameSums';
import { measureBlame } from '../../../worker/core/blame/measureBlame';
import { describeShared } from '../../shared';
import { blameRequest, firstOf, INPUTS, SAMPLES } from './blameFixture';

const MISCALIBRATED = join(SAMPLES, 'digits-int8-miscalibrated.tflite');
const INT8 = join(SAMPLES, 'digits-int8.tflite');
const HYBRID = join(SAMPLES, 'digits-hybrid.tflite');
const FLOAT = join(SAMPLES, 'digits-float.tflite');

const subject = (report: BlameReport, id: string): BlameSubject | undefined => report.subjects.find((one) => one.id === id);

describe('blame', () => {
  it('names the input that was calibrated on silence first, and what it costs the task', async () => {
    const report = await blameModel(blameRequest(MISCALIBRATED, FLOAT, INPUTS));
    const [first, second] = report.subjects;
    expect(first).toMatchObject({
      kind: 'tensor',
      tensorName: 'features',
      op: null,
      rank: 1,
      arithmetic: 'emulated',
      emulatedOps: [0],
    });
    expect(first!.gainDb).toBeGreaterThan(6);
    expect(second!.gainDb).toBeLessThan(1);
    expect(report.quantized.taskErrors! - first!.back.taskErrors!).toBeGreaterThan(8);
    expect(report.headline[1]).toMatch(
      /^Back to float, input features gains 7\.\d dB, to 15\.\d dB, \d+ errors fewer in digits\.$/,
    );
    expect(report).toMatchObject({ samples: 8, complete: true, task: { kind: 'ctc-greedy', samples: 8, floatErrors: 0 } });
    // Emulated operators stray from the integer kernels in last bits only.
    for (const { control } of report.subjects) expect(Math.abs(control.sqnrDb! - report.quantized.sqnrDb!)).toBeLessThan(0.05);
    // The input is what hurts whichever way one looks.
    expect(first!.alone!.sqnrDb).toBeLessThan(10);
    expect(subject(report, 'part 0 W')!.alone!.sqnrDb).toBeGreaterThan(40);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('covers layers both ways, tensors, every part and every matrix, each once, ranked', async () => {
    const request = blameRequest(INT8, FLOAT, INPUTS);
    const report = await blameModel({ ...request, samples: firstOf(request.samples, 1) });
    const ids = report.subjects.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const of = (kind: string) => report.subjects.filter((one) => one.kind === kind).length;
    // Two LSTMs with projection: i f g o c m h W; 4 + 4 + 1 matrices, and the last layer's.
    expect([of('layer'), of('tensor'), of('part'), of('weights')]).toEqual([6, 4, 16, 19]);
    expect(ids).toEqual(expect.arrayContaining(['layer 1', 'layer 1 real', 'part 0 g']));
    expect(report.subjects.map(({ rank }) => rank)).toEqual(ids.map((_, position) => position + 1));
    const gains = report.subjects.map(({ gainDb }) => gainDb ?? -Infinity);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    // The last layer is exact when its output is real too: nothing is left to emulate.
    expect(subject(report, 'layer 2 real')).toMatchObject({ arithmetic: 'exact', output: 'real' });
    expect(subject(report, 'layer 0 real')).toMatchObject({ arithmetic: 'emulated', emulatedOps: [1] });
  });

  it('has no weights to blame without a float model', async () => {
    const request = blameRequest(INT8, null, INPUTS);
    const report = await blameModel({ ...request, samples: firstOf(request.samples, 1) });
    expect(report.floatModel.source).toBe('dequantized');
    expect(report.subjects.some(({ kind, part }) => kind === 'weights' || part === 'W')).toBe(false);
  });

  it('puts layers of a hybrid model back, and refuses a float one', async () => {
    const request = blameRequest(HYBRID, FLOAT, INPUTS);
    const report = await blameModel({ ...request, samples: firstOf(request.samples, 1) });
    expect(report.quantizedPath).toBe('hybrid');
    expect(report.subjects.map(({ id }) => id).sort()).toEqual(['layer 0', 'layer 1', 'layer 2']);
    expect(report.subjects.every(({ gainDb }) => gainDb! > 0.5)).toBe(true);
    await expect(blameModel(blameRequest(FLOAT, null, INPUTS))).rejects.toMatchObject({ code: 'MODEL_IS_FLOAT' });
  });

  it('merges parts of a run to the figures of the whole', async () => {
    const request = blameRequest(INT8, FLOAT, INPUTS.slice(0, 3), { kinds: ['layer', 'tensor'] });
    const pace = new Pace({});
    const { prepared } = (await prepareBlame(request, pace))!;
    const whole = await measureBlame(prepared, request.samples, { first: 0, end: 3 }, pace);
    const late = await measureBlame(prepared, request.samples, { first: 1, end: 3 }, pace);
    const early = await measureBlame(prepared, request.samples, { first: 0, end: 1 }, pace);
    mergeBlame(early, late);
    expect(early).toMatchObject({ samples: 3, steps: whole.steps, units: whole.units });
    early.mixtures.forEach(({ errors, taskErrors }, position) => {
      const other = whole.mixtures[position]!;
      expect(errors.errorSquared).toBeCloseTo(other.errors.errorSquared, 9);
      expect([errors.values, errors.differing, taskErrors]).toEqual([
        other.errors.values,
        other.errors.differing,
        other.taskErrors,
      ]);
    });
  });

  it('stops between samples and in the middle of one, and covers those that are done', async () => {
    let told = 0;
    let asked = 0;
    const report = await blameModel(blameRequest(INT8, FLOAT, INPUTS, { kinds: ['layer'] }), {
      onProgress: ({ done }) => (told = done),
      isCancelled: () => told >= 2 && ++asked > 3,
    });
    expect(report.complete).toBe(false);
    expect(report.samples).toBeGreaterThanOrEqual(2);
    expect(report.samples).toBeLessThan(8);
    expect(report.headline[0]).toBe(`Stopped after ${report.samples} of 8 samples. Figures cover those.`);
    const none = await blameModel(blameRequest(INT8, FLOAT, INPUTS), { isCancelled: () => true });
    expect(none).toMatchObject({ samples: 0, subjects: [], headline: ['Stopped before the first sample was measured.'] });
  });
});

describeShared('blame of a quirk', (shared) => {
  it('finds that the peephole covers the first cells only: exact figures of the reference traces', async () => {
    const folder = join(shared, 'golden/lstm16/lstm-ln-proj-peep-odd-batch2');
    const report = await blameModel(
      blameRequest(join(folder, 'int8.tflite'), join(folder, 'float.tflite'), [join(folder, 'x_float.npy')]),
    );
    expect(report.quantized.sqnrDb).toBeCloseTo(24.431, 2);
    const quirk = subject(report, 'quirk 0 peephole-width');
    expect(quirk?.back.sqnrDb).toBeCloseTo(38.092, 2);
    expect(quirk).toMatchObject({ arithmetic: 'exact', lstm: 'lstm0' });
    // Only putting the whole layer back does as much.
    expect(report.subjects.slice(0, 3).map(({ id }) => id)).toEqual(
      expect.arrayContaining(['layer 0', 'layer 0 real', 'quirk 0 peephole-width']),
    );
    expect(report.headline.join(' ')).toMatch(/Without the peephole quirk of lstm0, it gains 13\.7 dB, to 38\.1 dB\./);
  });

  it('finds the gate scale that the quantizer forgot, where no part can be told from another', async () => {
    const folder = join(shared, 'golden/lstm16/cifg-ln-pow2');
    const report = await blameModel(
      blameRequest(join(folder, 'int8-as-the-quantizer-left-it.tflite'), join(folder, 'float.tflite'), [
        join(folder, 'x_float.npy'),
      ]),
    );
    expect(subject(report, 'quirk 0 missing-gate-scale')!.gainDb).toBeGreaterThan(30);
    expect(report.subjects.some(({ kind }) => kind === 'part')).toBe(false);
  });
});
