import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { WaveFile } from 'wavefile';
import { describeShared } from '../shared';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

const SILERO = 'silero_vad.onnx';
const DTLN = 'dtln_model_1.onnx';
const QDQ = 'dtln_model_1_qdq.onnx';
const RATE = 16_000;
const SECONDS = 2;

describeShared('ONNX models that are called frame by frame', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string): Locator => view.locator(`[data-testid="${name}"]`);
  const open = async (file: string): Promise<void> => {
    await workbench.open(file);
    view = workbench.inspector();
    await id('run').waitFor();
    await id('panel-model').waitFor();
  };
  const decibels = async (name: string): Promise<number> => Number.parseFloat((await id(name).innerText()).replace('−', '-'));

  beforeAll(async () => {
    workbench = await startWorkbench('onnx');
    const folder = join(workbench.folder, 'speech');
    mkdirSync(join(folder, 'inputs'), { recursive: true });
    for (const file of [SILERO, DTLN]) cpSync(join(shared, 'data/onnx', file), join(folder, file));
    cpSync(join(shared, 'golden/peers/onnxruntime', QDQ), join(folder, QDQ));
    const speech = new WaveFile(readFileSync(join(shared, 'data/audio/whisper_jfk.wav'))).getSamples(false, Int16Array);
    const clip = new WaveFile();
    clip.fromScratch(1, RATE, '16', (speech as unknown as Int16Array).slice(0, SECONDS * RATE));
    writeFileSync(join(folder, 'inputs/speech.wav'), clip.toBuffer());
  });
  pictureFailuresAndClose(() => workbench);

  it('tells what a recording becomes where the file leaves the size of a call open', async () => {
    await open(SILERO);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    expect(await id('panel-io').innerText()).toMatch(/input\s+\[\?, \?\]/);
    expect(await id('panel-io').innerText()).toMatch(/state\s+\[2, \?, 128\]/);
    expect(await id('features-why').innerText()).toContain('512 raw samples a call after 64 before them');
    expect(await id('stepped').innerText()).toBe('stepped: 576 values a call, state state from stateN (guess)');
    await id('call-size').locator('input').fill('512');
    await expect.poll(() => id('stepped').innerText()).toContain('512 values a call');
    await id('call-size').locator('input').fill('');
    await expect.poll(() => id('stepped').innerText()).toContain('576 values a call');
  });

  it('runs it call by call, every gate of its LSTM seen', async () => {
    await id('run').click();
    await id('panel-result').waitFor();
    // 1 + (32,000 - 576) / 512 calls.
    expect(await id('panel-result').innerText()).toContain('1 sample, 62 steps, float');
    await id('tab-lstm').click();
    await id('panel-cell').getByRole('button', { name: /^gate f, / }).first().waitFor(); // prettier-ignore
    await workbench.screenshot('onnx-float-dark');
  });

  it('shows its gates in int8 over float, and says that no file holds them', async () => {
    await id('tab-fix').click();
    await id('quantize').click();
    await view.locator('[data-testid="fix-sqnr"]:not(.stale) small').waitFor();
    expect(Number.parseFloat(await id('fix-sqnr').locator('.big').innerText())).toBeGreaterThan(25);
    expect(await id('not-saved-as-onnx').innerText()).toContain('no ONNX operator holds an integer LSTM');
    expect(await id('save-quantized').count()).toBe(0);
    await id('tab-lstm').click();
    await id('panel-cell').waitFor();
    expect(await id('quantized-bar').innerText()).toContain(`${SILERO} as int8: quantized in memory, not saved.`);
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await workbench.setTheme(theme);
      const body = { light: 'vscode-light', contrast: 'vscode-high-contrast', dark: 'vscode-dark' }[theme];
      await view.locator(`body.${body}`).waitFor();
      await workbench.screenshot(`onnx-int8-${theme}`);
    }
  });

  it('names targets that read ONNX', async () => {
    await id('tab-layers').click();
    await id('layer-grid').waitFor();
    expect(await id('layer-grid').innerText()).toContain('ONNX Runtime CPU');
  });

  it('holds a QDQ model against the float model beside it', async () => {
    await open(QDQ);
    await id('run').click();
    await id('output-sqnr').waitFor();
    expect(await id('panel-model').innerText()).toContain(DTLN);
    expect(await decibels('output-sqnr')).toBeGreaterThan(0);
    expect(await id('panel-lstms').innerText()).toContain('lstm_4 257 → 128');
    await workbench.screenshot('onnx-qdq-dark');
  });

  it('never asks another host for anything', () => {
    expect([...workbench.foreignHosts]).toEqual([]);
  });
});
