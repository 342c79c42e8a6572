import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeShared } from '../shared';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

const SOUND = 'dtln_model_quant_2.tflite';
const MASK = 'dtln_noise_suppression_int8.tflite';
const DIGITS = 'digits-int8-miscalibrated.tflite';
const WAV = 'noise_1000ms.wav';

describeShared('answers and audio in a real VS Code', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string): Locator => view.locator(`[data-testid="${name}"]`);
  const text = (name: string): Promise<string> => id(name).innerText();

  beforeAll(async () => {
    const files = [`data/tflite/${SOUND}`, `data/tflite/${MASK}`, `data/audio/tflm/${WAV}`];
    workbench = await startWorkbench('audio', { files: files.map((path) => join(shared, path)) });
  });
  pictureFailuresAndClose(() => workbench);

  const runOn = async (model: string, data: string): Promise<void> => {
    await workbench.open(model);
    view = workbench.inspector();
    await id('data').click();
    await view.getByRole('option', { name: data }).first().click();
    await id('run').click();
    await id('export').waitFor({ timeout: 90_000 });
  };

  it('lists the samples that flip, and takes one to the other screens', async () => {
    await workbench.open(DIGITS);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await runOn(DIGITS, 'inputs');
    await id('panel-task').waitFor();
    expect(await text('panel-task')).toMatch(/5 right in float, wrong in int8/);
    // Off the diagonal, by keyboard.
    const worse = id('panel-task').locator('.confusion td.worse button').first();
    await worse.focus();
    await workbench.page.keyboard.press('Enter');
    expect(await text('confusion-text')).toMatch(/answered for .*: float 0, int8 \d+. First samples: /);
    expect(await worse.getAttribute('aria-pressed')).toBe('true');
    await workbench.screenshot('answers-dark');
    const sample = id('flips').locator('button').first();
    const name = await sample.innerText();
    await sample.click();
    await id('tab-lstm').click();
    await id('step-sample').waitFor();
    expect(await id('step-sample').locator('.dropdown-value').innerText()).toContain(name);
  });

  it('tells where the error of a dense layer lies', async () => {
    await id('tab-layers').click();
    await id('layer-grid').locator('.grid-row', { hasText: 'FULLY_CONNECTED' }).first().click();
    await id('detail-part-where').click();
    await id('worst-channels').waitFor();
    expect(await id('worst-channels').locator('tbody tr').count()).toBe(8);
    await id('where')
      .getByRole('slider', { name: /^Error by channel/ })
      .focus();
    await workbench.page.keyboard.press('End');
    expect(await id('where').getByRole('slider', { name: /^Error by channel/ }).getAttribute('aria-valuetext')).toMatch(/^unit 10: error RMS/); // prettier-ignore
    await id('where')
      .getByRole('slider', { name: /^Steps of/ })
      .focus();
    await workbench.page.keyboard.press('ArrowRight');
    expect(await text('step-text')).toMatch(/^step 0: error RMS/);
  });

  it('puts frames together, shows and plays them', async () => {
    await runOn(SOUND, WAV);
    await id('tab-audio').click();
    await id('audio-picture').waitFor({ timeout: 60_000 });
    expect(await text('si-sdr')).toMatch(/^\d+\.\d dB$/);
    expect(await text('panel-sound')).toMatch(/frames of 512 values, 128 apart/);
    const inked = await view.locator('.level-map').evaluateAll((list) =>
      list.map((one) => {
        const canvas = one as unknown as { width: number; height: number; getContext(kind: '2d'): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } } }; // prettier-ignore
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        return new Set(data).size;
      }),
    );
    expect(inked).toHaveLength(4);
    expect(inked.every((levels) => levels > 10)).toBe(true);
    await id('play-float').click();
    await id('play-float').locator('.codicon-debug-pause').waitFor();
    // The other track goes on where this one is.
    await id('play-quantized').click();
    await id('play-quantized').locator('.codicon-debug-pause').waitFor();
    await id('play-float').locator('.codicon-play').waitFor();
    expect(await id('audio-problem').count()).toBe(0);
    const picture = await id('audio-picture').locator('svg').boundingBox();
    if (picture === null) throw new Error('There is no picture.');
    await workbench.page.mouse.move(picture.x + picture.width / 2, picture.y + 80);
    await id('audio-text').filter({ hasText: /Hz: input .*\sdB, float .*\sdB, hybrid .*\sdB/ }).waitFor(); // prettier-ignore
    await id('audio-hop').click();
    await view.getByRole('option', { name: '256', exact: true }).click();
    await id('panel-sound').filter({ hasText: '256 apart' }).waitFor();
    await workbench.screenshot('audio-dark');
  });

  it('shows masks and what they let through', async () => {
    await runOn(MASK, WAV);
    await id('tab-audio').click();
    await id('audio-picture').waitFor({ timeout: 60_000 });
    expect(await text('panel-sound')).toContain('mask, int8 − float');
    expect(await view.locator('.audio-picture canvas').count()).toBe(7);
    await workbench.page.keyboard.press('1');
    await id('panel-result').waitFor();
    await workbench.page.keyboard.press('7');
    await id('audio-picture').waitFor({ timeout: 60_000 });
  });
});
