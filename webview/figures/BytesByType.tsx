import { BytesBar } from '../charts/BytesBar';
import type { ModelOverview } from '../../worker/core/report/overview';

export interface BytesByTypeProps {
  readonly overview: Pick<ModelOverview, 'bytesByType'>;
  readonly width: number;
}

/** What the file's bytes are. */
export function BytesByType({ width }: BytesByTypeProps) {
  return <BytesBar width={width} title="Bytes by type" summary="" parts={[]} />;
}
