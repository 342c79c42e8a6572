import { gunzipSync, gzipSync } from 'node:zlib';
import { PART_SCHEMA } from './core/analysis/comparisonPart';
import { DataFormatError } from './core/data/dataFormatError';
import type { Shard, ShardCounts } from './core/report/mergeReports';
import type { Report } from './core/report/report';

/** A shard's counts unpack to a few megabytes; more than this was not written by this program. */
const MOST_UNPACKED = 512 * 2 ** 20;

/** What JSON has no form for, under keys that no object here has. */
type Encoded = { readonly $f64: string } | { readonly $f32: string } | { readonly $number: string };

export function encodeCounts(counts: ShardCounts): string {
  return gzipSync(JSON.stringify(counts, encode)).toString('base64');
}

/** A report as it was written. @throws DataFormatError when it is none, or no shard of a run by this version */
export function readShard(file: string, text: string): Shard {
  const report = parseReport(file, text);
  const { shard: info } = report;
  if (info === undefined || typeof info.counts !== 'string') {
    throw refusal(file, 'is no shard of a run: reports to merge are written with --shard');
  }
  return { file, report, info, counts: decodeCounts(file, info.counts) };
}

/** @throws DataFormatError */
export function parseReport(file: string, text: string): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal(file, 'is no JSON');
  }
  const isReport = typeof value === 'object' && value !== null && 'schema' in value && value.schema === 'gatescope.report/1';
  if (!isReport) throw refusal(file, 'is no report (schema gatescope.report/1)');
  return value as Report;
}

function decodeCounts(file: string, packed: string): ShardCounts {
  try {
    const text = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: MOST_UNPACKED }).toString('utf8');
    const counts = JSON.parse(text, decode) as ShardCounts;
    if (counts.part.schema === PART_SCHEMA) return counts;
  } catch {
    throw refusal(file, 'holds counts that cannot be read');
  }
  throw refusal(file, 'was counted by another version of this program');
}

function encode(_: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) } satisfies Encoded;
  if (value instanceof Float64Array) return { $f64: base64(value) } satisfies Encoded;
  if (value instanceof Float32Array) return { $f32: base64(value) } satisfies Encoded;
  return value;
}

function decode(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$number' in value) return Number(value.$number);
  if ('$f64' in value) return new Float64Array(bytes(value.$f64));
  if ('$f32' in value) return new Float32Array(bytes(value.$f32));
  return value;
}

function base64({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

function bytes(text: unknown): ArrayBuffer {
  return new Uint8Array(Buffer.from(String(text), 'base64')).buffer;
}

function refusal(file: string, message: string): DataFormatError {
  return new DataFormatError('REPORT', file, message);
}
