import type { UnitFigures } from '../../../worker/core/report/detail';
import { real } from '../../charts/format';
import { useId } from 'preact/hooks';

/** Units with the largest RMS error, the worst first; each outlines its row in the heat map. */
export function WorstUnits({
  units,
  selected,
  onSelect,
}: {
  readonly units: readonly UnitFigures[];
  readonly selected: number | null;
  readonly onSelect: (unit: number | null) => void;
}) {
  const id = useId();
  const most = Math.max(...units.map(({ rmse }) => rmse), 0);
  return (
    <>
      <span class="caption" id={id}>
        worst units, RMS
      </span>
      <ol class="worst-units" aria-labelledby={id} data-testid="worst-units">
        {units.slice(0, 5).map(({ unit, rmse }) => (
          <li key={unit}>
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
