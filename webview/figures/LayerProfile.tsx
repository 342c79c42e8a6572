import { useMemo } from 'preact/hooks';
import type { LayerReport, Report } from '../../worker/core/report/report';
import { ErrorProfile, type ProfileStretch } from '../charts/ErrorProfile';
import * as format from '../charts/format';
import { layerLabel } from './signalNames';

export interface LayerProfileProps {
  readonly report: Report;
  readonly width: number;
  readonly height: number;
  /** Index in `report.layers`. */
  readonly selected?: number | null;
  readonly hover?: number | null;
  /** Places in `report.layers`. */
  readonly brush?: ProfileStretch | null;
  readonly onSelect?: (layer: number) => void;
  readonly onBrush?: (stretch: ProfileStretch | null, final: boolean) => void;
  readonly onHover?: (layer: number | null) => void;
}

const ofValues = ({ saturation: { values } }: LayerReport, part: number): number => (values > 0 ? part / values : 0);

/** Error along all layers, with LSTMs as named stretches. */
export function LayerProfile(props: LayerProfileProps) {
  const { report, width, height, selected = null, hover = null, brush = null, onSelect, onHover, onBrush } = props;
  const points = useMemo(
    () =>
      report.layers.map((layer) => ({
        name: layerLabel(report, layer),
        local: layer.local?.sqnrDb ?? null,
        accumulated: layer.accumulated?.sqnrDb ?? null,
        atRails: ofValues(layer, layer.saturation.total),
        lost: ofValues(layer, layer.lostAtRails),
      })),
    [report],
  );
  const bands = useMemo(
    () => report.layers.flatMap((layer, k) => (layer.lstm ? [{ from: k, to: k, label: layerLabel(report, layer) }] : [])),
    [report],
  );
  const worst = points.reduce<(typeof points)[number] | null>(
    (low, point) => (point.accumulated !== null && point.accumulated < (low?.accumulated ?? Infinity) ? point : low),
    null,
  );
  return (
    <ErrorProfile
      width={width}
      height={height}
      title="Error along the graph"
      summary={
        worst
          ? `lowest at ${worst.name}, ${format.withUnit(format.decibel(worst.accumulated), 'dB')} accumulated`
          : 'not measured'
      }
      points={points}
      bands={bands}
      selected={selected}
      hover={hover}
      brush={brush}
      {...(onSelect && { onSelect })}
      {...(onHover && { onHover })}
      {...(onBrush && { onBrush })}
    />
  );
}
