import type { Report } from '../../worker/core/report/report';

/** What the colours of the histograms mean; each also differs in form. */
export function Legend({ path }: { readonly path: Report['quantizedPath'] }) {
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <i class="key-float" aria-hidden="true" />
        float
      </li>
      {path === null ? null : (
        <>
          <li>
            <i class="key-int" aria-hidden="true" />
            {path} path
          </li>
          <li>
            <i class="key-rail" aria-hidden="true" />
            at a rail
          </li>
        </>
      )}
    </ul>
  );
}
