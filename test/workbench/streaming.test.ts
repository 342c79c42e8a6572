import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { WaveFile } from 'wavefile';
import { count, decibel, real, signedReal } from '../../webview/charts/format';
import { siSdr } from '../../worker/core/analysis/audio/siSdr';
import type { Report } from '../../worker/core/report/report';
import { describeShared } from '../shared';
import { commandLine, commandLineReport } from './commandLine';
import { pictureFailuresAndClose } from './hooks';
import { startWorkbench, type Workbench } from './workbench';

const INT8 = 'dtln_noise_suppression_int8.tflite';
const HYBRID = 'dtln_model_quant_1.tflite';
const FLOAT = 'dtln_model_1.tflite';
const SILERO = 'silero_vad.onnx';
const RATE = 16_000;
const VALUES = 2 * RATE;
/** As quiet as what the int8 file was calibrated with. */
const GAIN = 0.1;

describeShared('DTLN and Silero, which hear a recording frame by frame', (shared) => {
  let workbench: Workbench;
  let view: FrameLocator;
  let clean: Int16Array;
  let noisy: Int16Array;
  const reports = new Map<string, Report>();
  const id = (name: string): Locator => view.locator(`[data-testid="${name}"]`);
  const text = (name: string): Promise<string> => id(name).innerText();
  const report = (model: string): Report => reports.get(model)!;
  const recording = (name: string): Int16Array => {
    const samples: unknown = new WaveFile(readFileSync(join(shared, 'data/audio', name))).getSamples(false, Int16Array);
    return (samples as Int16Array).slice(0, VALUES);
  };
  const openAndRun = async (model: string, shows: string): Promise<void> => {
    await workbench.open(model);
    view = workbench.inspector();
    await id('panel-model').waitFor();
    await id('run').click();
    await id(shows).waitFor({ timeout: 90_000 });
  };
  const openLayers = async (): Promise<void> => {
    await id('tab-layers').click();
    await id('layers-as-table').click();
    await id('layer-grid').waitFor();
  };

  beforeAll(async () => {
    workbench = await startWorkbench('streaming');
    // Folders of their own: beside each other, all would take the same data.
    const put = (name: string, path: string): string => {
      const folder = join(workbench.folder, name);
      mkdirSync(folder, { recursive: true });
      cpSync(join(shared, path), join(folder, path.slice(path.lastIndexOf('/') + 1)));
      return folder;
    };
    const save = (path: string, samples: Int16Array): void => {
      const wave = new WaveFile();
      wave.fromScratch(1, RATE, '16', samples);
      writeFileSync(path, wave.toBuffer());
    };
    const [speech, noise] = [recording('whisper_jfk.wav'), recording('doing_the_dishes.wav')];
    const energy = (samples: Int16Array): number => samples.reduce((sum, value) => sum + value * value, 0);
    const share = 0.5 * Math.sqrt(energy(speech) / energy(noise));
    clean = speech.map((value) => Math.round(GAIN * value));
    noisy = speech.map((value, at) => Math.round(GAIN * (value + share * noise[at]!)));

    const int8 = put('int8', `data/tflite/${INT8}`);
    const pair = put('pair', `data/tflite/${HYBRID}`);
    put('pair', `data/tflite/${FLOAT}`);
    const silero = put('silero', `data/onnx/${SILERO}`);
    for (const folder of [int8, pair]) save(join(folder, 'noisy.wav'), noisy);
    save(join(silero, 'speech.wav'), speech);
    save(join(workbench.folder, 'clean.wav'), clean);
    reports.set(INT8, commandLineReport(int8, INT8, '--input', 'noisy.wav'));
    reports.set(HYBRID, commandLineReport(pair, HYBRID, '--float', FLOAT, '--input', 'noisy.wav'));
    reports.set(SILERO, commandLineReport(silero, SILERO, '--input', 'speech.wav'));
    await workbench.command('View: Toggle Primary Side Bar Visibility');
  });
  pictureFailuresAndClose(() => workbench);

  it('DTLN int8: both LSTMs, and the figures of the command line', async () => {
    await openAndRun(INT8, 'output-sqnr');
    const { headline, layers } = report(INT8);
    const output = layers.at(-1)!.accumulated!;
    expect(await text('output-sqnr')).toBe(`${decibel(output.sqnrDb)} dB`);
    for (const line of headline) expect(await text('panel-result')).toContain(line);
    expect(await text('panel-result')).toContain('1 sample, 247 steps, int8 against float');
    expect(await text('panel-lstms')).toMatch(/LSTM 0 257 → 128 cell Q4\.11, clip ±10[^]*LSTM 1 128 → 128 cell Q3\.12, clip ±10/);
    expect(await text('panel-io')).toContain('real = 0.068579 · (q + 128)');
    expect(await text('features-why')).toBe('Guessed: the input is [1, 1, 257]: 257 bins of an FFT of 512.');
    await openLayers();
    for (const { index, op, local, accumulated } of layers) {
      const row = await text(`layer-row-0-${index}`);
      for (const shown of [op, decibel(local!.sqnrDb), decibel(accumulated!.sqnrDb)]) expect(row).toContain(shown);
    }
  });

  it('DTLN int8: the gate most at the rails, and a cell of the ledger', async () => {
    await id('tab-lstm').click();
    await id('panel-cell').waitFor();
    await view.getByRole('button', { name: /^gate f, before sigmoid/ }).click();
    await id('stage-f_x').click();
    await id('lower-figures').click();
    await id('rail-low').waitFor();
    const { rails } = report(INT8).layers[0]!.signals.find(({ signal }) => signal === 'f_x')!;
    expect([rails!.low, rails!.high]).toEqual([4_449, 1_227]);
    expect(await text('rail-low')).toContain(count(rails!.low));
    expect(await text('rail-high')).toContain(count(rails!.high));
    await id('panel-ledger').getByRole('button', { name: /^after W·x, int16, gate f: 18\.0/ }).click(); // prettier-ignore
    await expect.poll(() => text('matches')).toMatch(/^5,676 of 31,616 values, in \d+ of 128 units and \d+ of 247 steps/);
    await workbench.screenshot('streaming-dtln-lstm-dark');
    await view.locator('body').press('Escape');
  });

  it('DTLN int8: what is heard, beside a clean recording', async () => {
    await id('tab-audio').click();
    await id('audio-picture').waitFor({ timeout: 60_000 });
    await id('choose-recording').click();
    const path = workbench.page.locator('.quick-input-widget', { hasText: 'Clean recording' }).locator('input.input');
    // The dialog writes the folder into it when it has read it.
    await expect.poll(() => path.inputValue(), { timeout: 30_000 }).toMatch(/int8\/$/);
    await path.fill(join(workbench.folder, 'clean.wav'));
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'clean.wav' }).waitFor({ timeout: 30_000 });
    await workbench.page.keyboard.press('Enter');
    await id('reference').waitFor({ timeout: 60_000 });
    const rows = await id('reference').locator('tbody tr').allInnerTexts();
    const found = rows.map((row) => [row.split(/\s/)[0], Number.parseFloat(/[\d.]+/.exec(row.replace('int8', ''))![0])] as const);
    const [before, float, int8] = found.map(([, db]) => db);
    expect(found.map(([name]) => name)).toEqual(['input', 'float', 'int8']);
    // Without any transform between.
    expect(before).toBeCloseTo(siSdr(Float32Array.from(clean), Float32Array.from(noisy))!, 0);
    expect(float! - before!).toBeGreaterThan(4);
    expect(Math.abs(float! - int8!)).toBeLessThan(0.2);
    await workbench.screenshot('streaming-dtln-audio-dark');
  });

  it('DTLN with weights in int8: states from call to call, errors along 43 operators', async () => {
    await openAndRun(HYBRID, 'output-sqnr');
    const { audio, layers, headline } = report(HYBRID);
    expect(await text('panel-model')).toContain(`${FLOAT}, matched by name`);
    expect(await text('stepped')).toBe('stepped: 257 values a call, state input_3 from Identity_1 (guess)');
    expect(await text('panel-recognised')).toContain('2 LSTMs found in 28 small operators.');
    expect(await text('panel-result')).toContain(headline[0]!);
    const output = layers.find(({ index }) => index === audio?.[0]?.index)!.accumulated!;
    expect(await text('output-sqnr')).toBe(`${decibel(output.sqnrDb)} dB`);
    expect(await text('output-rmse')).toBe(real(output.rmse));
    await openLayers();
    // With both inputs.
    expect(await text('layer-count')).toBe('45 rows');
    for (const index of [3, 4, 12]) {
      const { op, accumulated, local } = layers[index]!;
      const row = await text(`layer-row-0-${index}`);
      for (const shown of [op, decibel(local!.sqnrDb, local!.exact), decibel(accumulated!.sqnrDb)]) expect(row).toContain(shown);
    }
    await id('layer-row-0-3').click();
    await id('detail-part-weights').click();
    await id('channel-text').waitFor();
    await id('detail-part-values').click();
    await id('value-range').filter({ hasText: 'In sight' }).waitFor();
    await workbench.page.keyboard.press('Escape');
    await id('tab-audio').click();
    await id('audio-picture').waitFor({ timeout: 60_000 });
    expect(await text('panel-sound')).toContain('247 frames of 257 values, 128 apart');
    expect(await text('si-sdr')).toMatch(/^\d+\.\d dB$/);
  });

  it('DTLN: its float model in int8, to the figures of the command line', async () => {
    const anew = join('..', 'dtln_anew.tflite');
    const pair = join(workbench.folder, 'pair');
    commandLine(pair, 'quantize', FLOAT, '--calibration', 'noisy.wav', '--output', anew);
    const { layers, audio } = commandLineReport(pair, anew, '--float', FLOAT, '--input', 'noisy.wav');
    const output = layers.find(({ index }) => index === audio?.[0]?.index)!.accumulated!;
    await id('tab-fix').click();
    await id('panel-quantize').waitFor();
    expect(await text('panel-quantize')).toContain(FLOAT);
    await id('quantize').click();
    await view.locator('[data-testid="fix-sqnr"]:not(.stale) small').waitFor({ timeout: 90_000 });
    expect(await id('fix-sqnr').locator('.big').innerText()).toBe(`${decibel(output.sqnrDb)} dB`);
    await workbench.screenshot('streaming-dtln-fix-dark');
  });

  it('Silero: ranges of its gates and layers as the command line gives them', async () => {
    await openAndRun(SILERO, 'panel-result');
    const { layers, headline } = report(SILERO);
    expect(await text('panel-result')).toContain('1 sample, 62 steps, float');
    expect(await text('panel-result')).toContain(headline[0]!);
    expect(await text('panel-result')).toContain('ONNX Runtime computes 18 of 42 ops');
    await id('tab-lstm').click();
    await id('panel-cell').waitFor();
    const lstm = layers.find(({ signals }) => signals.length > 1)!;
    for (const [part, signal, values] of [
      [/^cell c/, 'c', '7,936'],
      [/^gate g, after tanh/, 'g', '7,936'],
    ] as const) {
      await id('panel-cell').getByRole('button', { name: part }).click();
      const { floatMin, floatMax } = lstm.signals.find((one) => one.signal === signal)!;
      const range = `Values from ${signedReal(floatMin)} to ${signedReal(floatMax)}.`;
      await id('panel-signal').getByText(range).waitFor();
      expect(await text('panel-signal')).toContain(`${values} values`);
    }
  });

  it('Silero: weights, values, graph and targets of an ONNX graph', async () => {
    const { layers } = report(SILERO);
    await openLayers();
    expect(await text('layer-count')).toBe('44 rows');
    await id('layer-row-0-14').click();
    await id('layer-detail').waitFor();
    const { floatMin, floatMax } = layers[14]!.signals[0]!;
    expect(await text('layer-detail')).toContain(`Values from ${signedReal(floatMin)} to ${signedReal(floatMax)}.`);
    await id('detail-part-weights').click();
    await id('channel-text').waitFor();
    expect(await text('layer-detail')).toMatch(/128 channels, no value at the ends of the type/);
    await id('detail-part-values').click();
    await id('value-range').filter({ hasText: 'In sight' }).waitFor();
    await workbench.page.keyboard.press('Escape');
    await id('layers-as-graph').click();
    await id('graph').waitFor({ timeout: 60_000 });
    await expect.poll(() => text('graph-said')).toMatch(/^42 operators in 11 boxes/);
    await workbench.screenshot('streaming-silero-graph-dark');
    await id('layers-as-table').click();
    await id('tab-targets').click();
    await id('target-grid').waitFor();
    expect(await id('place-ort-cpu-0-2').getAttribute('data-verdict')).toBe('native');
    await id('place-tflm-0-2').click();
    expect(await id('place-tflm-0-2').getAttribute('data-verdict')).toBe('other');
  });

  it('never asks another host for anything', () => {
    expect([...workbench.foreignHosts]).toEqual([]);
  });
});
