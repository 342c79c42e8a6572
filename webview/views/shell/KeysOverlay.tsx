import { useEffect, useRef } from 'preact/hooks';
import type { Inspector } from '../../inspector';
import { Button } from '../../ui/Button';

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['1', '2', '3', '4', '5', '6', '7'], 'Overview, Layers, LSTM or GRU, Targets, Compare, Fix, Audio'],
  [['Ctrl', 'Enter'], 'run'],
  [['Esc'], 'cancel a run, else clear the filter, else clear the selection'],
  [['↑', '↓'], 'previous, next row of a table'],
  [['Enter'], 'open the gates of the selected LSTM or GRU'],
  [['[', ']'], 'previous, next LSTM or GRU'],
  [['←', '→', '↑', '↓'], 'in the cell: next box along the flow, lane above or below'],
  [['i', 'f', 'g', 'o'], 'in an LSTM: select a gate; again: its next stage'],
  [['z', 'r', 'n'], 'in a GRU: select update gate, reset gate, candidate; a: the sum of a simple recurrent layer'],
  [['c', 'h', 'x'], 'select cell, output, input'],
  [['Shift', '[', ']'], 'previous, next sample'],
  [[',', '.'], 'one step back, forward; with Shift to the next mark, with Alt to the next step with a value at a rail'],
  [['u', 'U'], 'next, previous of the units with the largest error'],
  [['Shift', '←', '→'], 'in a histogram or the steps: select a range; + and − zoom a histogram, 0 shows all'],
  [
    ['Wheel', 'Space'],
    'in a histogram or the steps: zoom (Shift: steps only, Alt: values only); Space and drag moves, a double click shows all',
  ],
  [['b'], 'select a range by the arrows alone; Enter or Esc ends it'],
  [['p'], 'put the selected part back to float and show the gain'],
  [['y'], 'copy a chart or table of the panel in focus'],
  [['l'], 'linear or logarithmic counts'],
  [['/'], 'in Layers: filter; Enter goes to the next match'],
  [['Shift', '↑', '↓'], 'in Layers: select several rows; Ctrl+A all'],
  [['+', '−', '0'], 'in the graph: zoom, show all; arrows follow the lines, Enter opens a group'],
  [['z', 'Z'], 'in Fix: undo, redo'],
  [['?'], 'this list'],
];

export function KeysOverlay({ inspector }: { readonly inspector: Inspector }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = () => {
    inspector.store.dispatch({ type: 'keys', shown: false });
  };
  return (
    <dialog class="keys" ref={dialog} aria-label="All keys" data-testid="keys" onClose={close}>
      <header>
        <h2>Keys</h2>
        <Button quiet icon="close" label="Close" onClick={close} />
      </header>
      <dl>
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </dialog>
  );
}
