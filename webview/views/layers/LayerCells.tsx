import { memo } from 'preact/compat';
import { useEffect, useState } from 'preact/hooks';
import type { ErrorStats } from '../../../worker/core/report/report';
import { decibel, NOT_MEASURED, percent, shareOrCount } from '../../charts/format';
import { textWidth } from '../../charts/textWidth';
import { foreignBadge, foreignTip } from '../../figures/foreignText';
import { MiniSignal } from '../../figures/MiniSignal';
import { Badge } from '../../ui/Badge';
import { useInspector } from '../InspectorContext';
import { markOf } from '../targets/placements';
import { VerdictMark, verdictText } from '../targets/VerdictMark';
import type { LayerMetric } from '../../layersState';
import type { LayerColumn } from '../../viewState';
import { shortName } from '../text';
import { METRICS } from './layerMetrics';
import { decibels, type LayerRow } from './layerRows';

interface Props {
  readonly row: LayerRow;
  readonly columns: readonly LayerColumn[];
  readonly bars: (db: number | null) => number;
  /** Pixels of the output column. */
  readonly outputWidth: number;
}

/** One row's cells; a row that stays in sight is not drawn again while others come and go. */
export const LayerCells = memo(({ row, columns, bars, outputWidth }: Props) => {
  const inspector = useInspector();
  const select = () => {
    inspector.openLayer({ subgraph: row.subgraph, index: row.index });
  };
  return (
    <>
      {columns.map((column) => (
        <div role="gridcell" key={column} class={`cell cell-${column}`}>
          <Cell row={row} column={column} bars={bars} outputWidth={outputWidth} select={select} />
        </div>
      ))}
    </>
  );
});

interface CellProps extends Omit<Props, 'columns'> {
  readonly column: LayerColumn;
  readonly select: () => void;
}

function Cell({ row, column, bars, outputWidth, select }: CellProps) {
  const { layer, placement } = row;
  switch (column) {
    case 'index':
      if (!row.operator) return <span class="dim">in</span>;
      return <span class="figure">{row.subgraph === 0 ? row.index : `${row.subgraph}:${row.index}`}</span>;
    case 'op':
      return (
        <>
          {row.name}
          {row.foreign.map((one) => (
            <span key={one.path} class="computed-by" data-tip={foreignTip(one)}>
              <Badge>{foreignBadge(one)}</Badge>
            </span>
          ))}
        </>
      );
    case 'output':
      return (
        <span class="dim" data-tip={row.output}>
          {shortName(row.output, nameRoom(row, outputWidth))} <span class="figure small">{row.shape}</span>
        </span>
      );
    case 'dtype':
      return <>{row.dtypes}</>;
    case 'local':
      return <ErrorBar error={layer?.local ?? null} bars={bars} kind="local" />;
    case 'accumulated':
      return <ErrorBar error={layer?.accumulated ?? null} bars={bars} kind="accumulated" />;
    case 'rails':
      return <RailBar row={row} />;
    case 'histogram':
      return row.signal ? <RowHistogram signal={row.signal} /> : <span class="dim">{NOT_MEASURED}</span>;
    default:
      return <MetricText row={row} metric={column} />;
    case 'target':
      return placement ? (
        <button
          type="button"
          class="verdict"
          tabIndex={-1}
          data-tip={placement.reasons.map(({ rule, seen, message }) => `${message} ${rule}: ${seen}`).join('\n') || undefined}
          onClick={(event) => {
            event.stopPropagation();
            select();
          }}
        >
          <VerdictMark mark={markOf(placement)} /> {verdictText(markOf(placement))}
        </button>
      ) : (
        <span class="dim">{NOT_MEASURED}</span>
      );
  }
}

function MetricText({ row, metric }: { readonly row: LayerRow; readonly metric: LayerMetric }) {
  const value = METRICS[metric].value(row);
  if (value === null) return <span class="metric dim">{NOT_MEASURED}</span>;
  return <span class={`metric figure small ${value === 0 ? 'dim' : ''}`}>{METRICS[metric].text(value)}</span>;
}

/** Name and shape share a column; where both do not fit, the name goes first. */
function nameRoom({ shape }: LayerRow, outputWidth: number): number {
  const room = outputWidth - 22;
  return Math.max(0.7 * room, room - textWidth(shape, 11, { mono: true }));
}

/** How long a row is in sight before its histogram is drawn. */
const SETTLED_MS = 90;

/** Small histograms are the dearest part of a row: drawn once per signal, and not for rows that only pass by. */
const RowHistogram = memo(({ signal }: { readonly signal: NonNullable<LayerRow['signal']> }) => {
  const [isSettled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setSettled(true);
    }, SETTLED_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return isSettled ? <MiniSignal signal={signal} width={96} height={18} /> : null;
});

interface ErrorBarProps {
  readonly error: ErrorStats | null;
  readonly bars: (db: number | null) => number;
  readonly kind: 'local' | 'accumulated';
}

function ErrorBar({ error, bars, kind }: ErrorBarProps) {
  if (!error) return <span class="metric dim">{NOT_MEASURED}</span>;
  return (
    <span class="bar-cell">
      <i class={`bar ${kind}`} style={{ width: `${bars(decibels(error)) * 100}%` }} />
      <span class="figure small">{decibel(error.sqnrDb, error.exact)}</span>
    </span>
  );
}

function RailBar({ row: { atRails, layer } }: { readonly row: LayerRow }) {
  if (atRails === null || !layer) return <span class="metric dim">{NOT_MEASURED}</span>;
  const { count: told, lost, values } = atRails;
  const share = told / values;
  const tip =
    lost && told < layer.saturation.total
      ? `${percent(layer.saturation.total / values)} at the rails, the rest as float is`
      : undefined;
  return (
    <span class="bar-cell" data-tip={told > 0 && !lost ? 'At the rails as float is: nothing is lost' : tip}>
      <i class={`bar ${lost ? 'lost-bar' : 'local'}`} style={{ width: `${told === 0 ? 0 : Math.max(2, share * 100)}%` }} />
      <span class={`figure small ${lost ? '' : 'dim'}`}>{shareOrCount(told, values)}</span>
    </span>
  );
}
