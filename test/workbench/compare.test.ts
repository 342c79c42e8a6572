import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { describeShared } from '../shared';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

describeShared('compare, blame and copying in a real VS Code', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string) => view.locator(`[data-testid="${name}"]`);
  const text = (name: string) => id(name).innerText();
  const clipboard = () => workbench.page.evaluate(() => navigator.clipboard.readText());

  beforeAll(async () => {
    workbench = await startWorkbench('compare');
    // A folder of its own: beside the samples, their data would be taken.
    const folder = join(workbench.folder, 'golden');
    mkdirSync(folder);
    const golden = `${shared}/golden/lstm16/lstm-ln-proj-peep-odd-batch2`;
    cpSync(`${golden}/int8.tflite`, join(folder, 'peephole.tflite'));
    cpSync(`${golden}/x_int8.npy`, join(folder, 'x_int8.npy'));
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await workbench.open('peephole.tflite');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    view = workbench.inspector();
    await id('panel-model').waitFor();
  });
  pictureFailuresAndClose(() => workbench);

  it('offers the quirk that matters to this model and says what will happen', async () => {
    await view.locator('body').press('5');
    await id('nothing-compared').waitFor();
    expect(await text('side-b-text')).toContain('output size (7) where the cell size (13) belongs');
  });

  it('shows where the quirk makes a difference first, how much, and why', async () => {
    await id('compare').click();
    await id('compared').waitFor();
    expect(await text('first-difference')).toMatch(/step 0, o\s+after peephole of lstm0, 6 of 13 units/);
    expect(await text('output-differs')).toMatch(/223\s+of 294\s+by up to 16 codes/);
    expect(await text('output-against-float')).toMatch(/A 24\.7\sdB B 40\.2\sdB/);
    expect(await text('panel-why')).toContain('cells 7 to 12 get no peephole term');
    await view.getByRole('button', { name: /^o after peephole: differs in 92\.\d\s% of values/ }).waitFor();
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await workbench.setTheme(theme);
      await view
        .locator({ light: 'body.vscode-light', contrast: 'body.vscode-high-contrast', dark: 'body.vscode-dark' }[theme])
        .waitFor();
      await workbench.screenshot(`compare-${theme}`);
    }
  });

  it('copies the map as a picture of its own and as tables', async () => {
    const copy = async (item: string) => {
      await id('panel-signals-differ-copy').click();
      await id(`panel-signals-differ-copy-${item}-0`).click();
      await id('notice').waitFor();
    };
    await copy('svg');
    await expect.poll(clipboard).toMatch(/^<svg .*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    // Nothing is left that only the page understands.
    expect(await clipboard()).not.toMatch(/var\(|NaN|class=/);
    await copy('csv');
    await expect.poll(clipboard).toMatch(/^signal,step 0,step 1,.*\n/);
    expect(await clipboard()).toMatch(/\no after peephole,46\.2 %,.*,"?5,160 codes"?,17\.4,52\.6\n/);
    await copy('png');
    await expect.poll(() => text('notice')).toContain('PNG copied');
    const types = await workbench.page.evaluate(async () => (await navigator.clipboard.read()).flatMap((item) => item.types));
    expect(types).toContain('image/png');
  });

  it('leads from a row to the signal in the microscope, where the run takes the switched quirk', async () => {
    await id('quirks').click();
    await id('quirk-peephole-width').click();
    await workbench.screenshot('quirks-dark');
    await view.locator('body').press('Escape');
    await id('run').click();
    await id('tab-overview').click();
    await id('output-sqnr').waitFor();
    expect(await text('output-sqnr')).toContain('40.2');
    expect(await text('panel-result')).toContain('peephole quirk off');
    await id('tab-compare').click();
    await view.getByRole('button', { name: /^o after peephole:/ }).click();
    await id('panel-signal').waitFor();
    expect(await text('panel-signal')).toMatch(/^o before σ|^o/);
  });

  it('blames from the keyboard and says under the part what the model gains', async () => {
    await view.locator('body').press('p');
    await id('blame-table').waitFor();
    expect(await text('blame-line')).toMatch(/dB: gate o of lstm0 in float, all else as it is; lstm0\/output goes from/);
    const first = id('blame-table').locator('tbody tr').first();
    expect(await first.locator('td').first().innerText()).toMatch(/^\+\d/);
    // The quirk that was switched off before the run is not blamed any more.
    expect(await id('blame-kind-quirk').count()).toBe(0);
    await id('blame-kind-tensor').click();
    await expect.poll(() => text('blame-table')).toContain('tensor');
    expect(await text('blame-table')).not.toContain('gate o');
    await workbench.screenshot('blame-dark');
  });

  it('compares a sample over its own data, and fits a narrow editor', async () => {
    await workbench.open('digits-int8.tflite');
    view = workbench.inspector();
    await id('panel-model').waitFor();
    await view.locator('body').press('5');
    await id('compare').click();
    await id('compared').waitFor();
    expect(await text('compare-answers')).toContain('Errors in digits');
    await workbench.page.setViewportSize({ width: 860, height: 900 });
    await workbench.screenshot('compare-800-wide');
    const overflow = await view.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
