import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readModel } from '../../worker/core/formats/readModel';
import { mapTargets } from '../../worker/core/targets/mapTargets';
import { renderHtmlReport } from '../../worker/export/htmlReport';
import { reportOf } from './reportFixture';

const text = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replace(/ +/g, ' ');

test('a report says what each target takes, and what would make it take more', () => {
  const bytes = new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../samples/digits-int8.tflite')));
  const targets = mapTargets(readModel({ name: 'digits-int8.tflite', bytes }));
  const html = renderHtmlReport({ ...reportOf(), targets });
  const section = text(html.slice(html.indexOf('. Targets<'), html.indexOf('. What was run')));
  expect(section).toContain('What each takes');
  const { summary } = targets['tflite-cpu'];
  expect(summary?.ops.native).toBe(3);
  expect(section).toContain('TFLite CPU 3 of 3 100.0 % 100.0 % 472 bytes');
  expect(section).toContain('XNNPACK 1 of 3 0.59 % 0.63 % 43 bytes 1 1 value, 32 bytes');
  expect(section).toContain('TFLite Micro nothing: the model is refused');
  // Each change once, with those that ask for it.
  expect(section).toContain(
    'Train the LSTM without a projection: the hidden value is its output. TFLite Micro (2), CMSIS-NN (2), ESP-NN (2)',
  );
  expect(section).toContain('Export the model from its framework to ONNX. ESP-DL, ONNX Runtime CPU, ONNX Runtime QNN');
  expect(section).toContain('reads .onnx');
});
