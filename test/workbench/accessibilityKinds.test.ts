import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeShared } from '../shared';
import { BODY, findingsOfAxe, frameOfInspector } from './axe';
import { misfits } from './misfits';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

const SILERO = 'silero_vad.onnx';
const UNROLLED = 'lstm-unrolled-int8.tflite';
const CELLS = 'lstm-unrolled-int8.cells.tflite';
const SOUND = 'dtln_model_quant_2.tflite';
const WAV = 'noise_1000ms.wav';

/** A screen in a state of its own, and how to come to it. */
type Screen = readonly [name: string, show: () => Promise<void>];

describeShared('screens that only some kinds of models have, read aloud and at 800 px', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string): Locator => view.locator(`[data-testid="${name}"]`);
  const tab = async (name: string, shows: string): Promise<void> => {
    await id(`tab-${name}`).click();
    await id(shows).first().waitFor({ timeout: 60_000 });
  };
  const open = async (file: string): Promise<void> => {
    await workbench.open(file);
    view = workbench.inspector();
    await id('panel-model').waitFor();
  };
  const run = async (): Promise<void> => {
    await id('run').click();
    await id('export').waitFor({ timeout: 90_000 });
  };

  beforeAll(async () => {
    workbench = await startWorkbench('accessibility-kinds');
    // Folders of their own: beside each other, all would take the same data.
    const put = (folder: string, ...files: readonly string[]): void => {
      mkdirSync(join(workbench.folder, folder), { recursive: true });
      for (const file of files) cpSync(join(shared, file), join(workbench.folder, folder, file.slice(file.lastIndexOf('/') + 1)));
    };
    put('silero', `data/onnx/${SILERO}`, `data/audio/tflm/${WAV}`);
    put('sound', `data/tflite/${SOUND}`, `data/audio/tflm/${WAV}`);
    put('keras', `data/keras3/${UNROLLED}`);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
  });
  pictureFailuresAndClose(() => workbench);

  it('an ONNX model: after a run, its gates, and quantized anew', async () => {
    await open(SILERO);
    await run();
    await tab('fix', 'quantize');
    await id('quantize').click();
    await view.locator('[data-testid="fix-sqnr"]:not(.stale) small').waitFor({ timeout: 90_000 });
    expect(
      await problems('onnx', [
        ['overview', () => tab('overview', 'panel-result')],
        ['lstm', () => tab('lstm', 'panel-cell')],
        ['fix', () => tab('fix', 'fix-grid')],
      ]),
    ).toEqual([]);
  });

  it('LSTMs recognised in small operators: what was found, and the cells in an inspector of their own', async () => {
    await open(UNROLLED);
    await id('panel-recognised').waitFor();
    expect(await problems('recognised', [['overview', () => tab('overview', 'panel-recognised')]])).toEqual([]);
    await id('data').click();
    await view.getByRole('option', { name: 'Synthetic' }).click();
    await run();
    expect(await problems('recognised-run', [['overview', () => tab('overview', 'cell-signals')]])).toEqual([]);
    await id('show-cells').click();
    await workbench.page.locator('.tab.active', { hasText: CELLS }).waitFor();
    view = workbench.inspector();
    await id('cells-bar').waitFor();
    await run();
    expect(
      await problems('cells', [
        ['overview', () => tab('overview', 'panel-result')],
        ['lstm', () => tab('lstm', 'panel-cell')],
      ]),
    ).toEqual([]);
  });

  it('sound: waveforms and spectrograms', async () => {
    await open(SOUND);
    await id('data').click();
    await view.getByRole('option', { name: WAV }).first().click();
    await run();
    expect(await problems('sound', [['audio', () => tab('audio', 'audio-picture')]])).toEqual([]);
  });

  /** What axe calls serious in any theme, and what does not fit at 800 px. */
  async function problems(kind: string, screens: readonly Screen[]): Promise<string[]> {
    const found: string[] = [];
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await workbench.setTheme(theme);
      await view.locator(BODY[theme]).waitFor();
      for (const [name, show] of screens) {
        await show();
        const all = await findingsOfAxe(view, theme === 'dark' ? 'all' : 'colour');
        found.push(...all.map((finding) => `${kind} ${name}, ${theme}: ${finding}`));
        await workbench.screenshot(`kinds-${kind}-${name}-${theme}`);
      }
    }
    await workbench.page.setViewportSize({ width: 800, height: 900 });
    for (const [name, show] of screens) {
      await show();
      const frame = await frameOfInspector(view);
      await frame.waitForFunction(() => document.getAnimations().length === 0);
      found.push(...(await frame.evaluate(misfits)).map((misfit) => `${kind} ${name} at 800 px: ${misfit}`));
      await workbench.screenshot(`kinds-${kind}-${name}-800`);
    }
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
    return found;
  }
});
