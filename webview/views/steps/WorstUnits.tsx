import type { UnitFigures } from '../../../worker/core/report/detail';
import { real } from '../../charts/format';
import { useId } from 'preact/hooks';

/** Units with the largest RMS error, the worst first; each outlines its row in the heat map. */
export function WorstUnits({
  units,
  most: rows,
  faded,
  selected,
  onSelect,
}: {
  readonly units: readonly UnitFigures[];
  /** Rows that there is room for; the selected unit takes the last one where it is not among them. */
  readonly most: number;
  /** Nothing of what is picked out is in these. */
  readonly faded: ReadonlySet<number>;
  readonly selected: number | null;
  readonly onSelect: (unit: number | null) => void;
}) {
  const id = useId();
  const most = units.reduce((largest, { rmse }) => Math.max(largest, rmse), 0);
  const first = units.slice(0, Math.min(5, Math.max(1, rows - 1)));
  const chosen = units.find(({ unit }) => unit === selected);
  const shown = chosen && !first.includes(chosen) ? [...first.slice(0, first.length < 2 ? 1 : -1), chosen] : first;
  return (
    <>
      <span class="caption" id={id}>
        worst units, RMS
      </span>
      <ol class="worst-units" aria-labelledby={id} data-testid="worst-units">
        {shown.map(({ unit, rmse }) => (
          <li key={unit} class={faded.has(unit) ? 'faded' : ''}>
            <button
              type="button"
              aria-pressed={unit === selected}
              onClick={() => {
                onSelect(unit === selected ? null : unit);
              }}
            >
              <span class="visually-hidden">unit </span>
              <span class="figure small unit">{unit}</span>
              <i style={{ width: `${most > 0 ? Math.max(2, (rmse / most) * 38) : 2}px` }} aria-hidden="true" />
              <span class="visually-hidden">, RMS error </span>
              <span class="figure small">{real(rmse)}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  );
}
