import Papa from 'papaparse';
import type { ErrorStats, LayerReport, Report, SignalReport } from '../core/report/report';

const ERROR_COLUMNS = ['sqnr_db', 'rmse', 'max_abs', 'cosine', 'mean_error'] as const;

/** One row for every signal of every layer (the output of layers that are no LSTM), in the order of the graph. Empty: not measured. */
export function renderCsvReport(report: Report): string {
  const rows = [...report.inputs, ...report.layers].flatMap((layer) => layer.signals.map((signal) => row(layer, signal)));
  return `${Papa.unparse(rows, { newline: '\n' })}\n`;
}

function row(layer: LayerReport, signal: SignalReport): Record<string, string | number | null> {
  const { rails, lostAtRails, effectiveBits, quantization, flat } = signal;
  return {
    op: layer.op === 'INPUT' ? null : layer.index,
    operator: layer.op,
    name: layer.name,
    direction: signal.direction ?? null,
    signal: signal.signal,
    dtype: signal.dtype,
    scale: quantization?.scales[0] ?? null,
    zero_point: quantization?.zeroPoints[0] ?? null,
    values: signal.values,
    min: signal.min,
    max: signal.max,
    float_min: signal.floatMin,
    float_max: signal.floatMax,
    rail_low: rails?.low ?? null,
    rail_high: rails?.high ?? null,
    lost: lostAtRails === null ? null : lostAtRails.low + lostAtRails.high,
    flat_low: flat?.low ?? null,
    flat_high: flat?.high ?? null,
    bits_used: effectiveBits?.used ?? null,
    bits: effectiveBits?.bits ?? null,
    ...errorColumns('accumulated', signal.accumulated),
    ...errorColumns('local', signal.local),
  };
}

function errorColumns(prefix: string, error: ErrorStats | null): Record<string, string | number | null> {
  const figures = error && {
    sqnr_db: error.exact ? 'exact' : error.sqnrDb,
    rmse: error.rmse,
    max_abs: error.maxAbs,
    cosine: error.cosine,
    mean_error: error.meanError,
  };
  return Object.fromEntries(ERROR_COLUMNS.map((column) => [`${prefix}_${column}`, figures?.[column] ?? null]));
}
