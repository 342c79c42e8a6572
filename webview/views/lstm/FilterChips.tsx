import { signedReal } from '../../charts/format';
import type { ValuePick, ViewState } from '../../viewState';
import { useInspector } from '../InspectorContext';

/** What is picked out, each removable; Esc removes them too. */
export function FilterChips({ view, of }: { readonly view: ViewState; readonly of: 'signal' | 'steps' }) {
  const inspector = useInspector();
  if (!view.steps && !view.pick) return null;
  return (
    <span class="chips" data-testid={`chips-${of}`}>
      {view.steps ? (
        <Chip
          text={`steps ${view.steps.from} to ${view.steps.to - 1}`}
          onRemove={() => {
            inspector.view({ steps: null });
          }}
        />
      ) : null}
      {view.pick ? (
        <Chip
          text={pickText(view.pick)}
          onRemove={() => {
            inspector.view({ pick: null });
          }}
        />
      ) : null}
    </span>
  );
}

function Chip({ text, onRemove }: { readonly text: string; readonly onRemove: () => void }) {
  return (
    <span class="chip">
      {text}
      <button type="button" aria-label={`Remove the filter ${text}`} onClick={onRemove}>
        <i class="codicon codicon-close" aria-hidden="true" />
      </button>
    </span>
  );
}

function pickText(pick: ValuePick): string {
  switch (pick.kind) {
    case 'range':
      return `values ${signedReal(pick.from)} to ${signedReal(pick.to)}`;
    case 'rails':
      return 'values at a rail';
    case 'flat':
      return 'values at the activation’s end';
    case 'clip':
      return 'values at the model’s clip';
  }
}
