import { useState } from 'preact/hooks';
import type { QuantizedState } from '../../../extension/protocol/fix';
import { Button } from '../../ui/Button';
import { Panel } from '../../ui/Panel';
import { plural } from '../text';

const FIRST = 8;

/** What the quantizer decided where it had a choice, or could not do what the recipe asks for. */
export function NotesPanel({ quantized: { notes } }: { readonly quantized: QuantizedState }) {
  const [all, setAll] = useState(false);
  if (notes.length === 0) return null;
  const shown = all ? notes : notes.slice(0, FIRST);
  return (
    <Panel title="Notes of the quantizer" detail={plural(notes.length, 'note')} flush testId="panel-notes">
      <ul class="rows">
        {shown.map(({ kind, name, text }, place) => (
          <li class="row" key={place}>
            {name === '' ? null : <div class="name">{name}</div>}
            <div class={`detail ${kind === 'refused' ? '' : 'dim'}`}>{text}</div>
          </li>
        ))}
      </ul>
      {shown.length < notes.length ? (
        <div class="more">
          <Button onClick={() => setAll(true)}>{`Show ${notes.length - shown.length} more`}</Button>
        </div>
      ) : null}
    </Panel>
  );
}
