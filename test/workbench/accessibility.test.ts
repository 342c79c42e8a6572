import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Frame, FrameLocator } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BODY, findingsOfAxe, frameOfInspector } from './axe';
import { focusNow } from './focus';
import { misfits } from './misfits';
import { pictureFailuresAndClose } from './hooks';
import { ROOT, startWorkbench, type Workbench } from './workbench';

const MODEL = 'digits-int8-miscalibrated.tflite';
describe('the inspector without a mouse, read aloud, and at any size', () => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string) => view.locator(`[data-testid="${name}"]`);
  /** What had the focus by a key and did not show that. */
  const unseen = new Set<string>();
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await workbench.page.keyboard.press(key);
    await focused();
  };

  beforeAll(async () => {
    const broken = join(ROOT, '.cache/workbench/broken-accessibility.tflite');
    mkdirSync(dirname(broken), { recursive: true });
    writeFileSync(broken, readFileSync(join(ROOT, 'samples/digits-int8.tflite')).subarray(0, 40_000));
    workbench = await startWorkbench('accessibility', { files: [broken] });
    view = workbench.inspector();
  });
  pictureFailuresAndClose(() => workbench);

  describe('from the file to the cause by keyboard alone', () => {
    const title = (panel: string) => id(panel).locator('h2').innerText();
    afterEach(() => {
      expect([...unseen]).toEqual([]);
    });

    it('opens the model and chooses what it runs on', async () => {
      await workbench.page.keyboard.press('Control+B'); // room for the pictures
      await workbench.pick('Control+P', 'int8-miscalibrated', MODEL, 'keys');
      await id('panel-model').waitFor();
      expect(await findings('before a run, dark')).toEqual([]);
      await workbench.screenshot('first-run-dark');
      const data = id('data').locator('.dropdown-value');
      for (const [key, chosen] of [
        ['s', 'Synthetic'],
        ['i', 'inputs/'],
      ] as const) {
        await tabTo(/^Data$/);
        await press('Enter', key, 'Enter');
        await expect.poll(() => data.innerText()).toBe(chosen);
      }
    });

    it('runs it', async () => {
      await press('Control+Enter');
      await id('output-sqnr').waitFor();
      await expect.poll(() => id('status').innerText()).toMatch(/^Run finished, 8 samples\. int8 does not follow float: 8\.5 dB/);
    });

    it('goes through the gates by their letters', async () => {
      await press('3');
      await id('panel-cell').waitFor();
      for (const [key, selected] of [
        ['o', 'o after layer norm'],
        ['o', 'o after σ'],
        ['g', 'g after layer norm'],
        ['c', 'cell c'],
        ['h', 'output h'],
        ['x', 'input x'],
      ] as const) {
        await press(key);
        await expect.poll(() => title('panel-signal')).toBe(selected);
      }
      const input = (name: RegExp) => id('panel-cell').getByRole('button', { name });
      await press(']');
      await input(/^input x, SQNR 3\.9.dB, 1\.6.%/).waitFor();
      await press('[');
      await input(/^input x, SQNR 3\.9.dB, 38\.3.%/).waitFor();
    });

    it('follows the strip to the cause, and selects a range there by arrows alone', async () => {
      await press('c');
      await expect.poll(() => title('panel-signal')).toBe('cell c');
      await tabTo(/^Cause: gains most in float\s*input/);
      await press('Enter');
      await expect.poll(() => title('panel-signal')).toBe('input x');
      await press('b');
      await expect.poll(focused).toMatch(/^Bins of input x/);
      await press('Home', 'ArrowRight', 'ArrowRight', 'Enter');
      const matches = () => id('matches').innerText();
      await expect.poll(matches).toMatch(/^1 of 66,600 values, in 1 of 120 units and 1 of 96 steps/);
      // Ended: arrows move on without what they have selected.
      const [selected, bin] = [await id('chips-signal').innerText(), await valueText()];
      await press('ArrowRight');
      await expect.poll(valueText).not.toBe(bin);
      expect(await id('chips-signal').innerText()).toBe(selected);
      await press('Escape');
      await id('matches').waitFor({ state: 'detached' });
      await press('x');
    });

    it('walks from box to box along the flow', async () => {
      await tabTo(/^input x, SQNR/);
      await press('ArrowRight');
      expect(await focused()).toMatch(/^gate i, before layer norm/);
      await press('ArrowDown');
      expect(await focused()).toMatch(/^gate g, before layer norm/);
      await press('Enter');
      await expect.poll(() => title('panel-signal')).toBe('g after + R·h');
      await press('x');
    });

    it('selects a range of values, and gives it up again', async () => {
      await tabTo(/^Bins of input x/);
      await press('End', 'ArrowLeft');
      expect(await valueText()).toBe('3.00 to 3.05, codes 334 to 336, float 6, int8 path 0');
      await press('Shift+ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft');
      await id('matches').waitFor();
      await expect.poll(() => id('matches').innerText()).toMatch(/^0 of 66,600 values, in 0 of 120 units/);
      await press('Escape');
      await id('matches').waitFor({ state: 'detached' });
    });

    it('steps through time, selects steps, and clears one thing at a time', async () => {
      await tabTo(/^Steps of input x/);
      await press('Home', '.', '.', ',');
      expect(await valueText()).toMatch(/^step 1: error RMS/);
      await press('Shift+ArrowRight', 'Shift+ArrowRight');
      await id('panel-steps').getByText('steps 1 to 3').waitFor();
      await tabTo(/^unit 34, RMS error 1\.11/);
      await press('Enter');
      const marked = id('worst-units').locator('[aria-pressed="true"]');
      await marked.waitFor();
      await press('Escape');
      await id('panel-steps').getByText('steps 1 to 3').waitFor({ state: 'detached' });
      expect(await marked.count()).toBe(1);
      await press('Escape');
      await expect.poll(() => marked.count()).toBe(0);
    });

    it('goes through the ledger by arrows, to the values that a cause costs', async () => {
      await tabTo(/^at the int8 rails, input x: 38\.3/);
      await press('ArrowRight');
      expect(await focused()).toMatch(/^after W·x, int16, gate i: 0/);
      await press('ArrowUp', 'Enter');
      await id('panel-signal').getByText('values at a rail').waitFor();
      await expect
        .poll(() => id('matches').innerText())
        .toMatch(/^25,486 of 66,600 values, in \d+ of 120 units and 89 of 96 steps/);
      await press('Escape');
      await id('matches').waitFor({ state: 'detached' });
    });

    it('puts the part back to float', async () => {
      await press('p');
      await expect
        .poll(() => id('blame-line').innerText(), { timeout: 60_000 })
        .toMatch(/^\+7\.2.dB: input features in float, all else as it is; logits goes from 8\.5 to 15\.7/);
      await id('blame-table').waitFor();
    });

    it('compares', async () => {
      await press('5');
      await tabTo(/^Compare$/);
      await press('Enter');
      await id('compared').waitFor();
      expect(await id('status').innerText()).toMatch(/^Comparison finished/);
    });

    it('exports the report', async () => {
      const path = join(workbench.folder, MODEL.replace('.tflite', '.report.html'));
      await workbench.pick('F1', '>GateScope: Export Report', 'Export Report', 'keys');
      const input = workbench.page.locator('.quick-input-widget input.input');
      await expect.poll(() => input.inputValue(), { timeout: 20_000 }).toMatch(/\.report\./);
      await input.fill(path);
      await press('Enter');
      await expect.poll(() => existsSync(path), { timeout: 20_000 }).toBe(true);
    });

    it('quantizes anew, changes the format of a cell, and takes that back', async () => {
      await press('6');
      await tabTo(/^Quantize$/);
      await press('Enter');
      await id('fix-grid').waitFor();
      await tabTo(/^What can be changed/);
      await press('Home', 'ArrowDown', 'ArrowDown');
      await expect.poll(() => title('panel-row')).toBe('lstm0, cell c');
      // The effect is measured in a run of its own.
      await measured();
      const plain = await id('fix-sqnr').innerText();
      await press('Enter');
      await expect.poll(focused).toMatch(/^Format of the cell/);
      await press('Enter', 'Home', 'ArrowDown', 'ArrowDown', 'Enter');
      await expect.poll(() => id('cell-exponent').locator('.dropdown-value').innerText()).toBe('Q1.14');
      await tabTo(/^Apply$/);
      await press('Enter');
      await view.locator('[data-testid="step-1"][aria-current="step"]').waitFor();
      await measured();
      expect(await id('step-1').innerText()).toContain('lstm0, cell c: Q1.14');
      expect(await id('fix-sqnr').innerText()).not.toBe(plain);
      await press('z');
      await view.locator('[data-testid="step-0"][aria-current="step"]').waitFor();
      await measured();
      expect(await id('fix-sqnr').innerText()).toBe(plain);
    });

    const measured = () => view.locator('[data-testid="fix-sqnr"]:not(.stale) small').waitFor({ timeout: 60_000 });
  });

  it('has nothing serious for axe on any screen in any theme', async () => {
    const found: string[] = [];
    // From what was quantized back to the file, whose comparison starts anew.
    await id('show-quantized').click();
    await id('tab-overview').click();
    await expect.poll(() => id('panel-result').innerText()).toContain('3 of 8');
    await id('tab-compare').click();
    await id('compare').click();
    await id('compared').waitFor();
    for (const theme of ['light', 'contrastLight', 'contrast', 'dark'] as const) {
      await workbench.setTheme(theme);
      await view.locator(BODY[theme]).waitFor();
      for (const [name, show] of screens()) {
        await show();
        found.push(...(await findings(`${name}, ${theme}`, theme === 'dark' ? 'all' : 'colour')));
        await workbench.screenshot(`${name}-${theme}`);
      }
    }
    expect(found).toEqual([]);
  });

  it('cuts nothing off at 800 and 2,500 px, and at 200 % zoom', async () => {
    const found: string[] = [];
    for (const [size, width, height] of [
      ['200-percent', 720, 450],
      ['800', 800, 900],
      ['2500', 2500, 1300],
    ] as const) {
      await workbench.page.setViewportSize({ width, height });
      for (const [name, show] of screens()) {
        await show();
        await frameOf().then((frame) => frame.waitForFunction(() => document.getAnimations().length === 0));
        found.push(...(await (await frameOf()).evaluate(misfits)).map((misfit) => `${name} at ${size}: ${misfit}`));
        await workbench.screenshot(`${name}-${size}`);
      }
    }
    await workbench.page.setViewportSize({ width: 1440, height: 900 });
    expect(found).toEqual([]);
  });

  it('would see what does not fit', async () => {
    const page = await workbench.page.context().newPage();
    await page.setViewportSize({ width: 400, height: 300 });
    const misfitsOf = async (content: string): Promise<string[]> => {
      await page.setContent(`<div id="root"><main>${content}</main></div>`);
      return page.evaluate(misfits);
    };
    const text = '<svg width="300" height="40"><text x="0" y="20">38 %</text>';
    expect(await misfitsOf(`<button>a</button><button>b</button>${text}<text x="60" y="20">+14.1</text></svg>`)).toEqual([]);
    expect(await misfitsOf(`${text}<text x="20" y="20">+14.1</text></svg>`)).toHaveLength(1);
    expect(await misfitsOf('<button>a</button><button style="margin-left:-9px">b</button>')).toHaveLength(1);
    expect(await misfitsOf('<p style="width:30px;overflow:hidden;white-space:nowrap">cut off here</p>')).toHaveLength(1);
    expect((await misfitsOf('<p style="width:500px">wide</p>')).length).toBeGreaterThan(1);
    await page.close();
  });

  it('would see a focus that does not show', async () => {
    const page = await workbench.page.context().newPage();
    await page.setContent(
      `<style>:root { --vscode-focusBorder: rgb(0, 120, 212) } :focus-visible { outline: 2px solid var(--vscode-focusBorder) }</style>
      <button>shown</button><button style="outline: none">not shown</button>`,
    );
    await page.keyboard.press('Tab');
    expect(await page.evaluate(focusNow)).toEqual({ name: 'shown', wrong: null });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(focusNow)).toEqual({ name: 'not shown', wrong: 'not shown: the focus does not show' });
    await page.close();
  });

  it('says aloud what is wrong with a broken file', async () => {
    await workbench.open('broken-accessibility.tflite');
    await id('broken').waitFor();
    const found: string[] = [];
    for (const theme of ['light', 'contrast', 'dark'] as const) {
      await workbench.setTheme(theme);
      await view.locator(BODY[theme]).waitFor();
      found.push(...(await findings(`broken, ${theme}`)));
      await workbench.screenshot(`broken-${theme}`);
    }
    expect(found).toEqual([]);
    await tabTo(/^Open as hex at byte/);
  });

  /** Every screen, in the state that shows most of it. */
  function screens(): readonly (readonly [name: string, show: () => Promise<void>])[] {
    const tab = async (name: string) => {
      await id(`tab-${name}`).click();
      await id(`screen-${name}`).waitFor();
    };
    const part = (name: string, shows: string) => async () => {
      await tab('layers');
      await id('layers-as-table').click();
      await id('layer-row-0-2').click();
      await id(`detail-part-${name}`).click();
      await id(shows).waitFor();
    };
    return [
      ['overview', () => tab('overview')],
      ['layers', part('output', 'layer-detail')],
      ['layers-weights', part('weights', 'channel-text')],
      ['layers-arithmetic', part('arithmetic', 'arithmetic')],
      ['layers-values', part('values', 'value-range')],
      [
        'layers-graph',
        async () => {
          await tab('layers');
          await id('layers-as-graph').click();
          await id('graph').waitFor();
        },
      ],
      [
        'lstm',
        async () => {
          await tab('lstm');
          await id('worst-units').waitFor();
        },
      ],
      [
        'targets',
        async () => {
          await tab('targets');
          await id('target-grid').waitFor();
        },
      ],
      [
        'compare',
        async () => {
          await tab('compare');
          await id('compared').waitFor();
        },
      ],
      [
        'fix',
        async () => {
          await tab('fix');
          await id('fix-grid').waitFor();
        },
      ],
    ];
  }

  function frameOf(): Promise<Frame> {
    return frameOfInspector(view);
  }

  async function findings(where: string, rules: 'all' | 'colour' = 'all'): Promise<string[]> {
    return (await findingsOfAxe(view, rules)).map((finding) => `${where}: ${finding}`);
  }

  /** Name of what has the focus, also inside the toolkit's elements. */
  async function focused(): Promise<string> {
    const { name, wrong } = await (await frameOf()).evaluate(focusNow);
    if (wrong !== null) unseen.add(wrong);
    return name;
  }

  async function valueText(): Promise<string> {
    return (await frameOf()).evaluate(() => document.activeElement?.getAttribute('aria-valuetext') ?? '');
  }

  /** Presses Tab until something of that name has the focus. */
  async function tabTo(name: RegExp): Promise<void> {
    const passed: string[] = [];
    for (let stops = 0; stops < 70; stops++) {
      await press('Tab');
      const now = await focused();
      if (name.test(now)) return;
      passed.push(now);
    }
    throw new Error(`no stop of the Tab key is called ${name}; those passed: ${passed.join(' | ')}`);
  }
});
