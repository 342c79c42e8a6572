import { describe, expect, test } from 'vitest';
import { EMBEDDED_REPORT_ID, renderHtmlReport } from '../../worker/export/htmlReport';
import type { Report } from '../../worker/core/report/report';
import { reportOf } from './reportFixture';

const HOSTILE = `</script><script>alert(1)</script>"><img src=http://evil.example/x onerror=alert(1)>' & <b>`;

function embedded(html: string): unknown {
  const block = new RegExp(`<script type="application/json" id="${EMBEDDED_REPORT_ID}">(.*?)</script>`, 's').exec(html);
  return JSON.parse(block?.[1] ?? 'null');
}

/** The page as read: tags gone, entities back, no-break spaces plain. */
function readable(html: string): string {
  return html
    .replace(/<style>.*?<\/style>|<script.*?<\/script>|<title>.*?<\/title>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('\u00a0', ' ')
    .replace(/ +/g, ' ');
}

const tags = (html: string): string[] => html.match(/<[a-zA-Z][^>]*>/g) ?? [];

describe('the exported page', () => {
  const report = reportOf({ layerNorm: true, projection: true });
  const html = renderHtmlReport(report);
  const page = readable(html);

  test('is one file: nothing is loaded, nothing runs', () => {
    expect(html.startsWith('<!doctype html>\n<html lang="en"><head><meta charset="utf-8"')).toBe(true);
    expect(html).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'`);
    expect(html).not.toMatch(/https?:|@import|url\(/);
    expect(tags(html).filter((tag) => /^<(script|link|img|iframe|object|embed|base|form|a)\b/i.test(tag))).toEqual([
      `<script type="application/json" id="${EMBEDDED_REPORT_ID}">`,
    ]);
    expect(tags(html).filter((tag) => /\s(on\w+|src|href)=/i.test(tag))).toEqual([]);
  });

  test('holds the whole report, unchanged', () => {
    expect(embedded(html)).toEqual(report);
  });

  test('says the answer first, then numbered evidence', () => {
    expect(page.indexOf(report.headline[0]!)).toBeGreaterThan(0);
    expect(page.indexOf(report.headline[0]!)).toBeLessThan(page.indexOf('1. What each part costs'));
    const headings = [...html.matchAll(/<h2>(\d+)\. ([^<]*)/g)].map(([, number, title]) => `${number} ${title}`);
    expect(headings.map((heading) => Number(heading.split(' ')[0]))).toEqual(headings.map((_, k) => k + 1));
    expect(headings.map((heading) => heading.replace(/^\d+ /, ''))).toEqual([
      'What each part costs',
      expect.stringMatching(/^lstm\d, /),
      'Inside lstm0',
      'Inside lstm1',
      'Error along the graph',
      'Errors in digits',
      'Samples by error',
      'Samples',
      'Answers',
      'Findings',
      'Targets',
      'What was run',
    ]);
  });

  test('shows the report’s own figures', () => {
    expect(page).toContain('lstm.int8.tflite against lstm.float.tflite');
    expect(page).toContain('telephony.npz, 24 samples, 2,261 steps, TFLite persona, states reset');
    expect(page).toContain('167,600 bytes');
    expect(page).toContain('0f'.repeat(32));
    expect(page).toContain('16.9 %, 103 of 609');
    expect(page).toContain('Stays on the CPU.');
    for (const layer of report.layers) expect(page).toContain(layer.accumulated!.sqnrDb!.toFixed(1).replace('-', '−'));
    for (const { name, steps, sqnrDb } of report.perSample)
      expect(page).toContain(` ${name} ${steps} ${sqnrDb!.toFixed(1)} 314 `);
    expect(page).toContain('374 wrong');
  });

  test('has one cell diagram and one ledger per LSTM', () => {
    expect(html.match(/aria-label="LSTM cell lstm\d: /g)?.length).toBe(2);
    expect(html.match(/<table aria-label="Where lstm\d loses values/g)?.length).toBe(2);
  });
});

describe('hostile names', () => {
  const report = hostileReport();
  const html = renderHtmlReport(report);

  test('stay text everywhere', () => {
    expect(html.match(/<script/g)?.length).toBe(1);
    expect(html.match(/<\/script/g)?.length).toBe(1);
    expect(html).not.toContain('<img');
    expect(readable(html)).toContain(HOSTILE);
  });

  test('come out of the JSON as they went in', () => {
    expect(embedded(html)).toEqual(report);
  });
});

function hostileReport(): Report {
  const report = reportOf({ fileName: HOSTILE });
  return {
    ...report,
    generator: HOSTILE,
    headline: [HOSTILE, HOSTILE, HOSTILE],
    data: { label: HOSTILE, files: [HOSTILE], synthetic: false },
    lstms: report.lstms.map((lstm) => ({ ...lstm, name: HOSTILE })),
    layers: report.layers.map((layer) => ({
      ...layer,
      op: HOSTILE,
      name: HOSTILE,
      lstm: layer.lstm && {
        ...layer.lstm,
        name: HOSTILE,
        ledger: layer.lstm.ledger.map((row) => ({ ...row, label: HOSTILE, absent: row.absent && HOSTILE })),
      },
    })),
    perSample: report.perSample.map((sample) => ({
      ...sample,
      name: HOSTILE,
      expected: HOSTILE,
      float: HOSTILE,
      quantized: `${HOSTILE}x`,
    })),
    task: report.task && { ...report.task, unit: HOSTILE, labels: HOSTILE },
    findings: report.findings.map((finding) => ({
      ...finding,
      title: HOSTILE,
      message: HOSTILE,
      fix: HOSTILE,
      reference: HOSTILE,
    })),
    targets: {
      ...report.targets,
      tflm: {
        ...report.targets.tflm!,
        label: HOSTILE,
        version: HOSTILE,
        ops: report.targets.tflm!.ops.map((op) => ({
          ...op,
          op: HOSTILE,
          verdict: 'rejected',
          reasons: [{ rule: HOSTILE, seen: HOSTILE, message: HOSTILE, source: HOSTILE }],
        })),
      },
    },
  };
}

test('targets: refused as a whole, and operators never reached', () => {
  const report = reportOf();
  const reason = { rule: 'no projection', seen: 'operand 16 is there', message: 'The model does not load.', source: 'kernels' };
  const [first, ...rest] = report.targets.tflm!.ops.map((op) => ({ ...op, verdict: 'rejected' as const, reasons: [reason] }));
  const tflm = {
    ...report.targets.tflm!,
    result: 'rejected' as const,
    ops: [first!, ...rest.map((op) => ({ ...op, reached: false }))],
  };
  const html = renderHtmlReport({ ...report, targets: { ...report.targets, tflm } });
  const section = html.slice(html.indexOf('. Targets<'), html.indexOf('. What was run'));
  const marks = (name: string): number => section.split(`aria-label="${name}"`).length - 2;
  expect([marks('rejects the model'), marks('not reached'), marks('conditional')]).toEqual([1, 2, 0]);
  const rows = readable(section);
  expect(rows).toContain(
    'TFLM UNIDIRECTIONAL_SEQUENCE_LSTM 0 rejects the model no projection operand 16 is there The model does not load.',
  );
  expect(rows).toContain('XNNPACK, Ethos-U55, Ethos-U65, Ethos-U85 UNIDIRECTIONAL_SEQUENCE_LSTM 0, 1 falls back to CPU');
});

describe('reports with less in them', () => {
  test('a float model: histograms, no errors and no costs', () => {
    const report = reportOf();
    const float: Report = {
      ...report,
      floatModel: null,
      quantizedPath: null,
      model: { ...report.model, scheme: 'float' },
      task: null,
      layers: report.layers.map((layer) => ({
        ...layer,
        local: null,
        accumulated: null,
        saturation: { total: 0, values: 0 },
        lstm: layer.lstm && { ...layer.lstm, costs: null },
        signals: layer.signals.map((signal) => ({
          ...signal,
          rails: null,
          share: 0,
          local: null,
          accumulated: null,
          min: null,
          max: null,
          effectiveBits: null,
          histogram: { ...signal.histogram, int8: null },
        })),
      })),
    };
    const page = readable(renderHtmlReport(float));
    expect(page).not.toMatch(/NaN|undefined|null/);
    expect(page).not.toContain('at a rail ');
    expect(page).toContain('Float only.');
  });

  test('nothing measured at all', () => {
    const report = reportOf({ lstms: 0 });
    const empty: Report = {
      ...report,
      headline: [],
      inputs: [],
      layers: [],
      perSample: [],
      findings: [],
      task: null,
      samples: 0,
      steps: 0,
      complete: false,
    };
    const page = readable(renderHtmlReport(empty));
    expect(page).toContain('Nothing was run.');
    expect(page).toContain('0 of 24 samples');
    expect(page).not.toMatch(/NaN|undefined/);
  });

  test('a bidirectional LSTM: both cells, each with its own signals', () => {
    const report = reportOf({ lstms: 1 });
    const [layer, dense] = report.layers;
    const both = (['forward', 'backward'] as const).flatMap((direction) =>
      layer!.signals.map((signal) => ({ ...signal, direction, ...(direction === 'backward' && { share: 0, rails: null }) })),
    );
    const html = renderHtmlReport({
      ...report,
      lstms: report.lstms.map((lstm) => ({ ...lstm, bidirectional: true })),
      layers: [{ ...layer!, signals: both }, dense!],
    });
    const cells = html.match(/<svg role="img" aria-label="LSTM cell.*?<\/svg>/gs) ?? [];
    expect(cells.map((cell) => / rail</.test(cell))).toEqual([true, false]);
    expect(readable(html)).toContain('o before σ, backward');
  });

  test('thousands of layers and samples: tables are cut, the JSON is whole', () => {
    const report = reportOf();
    const layer = report.layers[2]!;
    const big: Report = {
      ...report,
      layers: Array.from({ length: 3000 }, (_, index) => ({ ...layer, index, signals: [] })),
      perSample: Array.from({ length: 1000 }, (_, k) => ({ ...report.perSample[0]!, name: `s${k}`, sqnrDb: 30 + (k % 17) })),
    };
    const html = renderHtmlReport(big);
    const page = readable(html);
    expect(page).toContain('2,600 more layers in the embedded JSON.');
    expect(page).toContain('the 200 worst of 1,000; all are in the embedded JSON');
    expect((embedded(html) as Report).layers.length).toBe(3000);
  });
});
