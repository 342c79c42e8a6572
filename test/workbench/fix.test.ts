import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Recipe } from '../../worker/core/recipe/recipe';
import { commandLine } from './commandLine';
import { pictureFailuresAndClose } from './hooks';
import { ROOT, startWorkbench, type Workbench } from './workbench';

const MODEL = 'digits-float.tflite';

describe('quantizing a float model in the editor', () => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string) => view.locator(`[data-testid="${name}"]`);
  const sqnr = async (): Promise<number> => {
    await view.locator('[data-testid="fix-sqnr"]:not(.stale) small').waitFor();
    return Number((await id('fix-sqnr').locator('.big').innerText()).replace('dB', '').replace('−', '-'));
  };

  beforeAll(async () => {
    workbench = await startWorkbench('fix');
  });
  pictureFailuresAndClose(() => workbench);

  it('offers it, with the calibration data found beside the model', async () => {
    await workbench.open(MODEL);
    await workbench.command('View: Toggle Primary Side Bar Visibility'); // room for the pictures
    view = workbench.inspector();
    await id('quantize-offer').click();
    await id('panel-quantize').waitFor();
    expect(await id('panel-quantize').innerText()).toContain('calibration.npz');
    await workbench.screenshot('fix-before-dark');
  });

  it('quantizes in memory, and shows float against int8 in every screen', async () => {
    await id('quantize').click();
    expect(await sqnr()).toBe(40.6);
    expect(await id('fix-task').innerText()).toMatch(/^Wrong digits\n+0\n+of 34; float 0$/);
    expect(await id('fix-size').innerText()).toContain('71,824');
    expect(await id('fix-ranges').innerText()).toContain('30 samples, 2,667 steps, states reset');
    await id('tab-lstm').click();
    await id('panel-cell').waitFor();
    expect(await id('quantized-bar').innerText()).toContain('digits-float.tflite as int8: quantized in memory, not saved.');
    await id('tab-overview').click();
    expect(await id('output-sqnr').innerText()).toContain('40.6');
    await id('tab-fix').click();
    await workbench.screenshot('fix-dark');
  });

  it('measures a change before it is applied, applies it, and undoes it by a key', async () => {
    await id('fix-row-op 0 c').click();
    await id('cell-exponent').click();
    await id('cell-exponent').getByText('Q1.14').click();
    await id('row-try').click();
    const tried = await id('row-tried').innerText();
    expect(tried).toMatch(/^−5\.\d\sdB · 3\d\.\d\sdB at the output · \d of 34 digits wrong$/);
    await id('row-apply').click();
    await onStep(1, 'lstm0, cell c: Q1.14');
    const worse = await sqnr();
    expect(tried).toContain(`${worse.toFixed(1)}\u00a0dB at the output`);

    await id('fix-grid').press('z');
    await onStep(0, 'Quantized with calibration.npz');
    expect(await sqnr()).toBe(40.6);
    expect(await id('fix-row-op 0 c').innerText()).not.toContain('changed');
  });

  it('saves the bytes that the command line writes', async () => {
    const saved = join(workbench.folder, 'digits-float.int8.tflite');
    await save('save-quantized', saved);
    expect(readFileSync(saved).equals(quantized('plain.tflite'))).toBe(true);
    await workbench.page.getByRole('button', { name: 'Open in Inspector' }).waitFor();
  });

  it('gives a value a range of its own, and saves the recipe that makes it again', async () => {
    await id('fix-row-op 2 0').click();
    await id('range-by-range').click();
    await id('range-min').locator('input').fill('−6');
    await id('range-max').locator('input').fill('7');
    await id('row-apply').click();
    await onStep(1, 'FULLY_CONNECTED logits: −6 to 7');
    expect(await sqnr()).toBeLessThan(30);
    const path = join(workbench.folder, 'digits-float.recipe.json');
    await save('save-recipe', path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      schema: 'gatescope.recipe/1',
      tensors: { logits: { range: [-6, 7] } },
    } satisfies Recipe);
    const saved = join(workbench.folder, 'digits-float.int8.tflite');
    rmSync(saved);
    await save('save-quantized', saved);
    expect(readFileSync(saved).equals(quantized('again.tflite', '--recipe', path))).toBe(true);
    expect(readdirSync(workbench.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('tries what may be worth it, and ranks it by what it gains', async () => {
    await id('fix-grid').press('z');
    await onStep(0, 'Quantized with calibration.npz');
    await id('try-all').click();
    await id('hint-result').first().waitFor();
    const gains = (await id('hint-result').allInnerTexts()).map((text) => Number(text.split('\u00a0')[0]!.replace('−', '-')));
    expect(gains.length).toBeGreaterThan(5);
    expect(gains).toEqual([...gains].sort((a, b) => b - a));
    expect(gains[0]).toBeGreaterThan(0);
    await workbench.screenshot('fix-tried-dark');
  });

  it('leads to the file and back', async () => {
    await id('show-quantized').click();
    await id('tab-overview').click();
    expect(await id('panel-model').innerText()).toContain('Float LSTM');
    await id('show-quantized').click();
    await expect.poll(() => id('panel-model').innerText()).toContain('Integer LSTM');
  });

  it('is a command of the palette, and works in light, high contrast and narrow', async () => {
    await workbench.command('GateScope: Quantize…');
    await id('panel-fix-table').waitFor();
    for (const theme of ['light', 'contrast'] as const) {
      await workbench.setTheme(theme);
      await view.locator(theme === 'light' ? 'body.vscode-light' : 'body.vscode-high-contrast').waitFor();
      await workbench.screenshot(`fix-${theme}`);
    }
    await workbench.setTheme('dark');
    await workbench.page.setViewportSize({ width: 848, height: 900 });
    await id('panel-row').scrollIntoViewIfNeeded();
    await workbench.screenshot('fix-narrow-dark');
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
  });

  it('goes on after the window was loaded anew', async () => {
    await onStep(0, 'Quantized with calibration.npz');
    await workbench.reload();
    view = workbench.inspector();
    await id('tab-fix').click();
    await id('panel-former').waitFor();
    expect(await id('panel-former').innerText()).toMatch(
      /\d steps, last Quantized with calibration\.npz, ranges from calibration\.npz\./,
    );
    await workbench.screenshot('fix-former-dark');
    await id('restore-history').click();
    await onStep(0, 'Quantized with calibration.npz');
    expect(await sqnr()).toBe(40.6);
    await id('fix-grid').press('Shift+Z');
    await view.locator('[data-testid="step-1"][aria-current="step"]').waitFor();
  });

  it('never asks another host for anything', () => {
    expect([...workbench.foreignHosts]).toEqual([]);
  });

  /** Waits until a step of the history is the present one. */
  async function onStep(step: number, label: string): Promise<void> {
    await view.locator(`[data-testid="step-${step}"][aria-current="step"]`, { hasText: label }).waitFor();
  }

  /** Bytes of the command line's file, from the same model and data. */
  function quantized(name: string, ...more: readonly string[]): Buffer {
    const output = join(ROOT, '.cache/workbench/fix', name);
    commandLine(workbench.folder, 'quantize', MODEL, '--calibration', 'calibration.npz', ...more, '--output', output);
    return readFileSync(output);
  }

  /** Presses a button that asks for a place, and takes the one that is offered. */
  async function save(button: string, path: string): Promise<void> {
    await id(button).click();
    const input = workbench.page.locator('.quick-input-widget input.input');
    await expect.poll(() => input.inputValue(), { timeout: 20_000 }).toBe(path);
    await workbench.page.locator('.quick-input-widget').getByText('OK', { exact: true }).click();
    await expect.poll(() => existsSync(path), { timeout: 20_000 }).toBe(true);
  }
});
