import type { ErrorStats, LayerReport, LstmReport, Report } from '../../../worker/core/report/report';
import type { LstmInfo } from '../../../worker/core/report/overview';
import { TARGET_NAMES } from '../../../worker/core/targets/mapTargets';
import type { TargetMap, TargetPlacement } from '../../../worker/core/targets/verdict';

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
    signals: [],
    lstm: null,
    ...fields,
  };
}

export function lstmReport(fields: Partial<LstmReport>): LstmReport {
  return { name: 'lstm0', ledger: [], costs: null, ...fields };
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
    targets: Object.fromEntries(TARGET_NAMES.map((name) => [name, target(name)])) as unknown as TargetMap,
    ...fields,
  };
}
