import { useMemo } from 'preact/hooks';
import type { CellReport, LayerReport, Report } from '../../worker/core/report/report';
import { ErrorProfile } from '../charts/ErrorProfile';
import { badness, MEASURE_LOOKS, type ErrorMeasure } from '../charts/errorMeasure';
import type { ProfilePoint } from '../charts/profileFrame';
import type { ProfileHandlers } from '../charts/ProfileHits';
import { isCulprit } from './culprits';
import { measureOf } from './errorMeasures';
import { layerLabel } from './signalNames';

/** Places are those in `report.layers`. */
export interface LayerProfileProps extends ProfileHandlers {
  readonly report: Report;
  readonly width: number;
  readonly height: number;
  /** Default: `sqnr`. */
  readonly measure?: ErrorMeasure;
}

const ofValues = ({ saturation: { values } }: LayerReport, part: number): number => (values > 0 ? part / values : 0);

/** Error along all layers, with LSTMs and cells in small operators as named stretches. */
export function LayerProfile({ report, measure = 'sqnr', ...props }: LayerProfileProps) {
  const points = useMemo(() => pointsOf(report, measure), [report, measure]);
  const bands = useMemo(() => bandsOf(report), [report]);
  const hasRails = useMemo(() => report.layers.some(({ signals }) => signals.some(({ rails }) => rails !== null)), [report]);
  return (
    <ErrorProfile
      {...props}
      title="Error along the graph"
      summary={summaryOf(points, measure)}
      points={points}
      measure={measure}
      hasRails={hasRails}
      bands={bands}
    />
  );
}

function pointsOf(report: Report, measure: ErrorMeasure): readonly ProfilePoint[] {
  return report.layers.map((layer) => ({
    name: layerLabel(report, layer),
    local: measureOf(layer.local, measure),
    accumulated: measureOf(layer.accumulated, measure),
    isCulprit: isCulprit(layer),
    atRails: ofValues(layer, layer.saturation.total),
    lost: ofValues(layer, layer.lostAtRails),
  }));
}

/** LSTMs, and the stretches of cells in small operators as far as they do not cross. */
function bandsOf(report: Report) {
  const { layers, cells = [] } = report;
  const places = new Map(layers.map(({ subgraph, index }, at) => [`${subgraph}-${index}`, at]));
  const ofCell = ({ name, subgraph, signals }: CellReport) => {
    const ops = signals.flatMap(({ operators }) => operators.flat());
    const at = ops.flatMap((op) => places.get(`${subgraph}-${op}`) ?? []);
    const from = at.reduce((a, b) => Math.min(a, b), Infinity);
    return from === Infinity ? [] : [{ from, to: at.reduce((a, b) => Math.max(a, b), from), label: name }];
  };
  const all = [
    ...layers.flatMap((layer, k) => (layer.lstm ? [{ from: k, to: k, label: layerLabel(report, layer) }] : [])),
    ...cells.flatMap(ofCell),
  ].sort((a, b) => a.from - b.from);
  let end = -1;
  return all.filter(({ from, to }) => {
    if (from <= end) return false;
    end = to;
    return true;
  });
}

function summaryOf(points: readonly ProfilePoint[], measure: ErrorMeasure): string {
  let worst: { readonly name: string; readonly value: number } | null = null;
  for (const { name, accumulated: value } of points) {
    if (value !== null && (worst === null || badness(measure, value) > badness(measure, worst.value))) worst = { name, value };
  }
  if (worst === null) return 'not measured';
  const { worse, text } = MEASURE_LOOKS[measure];
  return `${worse === 'lower' ? 'lowest' : 'largest'} at ${worst.name}, ${text(worst.value)} accumulated`;
}
