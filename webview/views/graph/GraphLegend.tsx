import { MOST_LEVEL } from '../../charts/GraphPicture';
import type { GraphColour } from '../../layersState';
import { legendOf } from './boxFigures';

/** What the colours stand for. */
export function GraphLegend({ colour }: { readonly colour: GraphColour }) {
  return (
    <ul class="legend" data-testid="graph-legend">
      {legendOf(colour).map(({ tone, level, text }) => (
        <li key={text}>
          <i style={{ background: `color-mix(in srgb, var(--gs-${tone}) ${(level / MOST_LEVEL) * 70}%, var(--gs-bg))` }} />
          {text}
        </li>
      ))}
    </ul>
  );
}
