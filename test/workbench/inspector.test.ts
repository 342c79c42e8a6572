import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FrameLocator } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../worker/core/report/report';
import { commandLineReport } from './commandLine';
import { pictureFailuresAndClose } from './hooks';
import { launchChromium, ROOT, startWorkbench, type Workbench } from './workbench';

const MODEL = 'digits-int8-miscalibrated.tflite';

/** What a run says of itself, whoever made it and wherever the files lay. */
function figures(report: Report): unknown {
  const { headline, inputs, layers, task, perSample, findings, samples, steps } = report;
  return { headline, inputs, layers, task, perSample, findings, samples, steps };
}

describe('the inspector in a real VS Code', () => {
  let workbench: Workbench;
  let expected: Report;
  let view: FrameLocator;
  const id = (name: string) => view.locator(`[data-testid="${name}"]`);

  beforeAll(async () => {
    const broken = join(ROOT, '.cache/workbench/broken.tflite');
    mkdirSync(dirname(broken), { recursive: true });
    writeFileSync(broken, readFileSync(join(ROOT, 'samples/digits-int8.tflite')).subarray(0, 40_000));
    workbench = await startWorkbench('inspector', { files: [broken] });
    expected = commandLineReport(workbench.folder, MODEL, '--float', 'digits-float.tflite', '--input', 'inputs');
  });
  pictureFailuresAndClose(() => workbench);

  it('opens a model as its editor and says what is in it', async () => {
    await workbench.open(MODEL);
    view = workbench.inspector();
    await id('panel-model').waitFor();
    expect(await id('panel-model').innerText()).toContain('60,843');
    expect(await view.locator('body').innerText()).toContain('lstm1');
    await workbench.screenshot('first-run-dark');
  });

  it('runs both paths over the data found beside the model', async () => {
    await workbench.command('View: Toggle Primary Side Bar Visibility'); // room for the pictures
    await id('run').click();
    await id('output-sqnr').waitFor();
    const output = expected.layers.at(-1)?.accumulated?.sqnrDb;
    expect(output).toBeTypeOf('number');
    expect(await id('output-sqnr').innerText()).toContain(output!.toFixed(1).replace('-', '−'));
    expect(await id('panel-result').innerText()).toContain('3 of 8');
    expect(expected.inputs[0]?.saturation).toEqual({ total: 25486, values: 66600 });
    expect(await view.locator('body').innerText()).toContain('38.3');
    await workbench.screenshot('overview-dark');
  });

  it('shows each layer with its error, and leads from an LSTM to its gates', async () => {
    await id('tab-layers').click();
    await id('layer-grid').waitFor();
    const row = id('layer-row-0-1');
    const { local, accumulated } = expected.layers[1]!;
    const text = await row.innerText();
    expect(text).toContain('UNIDIRECTIONAL_SEQUENCE_LSTM');
    for (const stats of [local, accumulated]) expect(text).toContain(stats!.sqnrDb!.toFixed(1).replace('-', '−'));
    await workbench.screenshot('layers-dark');
    await row.dblclick();
    await id('panel-cell').waitFor();
  });

  it('shows a gate with the counts of the report', async () => {
    await view.getByRole('button', { name: /^gate o, after layer norm/ }).click();
    const signal = expected.layers[1]!.signals.find(({ signal: name }) => name === 'o_ln')!;
    await id('lower-figures').click();
    await id('signal-facts').waitFor();
    expect(await id('rail-high').innerText()).toContain(signal.rails!.high.toLocaleString('en-US'));
    await workbench.screenshot('lstm-dark');
  });

  it('exports the same figures as the command line, in a file that opens without network', async () => {
    const json = await exported('json');
    const report = JSON.parse(readFileSync(json, 'utf8')) as Report;
    expect(figures(report)).toEqual(figures(expected));

    const html = await exported('html');
    const browser = await launchChromium();
    try {
      const context = await browser.newContext({ offline: true });
      const page = await context.newPage();
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(html).href);
      const text = await page.locator('body').innerText();
      for (const line of expected.headline) expect(text).toContain(line);
      expect(requests).toEqual([pathToFileURL(html).href]);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.screenshot({ path: join(ROOT, '.cache/screenshots/report.png') });
    } finally {
      await browser.close();
    }
  });

  it('keeps the figures when the tab is hidden and when the window is loaded anew', async () => {
    await workbench.open('digits-int8.tflite');
    await workbench.inspector().locator('[data-testid="panel-model"]').waitFor();
    await workbench.open(MODEL);
    view = workbench.inspector();
    await id('panel-cell').waitFor();
    await workbench.reload();
    await workbench.open(MODEL);
    view = workbench.inspector();
    await id('panel-cell').waitFor();
    await id('tab-overview').click();
    expect(await id('panel-result').innerText()).toContain('3 of 8');
  });

  it('reaches light and high-contrast themes', async () => {
    for (const theme of ['light', 'contrast'] as const) {
      await workbench.setTheme(theme);
      await view.locator(theme === 'light' ? 'body.vscode-light' : 'body.vscode-high-contrast').waitFor();
      for (const tab of ['overview', 'layers', 'lstm', 'targets']) {
        await id(`tab-${tab}`).click();
        await id(`screen-${tab}`).waitFor();
        await workbench.screenshot(`${tab}-${theme}`);
      }
    }
    await workbench.setTheme('dark');
    await view.locator('body.vscode-dark').waitFor();
    await workbench.screenshot('targets-dark');
  });

  it('says of a broken file what is wrong and where', async () => {
    await workbench.open('broken.tflite');
    view = workbench.inspector();
    await id('broken').waitFor();
    expect(await id('broken').innerText()).toMatch(/This model cannot be read/);
    expect(await id('broken-offset').innerText()).toMatch(/0x[0-9A-F]+/);
    await workbench.screenshot('broken-dark');
  });

  it('never asks another host for anything', () => {
    expect([...workbench.foreignHosts]).toEqual([]);
  });

  /** Exports by the menu and accepts the offered place beside the model. */
  async function exported(format: 'html' | 'json'): Promise<string> {
    const path = join(workbench.folder, MODEL.replace('.tflite', `.report.${format}`));
    await id('export').click();
    await id(`export-${format}`).click();
    const input = workbench.page.locator('.quick-input-widget input.input');
    await expect.poll(() => input.inputValue(), { timeout: 20_000 }).toBe(path);
    await workbench.page.locator('.quick-input-widget').getByText('OK', { exact: true }).click();
    await expect.poll(() => existsSync(path) && readFileSync(path).length > 1000, { timeout: 20_000 }).toBe(true);
    return path;
  }
});
