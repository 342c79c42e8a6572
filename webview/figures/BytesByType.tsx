import type { ModelOverview } from '../../worker/core/report/overview';
import { BytesBar } from '../charts/BytesBar';
import * as format from '../charts/format';

export interface BytesByTypeProps {
  readonly overview: Pick<ModelOverview, 'bytesByType'>;
  readonly width: number;
}

/** What the file's bytes are, largest first. */
export function BytesByType({ overview, width }: BytesByTypeProps) {
  const parts = [...overview.bytesByType].sort((a, b) => b.bytes - a.bytes);
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const [most] = parts;
  const summary = most ? `${format.percent(most.bytes / Math.max(1, total))} ${most.label}` : 'empty';
  return <BytesBar width={width} title="Bytes by type" summary={summary} parts={parts} />;
}
