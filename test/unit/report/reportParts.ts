import type { ErrorStats, LayerReport, LstmReport, Report, SignalReport } from '../../../worker/core/report/report';
import type { LstmInfo } from '../../../worker/core/report/overview';
import { TARGET_NAMES } from '../../../worker/core/targets/mapTargets';
import type { TargetPlacement } from '../../../worker/core/targets/verdict';

const target = (label: string): TargetPlacement => ({ label, version: '', source: '', result: 'runs', reasons: [], ops: [] });

export function errors(sqnrDb: number | null, exact = false): ErrorStats {
  return { values: 10, sqnrDb, exact, rmse: 0, maxAbs: 0, cosine: null, meanError: 0 };
}

export function layer(name: string, fields: Partial<LayerReport> = {}): LayerReport {
  return {
    subgraph: 0,
    index: 0,
    op: 'FULLY_CONNECTED',
    name,
    shape: [1, 4],
    dtype: 'int8',
    quantization: null,
    local: null,
    accumulated: null,
    saturation: { total: 0, values: 100 },
    lostAtRails: 0,
    signals: [],
    lstm: null,
    ...fields,
  };
}

/** An int8 signal with rails at -64 and 63.5. */
export function signal(fields: Partial<SignalReport> = {}): SignalReport {
  return {
    signal: 'out',
    gate: null,
    dtype: 'int8',
    quantization: { scales: [0.5], zeroPoints: [0], axis: 0, range: [-64, 63.5] },
    values: 100,
    min: 0,
    max: 0,
    floatMin: 0,
    floatMax: 0,
    rails: { lowCode: -128, highCode: 127, lowReal: -64, highReal: 63.5, low: 0, high: 0 },
    lostAtRails: { low: 0, high: 0 },
    share: 0,
    flat: null,
    effectiveBits: null,
    local: null,
    accumulated: null,
    histogram: { edges: [], float: [], int8: [] },
    ...fields,
  };
}

export function lstmReport(fields: Partial<LstmReport>): LstmReport {
  return { name: 'lstm0', ledger: [], costs: null, costSteps: null, formula: null, ...fields };
}

export function lstmInfo(fields: Partial<LstmInfo> = {}): LstmInfo {
  return {
    subgraph: 0,
    op: 0,
    name: 'lstm0',
    layerNorm: false,
    projection: false,
    peephole: false,
    cifg: false,
    bidirectional: false,
    timeMajor: false,
    scheme: 'int8',
    input: 4,
    cell: 4,
    output: 4,
    cellClip: 0,
    projectionClip: 0,
    cellIntegerBits: 3,
    ...fields,
  };
}

export function report(fields: Partial<Report> = {}): Report {
  return {
    schema: 'gatescope.report/1',
    generator: 'GateScope test',
    model: { fileName: 'm.tflite', byteLength: 1, sha256: '', format: 'tflite', scheme: 'int8' },
    floatModel: null,
    quantizedPath: 'int8',
    persona: 'tflite',
    state: 'reset',
    data: { label: 'd', files: [], synthetic: false },
    samples: 8,
    steps: 80,
    complete: true,
    requestedSamples: 8,
    headline: [],
    inputs: [],
    layers: [],
    lstms: [],
    task: null,
    perSample: [],
    findings: [],
    targets: Object.fromEntries(TARGET_NAMES.map((name) => [name, target(name)])),
    ...fields,
  };
}
