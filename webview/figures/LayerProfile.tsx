import { ErrorProfile } from '../charts/ErrorProfile';
import type { Report } from '../../worker/core/report/report';

export interface LayerProfileProps {
  readonly report: Report;
  readonly width: number;
  readonly height: number;
  /** Index in `report.layers`. */
  readonly selected?: number | null;
  readonly hover?: number | null;
  readonly onSelect?: (layer: number) => void;
  readonly onHover?: (layer: number | null) => void;
}

/** Error along all layers, with LSTMs as named stretches. */
export function LayerProfile({ width, height }: LayerProfileProps) {
  return <ErrorProfile width={width} height={height} title="Error along the graph" summary="" points={[]} />;
}
