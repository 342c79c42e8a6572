import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

/** The LSTM screen by mouse: what is pointed at, selected, zoomed and switched. */
describe('the LSTM microscope in a real VS Code', () => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string) => view.locator(`[data-testid="${name}"]`);
  const text = (name: string) => id(name).innerText();
  const steps = () => view.locator('.gs-steps');
  const bins = () => view.locator('.gs-bins');
  const slider = (name: RegExp) => view.getByRole('slider', { name });

  /** A place in a chart, as shares of its plot. */
  async function at(chart: Locator, x: number, y: number): Promise<[number, number]> {
    const box = (await chart.boundingBox())!;
    return [box.x + box.width * x, box.y + box.height * y];
  }

  async function drag(chart: Locator, from: number, to: number): Promise<void> {
    const { mouse } = workbench.page;
    await mouse.move(...(await at(chart, from, 0.3)));
    await mouse.down();
    await mouse.move(...(await at(chart, (from + to) / 2, 0.3)));
    await mouse.move(...(await at(chart, to, 0.3)));
    await mouse.up();
  }

  /** Steps that the lanes show. */
  async function shownSteps(): Promise<number> {
    const lanes = slider(/^Steps of /);
    return Number(await lanes.getAttribute('aria-valuemax')) - Number(await lanes.getAttribute('aria-valuemin')) + 1;
  }

  async function openAndRun(model: string): Promise<void> {
    await workbench.open(model);
    view = workbench.inspector();
    await id('panel-model').waitFor();
    await id('run').click();
    await id('output-sqnr').waitFor();
    await id('tab-lstm').click();
    await id('steps').waitFor();
  }

  beforeAll(async () => {
    workbench = await startWorkbench('microscope');
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    await openAndRun('digits-int8-miscalibrated.tflite');
  });
  pictureFailuresAndClose(() => workbench);

  it('shows cell, signal, steps and ledger at once at 1440 by 900', async () => {
    const editor = (await view.locator('body').boundingBox())!;
    for (const panel of ['panel-cell', 'panel-signal', 'panel-steps', 'panel-ledger']) {
      const box = (await id(panel).boundingBox())!;
      expect(box.y + box.height, panel).toBeLessThanOrEqual(editor.y + editor.height);
      expect(box.x + box.width, panel).toBeLessThanOrEqual(editor.x + editor.width);
    }
  });

  it('tells the figures of what is pointed at: a step, a unit, a bin, a figure', async () => {
    const { mouse } = workbench.page;
    await mouse.move(...(await at(steps(), 0.5, 0.2)));
    await id('step-tip').waitFor();
    expect(await text('step-tip')).toMatch(/^step \d+ of utterance-\d\nerror RMS [\d.]+ local/);
    await mouse.move(...(await at(steps(), 0.5, 0.97)));
    await expect.poll(() => text('step-tip')).toMatch(/\nunit \d+.*: error /);
    await mouse.move(...(await at(bins(), 0.3, 0.5)));
    await id('bin-tip').waitFor();
    expect(await text('bin-tip')).toMatch(/ to .*\ncodes? .*\nfloat [\d,]+\nint8 [\d,]+/);
    await view.locator('[data-box="x"]').hover();
    await expect.poll(() => view.locator('.tooltip').innerText()).toMatch(/SQNR 3\.9.dB: RMS error .*\n.*25,486 at/);
  });

  it('a range of values leaves the steps and units that have some, and goes with Escape', async () => {
    await drag(bins(), 0.3, 0.45);
    await id('matches').waitFor();
    expect(await text('chips-steps')).toBe(await text('chips-signal'));
    expect(await text('matches')).toMatch(/^[\d,]+ of 66,600 values, in \d+ of 120 units and \d+ of 96 steps/);
    await view.locator('body').press('Escape');
    await id('matches').waitFor({ state: 'detached' });
  });

  it('selected steps are counted anew in the ledger, until their chip is closed', async () => {
    await drag(steps(), 0.2, 0.4);
    await expect.poll(() => text('ledger-cover')).toMatch(/^steps \d+ to \d+ of utterance-\d$/);
    await id('chips-steps').getByRole('button').click();
    await expect.poll(() => text('ledger-cover')).toBe('8 samples');
  });

  it('the wheel zooms steps with Shift and values with Alt, a drag with Space moves, a double click shows all', async () => {
    const { keyboard, mouse } = workbench.page;
    const all = await shownSteps();
    // Keys go to where the focus is.
    await id('panel-steps').getByRole('heading').click();
    await mouse.move(...(await at(steps(), 0.5, 0.1)));
    await keyboard.down('Alt');
    await mouse.wheel(0, -100);
    await keyboard.up('Alt');
    await id('panel-steps').getByText(/^top /).waitFor();
    expect(await shownSteps()).toBe(all);
    await keyboard.down('Shift');
    for (let notch = 0; notch < 3; notch++) await mouse.wheel(0, -100);
    await keyboard.up('Shift');
    await expect.poll(shownSteps).toBeLessThan(all);
    const first = await slider(/^Steps of /).getAttribute('aria-valuemin');
    await keyboard.down(' ');
    await drag(steps(), 0.3, 0.6);
    await keyboard.up(' ');
    await expect.poll(() => slider(/^Steps of /).getAttribute('aria-valuemin')).not.toBe(first);
    expect(await id('chips-steps').count()).toBe(0);
    await mouse.dblclick(...(await at(steps(), 0.5, 0.1)));
    await expect.poll(shownSteps).toBe(all);
  });

  it('bins follow the zoom, down to one code each', async () => {
    const { mouse } = workbench.page;
    await mouse.move(...(await at(bins(), 0.3, 0.5)));
    await expect
      .poll(async () => {
        await mouse.wheel(0, -100);
        return (await slider(/^Bins of /).getAttribute('aria-valuetext')) ?? '';
      })
      .toMatch(/, code −?\d+, /);
    await mouse.dblclick(...(await at(bins(), 0.3, 0.5)));
    await expect.poll(() => slider(/^Bins of /).getAttribute('aria-valuetext')).toMatch(/, codes /);
  });

  it('shows each chart as a table', async () => {
    for (const [panel, least] of [
      ['panel-cell', 15],
      ['panel-signal', 40],
      ['panel-steps', 50],
    ] as const) {
      await id(`${panel}-copy`).click();
      await id(`${panel}-copy-show-0`).click();
      await id('chart-table').waitFor();
      expect(await id('chart-table').locator('tbody tr').count(), panel).toBeGreaterThan(least);
      await workbench.page.keyboard.press('Escape');
      await id('chart-table').waitFor({ state: 'detached' });
    }
  });

  it('copies the steps with their heat map as a picture of its own', async () => {
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await id('panel-steps-copy').click();
    await id('panel-steps-copy-svg-0').click();
    const clipboard = () => workbench.page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(clipboard).toMatch(/^<svg .*<svg [^>]*><image [^>]*href="data:image\/png/);
    expect(await clipboard()).not.toMatch(/var\(|NaN|class=/);
  });

  it('keeps the run before as a dotted outline when another persona has run', async () => {
    expect(await id('before-line').count()).toBe(0);
    await id('persona').click();
    await id('persona').locator('vscode-option', { hasText: 'older' }).click();
    await id('run').click();
    await id('before-line').waitFor();
    expect(await text('before-line')).toMatch(/Dotted: the run before, TFLite\. Signal 3\.9 to 3\.9 dB \(0\.0\), h 3\.9 to /);
    await id('run').click();
    await id('before-line').waitFor({ state: 'detached' });
  });

  it('spells out the arithmetic of a hybrid model', async () => {
    await openAndRun('digits-hybrid.tflite');
    await view.locator('body').press('o');
    await id('stage-o_xh').click();
    await id('formula').waitFor();
    const formula = await text('formula');
    expect(formula).toContain('round half away from 0(x / sx)');
    expect(formula).toContain('EvalHybrid');
    expect(formula).toMatch(/int8, depth 120/);
    await workbench.screenshot('microscope-hybrid');
  });
});
