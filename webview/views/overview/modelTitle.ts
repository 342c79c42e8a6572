import type { ModelOverview } from '../../../worker/core/report/overview';
import { count } from '../../charts/format';
import { plural } from '../text';

const KINDS = { float: 'Float', hybrid: 'Hybrid', int8: 'Integer', '16x8': 'Integer', mixed: 'Mixed' } as const;
const TYPES = {
  float: 'not quantized',
  hybrid: 'int8 weights, float activations',
  int8: 'int8 weights and activations',
  '16x8': 'int8 weights, int16 activations',
  mixed: 'integer and float parts',
} as const;

/** What kind of model it is, in two or three words, and in which types it computes. */
export function modelTitle({ scheme, lstms, bytesByType }: Pick<ModelOverview, 'scheme' | 'lstms' | 'bytesByType'>): {
  title: string;
  types: string;
} {
  const isUnsigned = bytesByType.some(({ label }) => label === 'uint8 weights');
  const integerLstm = scheme === 'int8' && lstms.some((lstm) => lstm.scheme === 'int8');
  return {
    title: `${KINDS[scheme]} ${lstms.length > 0 ? 'LSTM' : 'model'}`,
    types: integerLstm ? 'int8 weights, int16 cell' : isUnsigned ? TYPES[scheme].replace('int8', 'uint8') : TYPES[scheme],
  };
}

/** `3 ops, 44 tensors, time axis dynamic`. */
export function modelSize(overview: Pick<ModelOverview, 'ops' | 'tensorCount' | 'inputs'>): string {
  const dynamic = isDynamic(overview) ? ', dynamic axes' : '';
  return `${plural(overview.ops.length, 'op')}, ${plural(overview.tensorCount, 'tensor')}${dynamic}`;
}

export function isDynamic({ inputs }: Pick<ModelOverview, 'inputs'>): boolean {
  return inputs.some(({ shape }) => shape.some((size) => size < 0));
}

const MOST_OPS = 8;

/** Kinds of operators, most frequent first: `FULLY_CONNECTED ×4, ADD`. */
export function opCounts({ ops }: Pick<ModelOverview, 'ops'>): string {
  const counts = new Map<string, number>();
  for (const { op } of ops) counts.set(op, (counts.get(op) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, MOST_OPS).map(([op, times]) => (times === 1 ? op : `${op} ×${count(times)}`));
  const rest = sorted.length - shown.length;
  return shown.join(', ') + (rest > 0 ? ` and ${rest} more kinds` : '');
}
