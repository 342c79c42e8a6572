import { describe, expect, it } from 'vitest';
import type { InspectorState } from '../../../extension/protocol/messages';
import { runStatus } from '../../../extension/runStatus';
import type { Report } from '../../../worker/core/report/report';

const open = { status: 'open', overview: {} as never } as const;
const state = (change: Partial<InspectorState>): InspectorState => ({
  fileName: 'net.tflite',
  model: open,
  data: [],
  floatPartner: null,
  run: { status: 'idle' },
  report: null,
  fix: { source: null, calibrations: [], job: { status: 'idle' }, quantized: null, former: null },
  ...change,
});
const report = (change: object) =>
  ({
    samples: 8,
    requestedSamples: 8,
    complete: true,
    headline: ['It is fine.'],
    data: { label: 'inputs/', synthetic: false },
    ...change,
  }) as unknown as Report;
const fixing = (stage: 'calibrating' | 'trying'): Partial<InspectorState> => ({
  fix: {
    source: 'net.tflite',
    calibrations: [],
    job: { status: 'running', stage, progress: null },
    quantized: null,
    former: null,
  },
});
const progress = { done: 8, total: 2400, sample: 'u008', finished: [] };

describe('status bar', () => {
  it.each([
    ['opening', state({ model: { status: 'opening' } }), 'Opening', null],
    ['calibrating', state(fixing('calibrating')), 'Calibrating', 'gatescope.cancelRun'],
    ['trying changes', state(fixing('trying')), 'Measuring', 'gatescope.cancelRun'],
    ['dead worker', state({ model: { status: 'dead', message: 'gone' } }), 'Not opened', null],
    ['no run yet', state({}), 'Not run', 'gatescope.run'],
    [
      'reading',
      state({ run: { status: 'running', progress: { ...progress, done: 0, total: 0 } } }),
      'Reading data',
      'gatescope.cancelRun',
    ],
    ['running', state({ run: { status: 'running', progress } }), 'Sample 9 of 2,400', 'gatescope.cancelRun'],
    [
      'at the end',
      state({ run: { status: 'running', progress: { ...progress, done: 2400 } } }),
      'Sample 2,400 of 2,400',
      'gatescope.cancelRun',
    ],
    ['failed', state({ run: { status: 'failed', message: 'no' } }), 'Run failed', 'gatescope.run'],
    ['done', state({ report: report({}) }), '8 samples', 'gatescope.showOverview'],
    ['one sample', state({ report: report({ samples: 1, requestedSamples: 1 }) }), '1 sample', 'gatescope.showOverview'],
    [
      'cancelled',
      state({ report: report({ requestedSamples: 24, complete: false }) }),
      '8 of 24 samples',
      'gatescope.showOverview',
    ],
    [
      'synthetic',
      state({ report: report({ data: { label: 'Synthetic', synthetic: true } }) }),
      '8 samples, synthetic',
      'gatescope.showOverview',
    ],
  ])('%s', (_, inspector, text, command) => {
    const status = runStatus(inspector);
    expect(status.text.replace(/^\$\([a-z~-]+\) /, '')).toBe(text);
    expect(status.command).toBe(command);
  });

  it('explains: what failed, what the figures cover', () => {
    expect(runStatus(state({ run: { status: 'failed', message: 'no' } })).tooltip).toBe('no');
    expect(runStatus(state({ report: report({}) })).tooltip).toBe('Figures cover 8 samples of inputs/.\nIt is fine.');
  });
});
