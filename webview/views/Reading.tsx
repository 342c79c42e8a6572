import type { Reading as SignalReading } from '../figures/readings';

/** What a signal says in one sentence. Red means that values were lost. */
export function Reading({ reading }: { readonly reading: SignalReading }) {
  return (
    <p class="reading" data-testid="reading">
      <strong class={reading.lost ? 'lost' : ''}>{reading.lead}</strong> {reading.rest}
    </p>
  );
}
