import { PERSONA_NAMES } from '../../../worker/core/lstm/persona';
import { PERSONA_LABELS } from '../../derived';
import type { AppState } from '../../state';
import { GLOSSARY } from '../../glossary';
import { Dropdown } from '../../ui/Dropdown';
import { useInspector } from '../InspectorContext';

export const PERSONA_CHOICES = PERSONA_NAMES.map((value) => ({ value, label: PERSONA_LABELS[value] }));

/** Whose arithmetic the next run follows. */
export function PersonaDropdown({ state }: { readonly state: AppState }) {
  const inspector = useInspector();
  return (
    <span data-tip={GLOSSARY['persona']}>
      <Dropdown
        label="Persona"
        prefix="Persona"
        choices={PERSONA_CHOICES}
        value={state.view.persona}
        disabled={state.host?.run.status === 'running'}
        testId="persona"
        onChange={(persona) => {
          inspector.view({ persona });
        }}
      />
    </span>
  );
}
