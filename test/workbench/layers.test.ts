import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeShared } from '../shared';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

const MODEL = 'quantized.tflite';

describeShared('the Layers screen in a real VS Code, on a model of many operators', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string): Locator => view.locator(`[data-testid="${name}"]`);
  const text = (name: string): Promise<string> => id(name).innerText();

  beforeAll(async () => {
    // DTLN stage 1, and an unrolled bidirectional LSTM of Keras 3.
    const models = [
      'golden/peers/ai-edge-quantizer/dtln_model_1/quantized.tflite',
      'data/keras3/bidirectional-unrolled-int8.tflite',
    ];
    workbench = await startWorkbench('layers', { files: models.map((path) => join(shared, path)) });
  });
  pictureFailuresAndClose(() => workbench);

  it('shows weights and arithmetic before anything was run', async () => {
    await workbench.open(MODEL);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    view = workbench.inspector();
    await id('tab-layers').click();
    await id('layer-filter').click();
    await workbench.page.keyboard.type('fully_connected');
    await workbench.page.keyboard.press('Enter');
    await id('detail-part-weights').click();
    await id('channel-text').waitFor();
    expect(await text('channel-text')).toMatch(/values, .* bits in use/);
    expect(await view.locator('.channel-histogram path').first().getAttribute('d')).toMatch(/v-\d/);
    await id('detail-part-arithmetic').click();
    await id('headroom').waitFor();
    expect(await text('headroom')).toMatch(/^\d+\.\d bits stay free: the largest sum can be [\d,]+/);
    expect(await text('operator-formula')).toMatch(/≫ \d+/);
    await id('detail-part-values').click();
    await id('value-range').filter({ hasText: 'In sight' }).waitFor();
    await id('values-as-codes').click();
    expect(await text('value-range')).toMatch(/In sight: −?\d+ to \+?\d+; rows 0 – \d+/);
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Escape');
  });

  it('adds up several rows, fades what a brush leaves out, and filters by kind', async () => {
    await id('data').click();
    await view.getByRole('option', { name: 'Synthetic' }).click();
    await id('run').click();
    await id('panel-profile').waitFor();
    const rows = id('layer-grid').locator('[role="row"][aria-selected]');
    await rows.nth(3).click();
    await rows.nth(6).click({ modifiers: ['Shift'] });
    expect(await text('selection-sums')).toMatch(/^4 selected/);
    expect(await rows.evaluateAll((list) => list.filter((row) => row.getAttribute('aria-selected') === 'true').length)).toBe(4);

    const plot = await id('panel-profile').locator('.gs-choice').boundingBox();
    if (plot === null) throw new Error('The profile has no plot.');
    const { mouse } = workbench.page;
    await mouse.move(plot.x + plot.width * 0.02, plot.y + 60);
    await mouse.down();
    await mouse.move(plot.x + plot.width * 0.2, plot.y + 60, { steps: 5 });
    await mouse.up();
    expect(await text('stretch')).toMatch(/^ops \d+ – \d+/);
    expect(await text('layer-count')).toMatch(/^\d+ of \d+$/);
    expect(await view.locator('.grid-row.aside').count()).toBeGreaterThan(0);
    await workbench.screenshot('layers-brush-dark');

    await id('layer-filters').click();
    await id('kind-LOGISTIC').click();
    await workbench.page.keyboard.press('Escape');
    expect([...new Set(await view.locator('.grid-row .cell-op').allInnerTexts())]).toEqual(['LOGISTIC']);
    await workbench.page.keyboard.press('Escape');
    await id('stretch').waitFor({ state: 'detached' });
  });

  it('shows values of a sample beside float', async () => {
    await id('layer-grid').locator('[role="row"][aria-selected]').nth(5).click();
    await id('detail-part-values').click();
    await id('values-tensor').waitFor();
    await id('values-as-difference').click();
    await id('value-range').filter({ hasText: 'In sight' }).waitFor();
    expect(await id('value-grid').locator('[role="cell"]').first().innerText()).toMatch(/^(–|0|[+−]\d)/);
    await workbench.screenshot('layers-values-dark');
    await id('detail-part-output').click();
  });

  it('draws the operators as a graph that keys walk through and search finds', async () => {
    await id('layers-as-graph').click();
    await id('graph').waitFor({ timeout: 60_000 });
    await workbench.screenshot('graph-dark');
    await id('graph').focus();
    const { keyboard } = workbench.page;
    await keyboard.press('Home');
    const first = await text('graph-said');
    await keyboard.press('ArrowRight');
    await expect.poll(() => text('graph-said')).not.toBe(first);
    await keyboard.press('0');
    await keyboard.press('+');

    await id('layer-filter').click();
    await keyboard.type('tanh');
    await keyboard.press('Enter');
    await expect.poll(() => text('graph-said'), { timeout: 30_000 }).toMatch(/TANH, int8/);
    await keyboard.press('Escape');
    await workbench.screenshot('graph-found-dark');
  });

  it('lays out an LSTM of 833 unrolled operators as groups, opens one and keeps it while hidden', async () => {
    await workbench.open('bidirectional-unrolled-int8.tflite');
    view = workbench.inspector();
    await id('tab-layers').click();
    await id('layers-as-graph').click();
    await id('graph').waitFor({ timeout: 60_000 });
    await expect.poll(() => text('graph-said')).toMatch(/^833 operators in \d{1,2} boxes/);
    await id('graph').focus();
    const { keyboard } = workbench.page;
    await keyboard.press('Home');
    for (let step = 0; step < 6 && !/^Group/.test(await text('graph-said')); step++) await keyboard.press('ArrowRight');
    expect(await text('graph-said')).toMatch(/^Group .*closed/);
    await keyboard.press('Enter');
    await expect.poll(() => text('graph-said'), { timeout: 60_000 }).toMatch(/^Group .*open; Enter closes it/);
    await workbench.screenshot('graph-unrolled-dark');
    await workbench.open(MODEL);
    await workbench.open('bidirectional-unrolled-int8.tflite');
    view = workbench.inspector();
    await id('graph').waitFor({ timeout: 60_000 });
    const boxes = async () =>
      Number(/ in (\d+) boxes/.exec((await id('graph').locator('svg').getAttribute('aria-label')) ?? '')?.[1]);
    await expect.poll(boxes).toBeGreaterThan(20);
  });

  it('reaches light and high-contrast themes', async () => {
    await workbench.open(MODEL);
    view = workbench.inspector();
    for (const theme of ['light', 'contrast'] as const) {
      await workbench.setTheme(theme);
      await view.locator(theme === 'light' ? 'body.vscode-light' : 'body.vscode-high-contrast').waitFor();
      await id('layers-as-graph').click();
      await id('graph').waitFor();
      await workbench.screenshot(`graph-${theme}`);
      await id('layers-as-table').click();
      await id('detail-part-weights').or(id('detail-part-arithmetic')).first().click();
      await workbench.screenshot(`layers-detail-${theme}`);
    }
  });
});
