import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { writeNpy } from '../../worker/core/data/npy';
import { readNpyFile } from '../npy';
import { describeShared } from '../shared';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

const MODEL = 'bidirectional-unrolled-float.tflite';
const INT8 = 'lstm-unrolled-int8.tflite';
const GRU = 'gru-unrolled-dynamic.tflite';
const CELLS = 'bidirectional-unrolled-float.cells.tflite';

describeShared('an LSTM in 826 small operators, shown as cells', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string): Locator => view.locator(`[data-testid="${name}"]`);
  const folder = (): string => join(workbench.folder, 'keras');

  beforeAll(async () => {
    workbench = await startWorkbench('cells');
    mkdirSync(join(folder(), 'inputs'), { recursive: true });
    for (const file of [MODEL, INT8, GRU]) cpSync(join(shared, 'data/keras3', file), join(folder(), file));
    const digits = readNpyFile(join(shared, 'data/keras3/x.npy')).data as Float32Array;
    for (let i = 0; i < 4; i++) {
      const data = digits.slice(i * 784, (i + 1) * 784);
      writeFileSync(join(folder(), `inputs/digit-${i}.npy`), writeNpy({ dtype: 'float32', shape: [1, 28, 28], data }));
    }
  });
  pictureFailuresAndClose(() => workbench);

  it('lists what was found, in light, high contrast and dark', async () => {
    await workbench.open(MODEL);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    view = workbench.inspector();
    await id('panel-recognised').waitFor();
    const text = await id('panel-recognised').innerText();
    expect(text).toContain('2 LSTMs found in 826 small operators.');
    expect(text).toContain('unrolled, 28 steps in 413 operators, backward');
    expect(text).toContain('LSTM 28 → 10');
    expect(await id('show-float-cells').count()).toBe(0);
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await workbench.setTheme(theme);
      const body = { light: 'vscode-light', contrast: 'vscode-high-contrast', dark: 'vscode-dark' }[theme];
      await view.locator(`body.${body}`).waitFor();
      await workbench.screenshot(`cells-found-${theme}`);
    }
  });

  it('is led to from the finding, by keyboard', async () => {
    await id('to-recognised').focus();
    await id('to-recognised').press('Enter');
    await view.locator('#recognised-cells:focus').waitFor();
    await workbench.page.keyboard.press('Tab');
    await view.locator('[data-testid="show-cells"]:focus').waitFor();
  });

  it('opens the cells in an inspector of their own, with the data beside the file', async () => {
    await id('show-cells').click();
    await workbench.page.locator('.tab.active', { hasText: CELLS }).waitFor();
    view = workbench.inspector();
    await id('cells-bar').waitFor();
    expect(await id('cells-bar').innerText()).toContain(`${MODEL} with its LSTMs as cells: made in memory, not saved.`);
    expect(await id('panel-lstms').innerText()).toContain('28 → 10');
    expect(await id('panel-recognised').count()).toBe(0);
    await id('run').click();
    await id('panel-result').waitFor();
    expect(await id('panel-result').innerText()).toContain('4 samples, 112 steps, float');
    await id('tab-lstm').click();
    await id('panel-cell').waitFor();
    await id('panel-cell')
      .getByRole('button', { name: /^gate f, / })
      .first()
      .waitFor();
    await workbench.screenshot('cells-lstm-dark');
  });

  it('quantizes them: int8 gates beside float ones, which no converter makes of this file', async () => {
    await id('tab-fix').click();
    await id('quantize').click();
    await view.locator('[data-testid="fix-sqnr"]:not(.stale) small').waitFor();
    const sqnr = Number((await id('fix-sqnr').locator('.big').innerText()).replace('dB', '').replace('−', '-'));
    expect(sqnr).toBeGreaterThan(25);
    await id('tab-lstm').click();
    await id('panel-cell').waitFor();
    expect(await id('quantized-bar').innerText()).toContain(`${CELLS} as int8: quantized in memory, not saved.`);
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await workbench.setTheme(theme);
      await workbench.screenshot(`cells-int8-${theme}`);
    }
  });

  it('saves the fused model beside the file, and leads back to the file', async () => {
    const saved = join(folder(), 'bidirectional-unrolled-float.fused.tflite');
    await id('save-cells').click();
    const input = workbench.page.locator('.quick-input-widget input.input');
    await expect.poll(() => input.inputValue(), { timeout: 20_000 }).toBe(saved);
    await workbench.page.locator('.quick-input-widget').getByText('OK', { exact: true }).click();
    await expect.poll(() => existsSync(saved), { timeout: 20_000 }).toBe(true);
    await id('show-file').click();
    await workbench.page.locator('.tab.active', { hasText: MODEL }).waitFor();
  });

  it('is still there after the window was reloaded, and is a command of the palette', async () => {
    await workbench.command('GateScope: Show Recognised LSTMs as Cells');
    await workbench.page.locator('.tab.active', { hasText: CELLS }).waitFor();
    await workbench.reload();
    await workbench.page.locator('.tab', { hasText: CELLS }).click();
    view = workbench.inspector();
    await id('cells-bar').waitFor();
  });

  it('tells gate by gate what the operators of an int8 file lose, and leads to the worst of them', async () => {
    await workbench.open(INT8);
    view = workbench.inspector();
    await id('panel-recognised').waitFor();
    await id('run').click();
    await id('cell-signals').waitFor();
    const rows = await id('cell-signals').locator('tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t')[0]?.trim())).toEqual([
      ...['gates before activation', 'i after σ', 'f after σ', 'g after tanh', 'o after σ', 'cell c', 'tanh(c)', 'output h'],
    ]);
    // Local and accumulated SQNR, and the step of the largest error.
    expect(rows[5]).toMatch(/^cell c\s+\d+\.\d\s+−?\d+\.\d\s+\d+\s/);
    await workbench.screenshot('cells-signals-dark');
    await id('cell-signals')
      .getByRole('link', { name: /^cell c: show op/ })
      .click();
    await id('layer-detail').waitFor();
    expect(await id('layer-detail').innerText()).toMatch(/sequential_2_1\/lstm_2_1, step \d+: cell c\./);
  });

  it('shows a GRU as a cell in memory, says that no file has one, and leads to its gates and its formula', async () => {
    await workbench.open(GRU);
    view = workbench.inspector();
    await id('panel-recognised').waitFor();
    expect(await id('no-fused-file').innerText()).toContain('TensorFlow Lite has no fused GRU');
    expect(await id('save-fused').count()).toBe(0);
    await id('show-cells').click();
    await workbench.page.locator('.tab.active', { hasText: GRU.replace('.tflite', '.cells.tflite') }).waitFor();
    view = workbench.inspector();
    await id('panel-recurrent').waitFor();
    expect(await id('cells-bar').innerText()).toContain(`${GRU} with its GRUs as cells: made in memory, not saved.`);
    expect(await id('recurrent-layer').innerText()).toContain('reset after the product, forward');
    await id('run').click();
    await id('panel-result').waitFor();
    await view.getByRole('button', { name: /gru_2_1, z before σ/ }).click();
    await id('panel-cell').waitFor();
    expect(await view.getByRole('button', { name: /^update gate z, before sigmoid/ }).getAttribute('aria-pressed')).toBe('true');
    expect(await id('tab-lstm').innerText()).toContain('GRU');
    await workbench.screenshot('cells-gru-dark');
    await workbench.page.keyboard.press('2');
    await id('screen-layers').waitFor();
    await id('layer-row-0-0').click();
    await id('detail-part').getByText('Arithmetic').click();
    expect(await id('recurrent-formula').innerText()).toContain('z·h + (1 − z)·n');
  });

  it('never asks another host for anything', () => {
    expect([...workbench.foreignHosts]).toEqual([]);
  });
});
