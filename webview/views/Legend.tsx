/** What the colours of the histograms mean; each also differs in form. */
export function Legend() {
  return (
    <ul class="legend" aria-label="Legend">
      <li>
        <i class="key-float" aria-hidden="true" />
        float
      </li>
      <li>
        <i class="key-int" aria-hidden="true" />
        int8 path
      </li>
      <li>
        <i class="key-rail" aria-hidden="true" />
        at a rail
      </li>
    </ul>
  );
}
