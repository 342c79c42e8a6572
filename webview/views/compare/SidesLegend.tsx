import { SideA, SideB } from '../../charts/DifferenceMap';

/** The marks of both sides. */
export function SidesLegend() {
  return (
    <span class="caption sides-legend">
      <svg width={10} height={10} aria-hidden="true">
        <SideA x={5} y={5} />
      </svg>{' '}
      A{' '}
      <svg width={11} height={11} aria-hidden="true">
        <SideB x={5.5} y={5.5} />
      </svg>{' '}
      B
    </span>
  );
}
