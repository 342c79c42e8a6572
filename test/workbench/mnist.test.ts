import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { decibel, real } from '../../webview/charts/format';
import { writeNpy } from '../../worker/core/data/npy';
import type { Report } from '../../worker/core/report/report';
import { describeShared } from '../shared';
import { commandLine, commandLineReport } from './commandLine';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

const FLOAT = 'mnist_lstm_float.tflite';
const INT8 = 'mnist_lstm_int8.tflite';
const DIGITS = 'digits.npy';
/** Of the 10,000 test digits the eight on which the two files differ, after the first 92. */
const DIFFERING = [689, 2109, 3062, 3808, 4248, 5199, 6505, 8520];
const CHOSEN = [...Array.from({ length: 92 }, (_, n) => n), ...DIFFERING];
const PIXELS = 28 * 28;

describeShared('an LSTM that reads digits, float and int8 side by side', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  let folder: string;
  let report: Report;
  const id = (name: string): Locator => view.locator(`[data-testid="${name}"]`);
  const text = (name: string): Promise<string> => id(name).innerText();

  beforeAll(async () => {
    workbench = await startWorkbench('mnist');
    // A folder of its own: beside the samples, their data would be taken.
    folder = join(workbench.folder, 'mnist');
    mkdirSync(folder);
    for (const file of [FLOAT, INT8]) cpSync(join(shared, 'data/tflite', file), join(folder, file));
    const unzip = (name: string) => gunzipSync(readFileSync(join(shared, 'data/mnist', name)));
    const images = unzip('t10k-images-idx3-ubyte.gz').subarray(16);
    const labels = unzip('t10k-labels-idx1-ubyte.gz').subarray(8);
    const data = new Float32Array(CHOSEN.length * PIXELS);
    CHOSEN.forEach((digit, at) => {
      const pixels = images.subarray(digit * PIXELS, (digit + 1) * PIXELS);
      data.set(Float32Array.from(pixels, (pixel) => pixel / 255), at * PIXELS); // prettier-ignore
    });
    writeFileSync(join(folder, DIGITS), writeNpy({ dtype: 'float32', shape: [CHOSEN.length, 1, 28, 28], data }));
    const answers = { decode: 'classification', unit: 'digits', labels: CHOSEN.map((digit) => labels[digit]) };
    writeFileSync(join(folder, 'labels.json'), JSON.stringify(answers));
    report = commandLineReport(folder, INT8, '--float', FLOAT, '--input', DIGITS);
    await workbench.open(INT8);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    view = workbench.inspector();
    await id('panel-model').waitFor();
  });
  pictureFailuresAndClose(() => workbench);

  it('finds the float model and the digits beside it', async () => {
    expect(await text('panel-model')).toMatch(new RegExp(`Float partner\\s+${FLOAT}`));
    expect(await id('data').locator('.dropdown-value').innerText()).toContain(DIGITS);
    await id('run').click();
    await id('output-sqnr').waitFor();
    expect(await text('panel-model')).toContain(`${FLOAT}, matched by name`);
    expect(await text('panel-result')).toContain('100 samples, 2,800 steps, int8 against float');
  });

  it('counts right answers of both paths as the command line does', async () => {
    const { task } = report;
    expect(task).toMatchObject({ total: 100, floatErrors: 4, quantizedErrors: 8 });
    expect(task?.flips).toMatchObject({ lost: { length: 6 }, won: { length: 2 }, changed: [] });
    const output = report.layers.at(-1)!.accumulated!;
    expect(await text('output-sqnr')).toBe(`${decibel(output.sqnrDb)} dB`);
    expect(await text('output-rmse')).toBe(real(output.rmse));
    expect(await text('panel-result')).toContain(report.headline.at(-1)!);
    expect(await id('panel-result').locator('[data-testid="answers"] tbody tr').count()).toBe(5);
  });

  it('tells which digits are taken for which, and which samples flip', async () => {
    const { confusion, flips } = report.task!;
    const panel = id('panel-task');
    expect(await panel.innerText()).toMatch(/6 right in float, wrong in int8/);
    expect(await panel.innerText()).toMatch(/2 wrong in float, right in int8/);
    const names = await id('flips').first().locator('tbody th').allInnerTexts();
    expect(names).toEqual(flips!.lost.map((index) => report.perSample.find((sample) => sample.index === index)!.name));
    const cells = confusion!.cells.filter(
      ({ expected, answered, float, quantized }) => expected !== answered && quantized! > float,
    );
    expect(await panel.locator('.confusion td.worse').count()).toBe(cells.length);
    const rightly = confusion!.cells.filter(({ expected, answered }) => expected === answered);
    expect(rightly.reduce((sum, { quantized }) => sum + quantized!, 0)).toBe(92);
    for (const { expected, float, quantized } of rightly) {
      const name = `${confusion!.texts[expected]} answered rightly: float ${float}, int8 ${quantized}`;
      expect(await panel.getByRole('button', { name, exact: true }).count(), name).toBe(1);
    }
    await workbench.screenshot('mnist-answers-dark');
  });

  it('takes a flipped digit to the gates of the LSTM', async () => {
    const sample = id('flips').first().locator('tbody button').first();
    const name = await sample.innerText();
    await sample.click();
    await id('tab-lstm').click();
    await id('step-sample').waitFor();
    expect(await id('step-sample').locator('.dropdown-value').innerText()).toContain(name);
    const input = report.layers[0]!.signals[0]!;
    const label = `input x, SQNR ${decibel(input.accumulated?.sqnrDb ?? null)} dB`;
    await id('panel-cell').getByRole('button', { name: label }).waitFor();
    await workbench.screenshot('mnist-lstm-dark');
  });

  it('quantizes the float model anew, to the figures of the command line', async () => {
    const anew = 'mnist_lstm_anew.tflite';
    commandLine(folder, 'quantize', FLOAT, '--calibration', DIGITS, '--output', join('..', anew));
    const { layers, task } = commandLineReport(folder, join('..', anew), '--float', FLOAT, '--input', DIGITS);
    await id('tab-fix').click();
    await id('panel-quantize').waitFor();
    expect(await text('panel-quantize')).toContain(DIGITS);
    await id('quantize').click();
    await view.locator('[data-testid="fix-sqnr"]:not(.stale) small').waitFor();
    expect(await id('fix-sqnr').locator('.big').innerText()).toBe(`${decibel(layers.at(-1)!.accumulated!.sqnrDb)} dB`);
    expect(await text('fix-task')).toMatch(new RegExp(`^Wrong digits\\n+${task!.quantizedErrors}\\n+of 100; float 4$`));
    await workbench.screenshot('mnist-fix-dark');
  });

  it('never asks another host for anything', () => {
    expect([...workbench.foreignHosts]).toEqual([]);
  });
});
