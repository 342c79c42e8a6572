import type { Heat } from '../../viewState';

const MEANING = {
  error: (path: string) => `${path} − float`,
  saturation: () => 'at a rail',
  value: (path: string) => `${path} value`,
};

/** What the heat map's colours mean. */
export function HeatLegend({ heat, path }: { readonly heat: Heat; readonly path: string }) {
  return (
    <span class="caption roomy-only heat-legend">
      <i class={`swatch ${heat === 'saturation' ? 'rail' : 'diverging'}`} aria-hidden="true" /> {MEANING[heat](path)}
    </span>
  );
}
