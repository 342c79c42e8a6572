import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { longChain } from '../bench/open/syntheticModels';
import { pictureFailuresAndClose } from './hooks';
import { ROOT, startWorkbench, type Workbench } from './workbench';

const MODEL = 'digits-int8.tflite';
const LONG = 'long-chain.tflite';
const NPU = {
  ...{ schema: 'gatescope.target/1', name: 'my-npu', label: 'My NPU', version: '1.2', source: 'My NPU manual 1.2' },
  operators: ['FULLY_CONNECTED'],
  rules: [],
};
/** As the compiler of the Edge TPU prints it; it says of the dense layer what the rules do not. */
const LOG = `Edge TPU Compiler version 16.0.384591198

Model compiled successfully in 12 ms.

Input model: digits-int8.tflite
Number of operations that will run on Edge TPU: 1
Number of operations that will run on CPU: 2

Operator                       Count      Status

FULLY_CONNECTED                1          Mapped to Edge TPU
UNIDIRECTIONAL_SEQUENCE_LSTM   2          Operation not supported
`;

describe('targets in a real VS Code', () => {
  let workbench: Workbench;
  let view: FrameLocator;
  const id = (name: string) => view.locator(`[data-testid="${name}"]`);
  const settings = (targets: readonly string[]): void => {
    mkdirSync(join(workbench.folder, '.vscode'), { recursive: true });
    writeFileSync(join(workbench.folder, '.vscode/settings.json'), JSON.stringify({ 'gatescope.targets': targets }));
  };

  beforeAll(async () => {
    const long = join(ROOT, `.cache/workbench/${LONG}`);
    mkdirSync(join(ROOT, '.cache/workbench'), { recursive: true });
    writeFileSync(long, longChain(10_000));
    workbench = await startWorkbench('targets', { files: [long] });
    writeFileSync(join(workbench.folder, 'my-npu.json'), JSON.stringify(NPU));
    writeFileSync(join(workbench.folder, 'wrong.json'), JSON.stringify({ ...NPU, name: 'wrong', unlisted: 'perhaps' }));
    writeFileSync(join(workbench.folder, 'compiler.log'), LOG);
    writeFileSync(join(workbench.folder, 'other.log'), 'nothing of interest');
    await workbench.open(MODEL);
    await workbench.command('View: Toggle Primary Side Bar Visibility');
    view = workbench.inspector();
    await id('tab-targets').click();
    await id('target-grid').waitFor();
  });
  pictureFailuresAndClose(() => workbench);

  it('quote the rule that decides, and the change that would make it hold', async () => {
    await id('place-tflm-0-0').click();
    const reasons = await id('panel-reasons').innerText();
    expect(reasons).toContain('operand 16 is there');
    expect(reasons).toContain('Train the LSTM without a projection');
    await id('copy-reason').click();
    await id('notice').getByText('Reason copied.').waitFor();
    await workbench.page.keyboard.press('Escape');
    await id('target-grid').focus();
    await workbench.page.keyboard.press('ArrowRight');
    expect(await id('panel-reasons').innerText()).toContain('CMSIS-NN');
  });

  it('tell what falls back, on which target, and where two differ', async () => {
    await id('verdict-filter-fallback').click();
    await id('verdict-target').click();
    await view.getByRole('option', { name: 'XNNPACK' }).click();
    await expect.poll(() => id('matrix-count').innerText()).toBe('2 of 3 ops × 16 targets');
    await id('verdict-filter-differ').click();
    await expect.poll(() => id('matrix-count').innerText()).toBe('2 of 3 ops × 16 targets');
    await id('verdict-filter-all').click();
    await id('targets-shown').click();
    await id('show-ort-qnn').click();
    await expect.poll(() => id('matrix-count').innerText()).toBe('3 ops × 15 targets');
    await workbench.page.keyboard.press('Escape');
  });

  it('take a user’s own from the setting, and say what is wrong in a file', async () => {
    settings(['my-npu.json', 'wrong.json']);
    await id('column-my-npu').waitFor();
    expect(await id('place-my-npu-0-2').getAttribute('data-verdict')).toBe('native');
    expect(await id('place-my-npu-0-0').getAttribute('data-verdict')).toBe('fallback');
    expect(await id('own-target-problem').innerText()).toContain('wrong.json: $.unlisted is "perhaps"; allowed: conditional');
    writeFileSync(join(workbench.folder, 'my-npu.json'), JSON.stringify({ ...NPU, operators: ['ADD'] }));
    await expect.poll(() => id('place-my-npu-0-2').getAttribute('data-verdict')).toBe('fallback');
    settings([]);
    await id('column-my-npu').waitFor({ state: 'detached' });
    await expect.poll(() => id('own-target-problem').count()).toBe(0);
  });

  it('have a log laid over them, with its differences marked and listed', async () => {
    const choose = async (name: string) => {
      await workbench.command('GateScope: Import Target Log');
      const path = workbench.page.locator('.quick-input-widget', { hasText: 'Log of a target' }).locator('input.input');
      // The dialog writes the folder into it when it has read it.
      await expect.poll(() => path.inputValue(), { timeout: 30_000 }).toMatch(/files\/$/);
      await path.fill(join(workbench.folder, name));
      await workbench.page.keyboard.press('Enter');
    };
    await choose('other.log');
    await id('notice').getByText('This is no log of a known kind.').waitFor();
    await choose('compiler.log');
    await id('panel-log').waitFor();
    expect(await id('log-summary').innerText()).toBe('2 as predicted, 1 not, 0 left open');
    expect(await id('log-differences').innerText()).toContain('FULLY_CONNECTED');
    expect(await id('place-edge-tpu-0-2').getAttribute('class')).toContain('differs');
    await workbench.screenshot('targets-log');
    await id('log-remove').click();
    await id('panel-log').waitFor({ state: 'detached' });
  });

  it('show ten thousand ops, of which only those in sight exist', async () => {
    await workbench.open(LONG);
    view = workbench.inspector();
    await id('tab-layers').getByText('10,000').waitFor();
    await id('tab-targets').click();
    await id('target-grid').waitFor();
    const rows = id('target-grid').getByRole('row');
    expect(await rows.count()).toBeLessThan(120);
    await id('target-grid').focus();
    await workbench.page.keyboard.press('Control+End');
    await id('place-tflite-cpu-0-9999').waitFor();
    expect(await rows.count()).toBeLessThan(120);
    await workbench.screenshot('targets-long');
  });
});
