import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { decibel, real } from '../../webview/charts/format';
import { writeNpy } from '../../worker/core/data/npy';
import type { Report } from '../../worker/core/report/report';
import { describeShared } from '../shared';
import { commandLine, commandLineReport } from './commandLine';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

const FLOAT = 'mobilenet_v1_0.25_224_float.tflite';
const QUANT = 'mobilenet_v1_0.25_224_quant.tflite';
const PICTURES = 'pictures.npy';
const SIDE = 224;

/** Two pictures of waves in three colours, -1 to 1: [2, 1, 224, 224, 3]. */
function pictures(): Uint8Array {
  const data = Float32Array.from({ length: 2 * SIDE * SIDE * 3 }, (_, at) => {
    const [colour, pixel] = [at % 3, Math.floor(at / 3)];
    const [x, y, picture] = [pixel % SIDE, Math.floor(pixel / SIDE) % SIDE, Math.floor(pixel / SIDE / SIDE)];
    return Math.sin((x * (colour + 1) + y * (picture + 1)) / 20) * Math.cos(y / (15 + 10 * picture));
  });
  return writeNpy({ dtype: 'float32', shape: [2, 1, SIDE, SIDE, 3], data });
}

describeShared('MobileNet, a network without any recurrent layer', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  let folder: string;
  let report: Report;
  const id = (name: string): Locator => view.locator(`[data-testid="${name}"]`);
  const text = (name: string): Promise<string> => id(name).innerText();
  const openLayer = async (row: string, part: string): Promise<void> => {
    await id('tab-layers').click();
    await id('layers-as-table').click();
    await id('layer-grid').waitFor();
    await id(`layer-row-${row}`).click();
    await id(`detail-part-${part}`).click();
  };

  beforeAll(async () => {
    workbench = await startWorkbench('mobilenet');
    // A folder of its own: beside the samples, their data would be taken.
    folder = join(workbench.folder, 'mobilenet');
    mkdirSync(folder);
    for (const file of [FLOAT, QUANT]) cpSync(join(shared, 'data/tflite', file), join(folder, file));
    writeFileSync(join(folder, PICTURES), pictures());
    report = commandLineReport(folder, QUANT, '--float', FLOAT, '--input', PICTURES);
    await workbench.open(QUANT);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    view = workbench.inspector();
    await id('panel-model').waitFor();
  });
  pictureFailuresAndClose(() => workbench);

  it('shows its size, its formulas and its float model', async () => {
    expect(await text('params')).toBe('467,593');
    const model = await text('panel-model');
    expect(model).toMatch(/MACs\s+41,030,528 per inference/);
    expect(model).toMatch(new RegExp(`Float partner\\s+${FLOAT}`));
    expect(model).toContain('508,786');
    expect(await text('panel-io')).toMatch(/input\s+\[1, 224, 224, 3\]/);
    expect(await text('panel-io')).toContain('real = 0.0078125 · (q − 128)');
    expect(await id('panel-lstms').count()).toBe(0);
  });

  it('runs on pictures, with the figures of the command line', async () => {
    await id('run').click();
    await id('output-sqnr').waitFor();
    const output = report.layers.at(-1)!.accumulated!;
    expect(await text('output-sqnr')).toBe(`${decibel(output.sqnrDb)} dB`);
    expect(await text('output-rmse')).toBe(real(output.rmse));
    expect(await text('panel-result')).toContain(report.headline[0]!);
    expect(await text('panel-result')).toContain('2 samples, int8 against float');
    expect(await text('panel-model')).toContain(`${FLOAT}, matched by name`);
    await workbench.screenshot('mobilenet-overview-dark');
  });

  it('lists 31 operators with their errors', async () => {
    await id('tab-layers').click();
    await id('panel-profile').waitFor();
    // With the input.
    expect(await text('layer-count')).toBe('32 rows');
    for (const index of [0, 1, 2]) {
      const { op, accumulated, local } = report.layers[index]!;
      const row = await text(`layer-row-0-${index}`);
      for (const shown of [op, decibel(accumulated!.sqnrDb), decibel(local!.sqnrDb)]) expect(row).toContain(shown);
    }
    await workbench.screenshot('mobilenet-layers-dark');
  });

  it('shows weights that share one scale', async () => {
    await openLayer('0-0', 'weights');
    await id('channels').waitFor();
    expect(await text('layer-detail')).toContain('8 channels, 1 of 216 values at the ends of the type.');
    const channels = id('channels').getByRole('slider').first();
    await channels.focus();
    for (const key of ['Home', 'End']) {
      await workbench.page.keyboard.press(key);
      await id('channels')
        .getByText(`Channel ${key === 'Home' ? 0 : 7}`, { exact: true })
        .waitFor();
      expect(await text('channel-text')).toMatch(/^27 values, .*, scale 0\.014914, zero point 153, \d\.\d bits in use/);
    }
    await id('detail-part-arithmetic').click();
    await id('headroom').waitFor();
    expect(await text('operator-formula')).toMatch(/≫ \d+/);
  });

  it('asks for the values of 200,704 numbers as far as they are in sight', async () => {
    await openLayer('0-2', 'values');
    await id('value-range').filter({ hasText: 'In sight' }).waitFor();
    await id('values-as-codes').click();
    await id('value-range').filter({ hasText: 'rows 0 –' }).waitFor();
    const cells = id('value-grid').locator('[role="cell"]');
    expect(await id('value-grid').getAttribute('aria-rowcount')).toBe('12545');
    expect(await cells.count()).toBeLessThan(1_000);
    await id('value-grid').focus();
    await workbench.page.keyboard.press('End');
    await expect.poll(() => text('value-range')).toMatch(/^In sight: \d+ to \d+; rows 12,\d+ – 12,543,/);
    expect(await cells.count()).toBeLessThan(1_000);
    expect(Number((await cells.last().innerText()).replace('−', '-'))).toBeLessThanOrEqual(255);
    await workbench.screenshot('mobilenet-values-dark');
  });

  it('draws its graph', async () => {
    await workbench.page.keyboard.press('Escape');
    await id('layer-detail').waitFor({ state: 'detached' });
    await id('layers-as-graph').click();
    await id('graph').waitFor({ timeout: 60_000 });
    await expect.poll(() => text('graph-said')).toMatch(/^31 operators/);
    await id('graph').focus();
    await workbench.page.keyboard.press('Home');
    await expect.poll(() => text('graph-said')).toMatch(/^input, uint8 \[1, 224, 224, 3\]/);
    await workbench.page.keyboard.press('ArrowRight');
    const { accumulated, local } = report.layers[0]!;
    const errors = `local ${decibel(local!.sqnrDb)}\u00a0dB, accumulated ${decibel(accumulated!.sqnrDb)}\u00a0dB`;
    await expect.poll(() => text('graph-said')).toContain(`0 CONV_2D, uint8 [1, 112, 112, 8], ${errors}`);
    await workbench.screenshot('mobilenet-graph-dark');
    await id('layers-as-table').click();
  });

  it('tells where it runs: not on TFLite Micro, which reads no uint8', async () => {
    await id('tab-targets').click();
    await id('target-grid').waitFor();
    expect(await id('place-tflite-cpu-0-0').getAttribute('data-verdict')).toBe('native');
    expect(await id('place-ethos-u55-0-0').getAttribute('data-verdict')).toBe('native');
    await id('place-tflm-0-0').click();
    expect(await id('place-tflm-0-0').getAttribute('data-verdict')).toBe('rejected');
    expect(await text('panel-reasons')).toContain('uint8');
    await workbench.screenshot('mobilenet-targets-dark');
  });

  it('quantizes its float model, with a scale for each channel, to the figures of the command line', async () => {
    const anew = join('..', 'mobilenet_anew.tflite');
    commandLine(folder, 'quantize', FLOAT, '--calibration', PICTURES, '--output', anew);
    const { layers } = commandLineReport(folder, anew, '--float', FLOAT, '--input', PICTURES);
    await id('tab-fix').click();
    await id('quantize').click();
    await view.locator('[data-testid="fix-sqnr"]:not(.stale) small').waitFor();
    expect(await id('fix-sqnr').locator('.big').innerText()).toBe(`${decibel(layers.at(-1)!.accumulated!.sqnrDb)} dB`);
    await openLayer('0-0', 'weights');
    await id('channels').waitFor();
    const scales = new Set<string>();
    await id('channels').getByRole('slider').first().focus();
    await workbench.page.keyboard.press('Home');
    for (let channel = 0; channel < 8; channel++) {
      await id('channels').getByText(`Channel ${channel}`, { exact: true }).waitFor();
      // Symmetric, so without a zero point.
      const figures = /^27 values, .*, scale ([^,]+), \d\.\d bits/;
      await expect.poll(() => text('channel-text')).toMatch(figures);
      scales.add(figures.exec(await text('channel-text'))![1]!);
      await workbench.page.keyboard.press('ArrowRight');
    }
    expect(scales.size).toBe(8);
    await workbench.screenshot('mobilenet-channels-dark');
  });

  it('never asks another host for anything', () => {
    expect([...workbench.foreignHosts]).toEqual([]);
  });
});
