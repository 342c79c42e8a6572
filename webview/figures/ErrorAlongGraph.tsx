import type { LayerReport, Report } from '../../worker/core/report/report';
import { DotPlot, dotPlotHeight } from '../charts/DotPlot';
import * as format from '../charts/format';
import { layerLabel } from './signalNames';

export interface ErrorAlongGraphProps {
  readonly report: Report;
  readonly width: number;
  /** At most this many rows: inputs and LSTMs, then the layers with the lowest local SQNR. Default: 8. */
  readonly most?: number;
  /** Makes every row a way to its layer. */
  readonly onSelect?: (layer: LayerReport) => void;
}

/** Accumulated and local error of the inputs and of the layers that matter, in graph order. */
export function ErrorAlongGraph({ report, width, most, onSelect }: ErrorAlongGraphProps) {
  const layers = layersAlongGraph(report, most);
  const rows = layers.map((layer) => ({
    label: layerLabel(report, layer),
    accumulated: layer.accumulated?.sqnrDb ?? null,
    local: layer.op === 'INPUT' ? null : (layer.local?.sqnrDb ?? null),
    exact: layer.accumulated?.exact ?? false,
  }));
  const last = rows[rows.length - 1];
  return (
    <DotPlot
      width={width}
      height={dotPlotHeight(rows.length)}
      title="Error along the graph"
      summary={
        last
          ? `${last.label} ends at ${format.withUnit(format.decibel(last.accumulated, last.exact), 'dB')} accumulated`
          : 'nothing measured'
      }
      rows={rows}
      labelWidth={Math.min(180, width / 3)}
      {...(onSelect && {
        onSelect: (row: number) => {
          const layer = layers[row];
          if (layer) onSelect(layer);
        },
      })}
    />
  );
}

/** The inputs and the layers that matter, in graph order: LSTMs, the last, then those with the lowest local SQNR. */
export function layersAlongGraph({ inputs, layers }: Report, most = 8): readonly LayerReport[] {
  const last = layers[layers.length - 1];
  const weight = (layer: LayerReport): number => {
    if (layer.lstm || layer === last) return -Infinity;
    return layer.local?.sqnrDb ?? Infinity;
  };
  const measured = layers.filter(({ accumulated, local }) => accumulated !== null || local !== null);
  const chosen = new Set([...measured].sort((a, b) => weight(a) - weight(b)).slice(0, Math.max(1, most - inputs.length)));
  return [...inputs, ...measured.filter((layer) => chosen.has(layer))];
}
