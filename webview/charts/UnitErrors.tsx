import { walkedTo } from './brushKeys';
import { Chart, type ChartFrame } from './chart';
import { count, real } from './format';
import { Label, round } from './Label';
import { layoutUnits, type UnitColumn, type UnitFigure, type UnitLayout } from './unitLayout';

export interface UnitErrorsProps extends ChartFrame {
  /** In order. */
  readonly units: readonly UnitFigure[];
  readonly selected: number | null;
  /** RMS error to compare with, dotted. */
  readonly reference: number | null;
  readonly onSelect?: (unit: number | null) => void;
}

/** RMS error of every unit as a column, accumulated, with the local error as a line across it. Arrow keys walk the columns. */
export function UnitErrors(props: UnitErrorsProps) {
  const { units, width, height, selected, reference } = props;
  const layout = layoutUnits(units, width, height);
  const { left, plotWidth, columns, columnWidth, y, ticks, bottom, top } = layout;
  const at = columns.findIndex(({ first, last }) => selected !== null && selected >= first && selected <= last);
  const gap = columnWidth > 4 ? 1 : 0;
  const bar = (value: number, k: number) =>
    `M${round(k * columnWidth)},${round(bottom)}V${round(y(value))}h${round(columnWidth - gap)}V${round(bottom)}Z`;
  const level = reference === null ? null : y(reference);
  return (
    <Chart {...props} role={props.onSelect ? 'figure' : 'img'}>
      <g transform={`translate(${left},0)`} {...keyboard(props, layout, at)}>
        {ticks.map((tick) => (
          <>
            <path d={`M0,${round(y(tick))}H${round(plotWidth)}`} stroke="var(--gs-hair)" />
            <Label x={-6} y={y(tick) + 3.5} anchor="end" tone="dim" mono>
              {real(tick)}
            </Label>
          </>
        ))}
        <path d={columns.map(({ worst }, k) => bar(worst.rmse, k)).join('')} fill="var(--gs-fg)" fill-opacity={0.45} />
        <path d={columns.map(({ worst }, k) => localMark(worst, k, layout)).join('')} stroke="var(--gs-fg)" stroke-width={1.5} />
        {level !== null && level >= top && (
          <path d={`M0,${round(level)}H${round(plotWidth)}`} stroke="var(--gs-fg)" stroke-dasharray="1 3" stroke-width={1.3} />
        )}
        {at >= 0 && (
          <rect
            x={round(at * columnWidth - 1)}
            y={top - 4}
            width={round(Math.max(3, columnWidth + 2 - gap))}
            height={round(bottom - top + 5)}
            fill="none"
            stroke="var(--gs-focus)"
            stroke-width={2}
          />
        )}
        <Label x={0} y={height - 6} tone="dim" mono>
          {count(units[0]?.unit ?? 0)}
        </Label>
        <Label x={Math.max(30, columns.length * columnWidth)} y={height - 6} anchor="end" tone="dim" mono>
          {count(units.at(-1)?.unit ?? 0)}
        </Label>
        <HitArea {...props} layout={layout} at={at} />
      </g>
    </Chart>
  );
}

function localMark({ localRmse }: UnitFigure, k: number, { columnWidth, y }: UnitLayout): string {
  const gap = columnWidth > 4 ? 1 : 0;
  return `M${round(k * columnWidth)},${round(y(localRmse))}h${round(columnWidth - gap)}`;
}

function HitArea({ onSelect, layout, selected }: UnitErrorsProps & { readonly layout: UnitLayout; readonly at: number }) {
  if (!onSelect) return null;
  const { columns, columnWidth, top, bottom } = layout;
  return (
    <rect
      class="gs-bins"
      x={0}
      y={top - 4}
      width={round(columns.length * columnWidth)}
      height={round(bottom - top + 4)}
      fill="transparent"
      onClick={(event: MouseEvent) => {
        const box = (event.currentTarget as Element).getBoundingClientRect();
        const share = box.width > 0 ? (event.clientX - box.left) / box.width : 0;
        const column = columns[Math.min(columns.length - 1, Math.floor(share * columns.length))];
        if (column) onSelect(column.worst.unit === selected ? null : column.worst.unit);
      }}
    />
  );
}

/** Arrows walk the columns; each is read out with its figures. */
function keyboard({ onSelect, title }: UnitErrorsProps, { columns }: UnitLayout, at: number) {
  if (!onSelect || columns.length === 0) return {};
  const shown = columns[Math.max(0, at)];
  return {
    tabindex: 0,
    role: 'slider',
    'aria-label': title,
    'aria-valuemin': columns[0]?.first ?? 0,
    'aria-valuemax': columns.at(-1)?.last ?? 0,
    'aria-valuenow': shown?.worst.unit ?? 0,
    'aria-valuetext': shown === undefined ? '' : describeUnits(shown),
    class: 'gs-choice',
    onKeyDown: (event: KeyboardEvent) => {
      const target = walkedTo(event.key, at, 0, columns.length - 1);
      if (target === null || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      onSelect(columns[target]?.worst.unit ?? null);
    },
  } as const;
}

/** `unit 12: error RMS 0.0123, local 0.0042`. */
export function describeUnits({ first, last, worst }: UnitColumn): string {
  const figures = `error RMS ${real(worst.rmse)}, local ${real(worst.localRmse)}`;
  return first === last ? `unit ${count(first)}: ${figures}` : `units ${count(first)} to ${count(last)}, worst ${count(worst.unit)}: ${figures}`; // prettier-ignore
}
