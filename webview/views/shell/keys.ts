import { keyOfLstm, sameOp, shownLstm } from '../../derived';
import type { Inspector } from '../../inspector';
import { TABS } from '../../viewState';
import { nextStage } from '../lstm/stages';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** @param typing the focus is in a text field or an open list, which keep plain keys for themselves @returns whether the key did something */
export function actOnKey(inspector: Inspector, press: KeyPress, typing: boolean): boolean {
  const { host, keysShown } = inspector.store.state;
  if (host?.model.status !== 'open' || keysShown) return false;
  if ((press.ctrlKey || press.metaKey) && press.key === 'Enter') {
    void inspector.run();
    return true;
  }
  if (press.ctrlKey || press.metaKey || press.altKey) return false;
  if (press.key === 'Escape') return escape(inspector);
  return !typing && plainKey(inspector, press.key);
}

/** One thing per press: cancel a run, else clear the filter, else the notice, else the selection. */
function escape(inspector: Inspector): boolean {
  const { host, view, notice } = inspector.store.state;
  if (host?.run.status === 'running') void inspector.cancel();
  else if (view.tab === 'layers' && view.filter !== '') inspector.view({ filter: '' });
  else if (notice) inspector.dismiss();
  else if (view.tab === 'layers' && view.layer) inspector.view({ layer: null });
  else if (view.tab === 'lstm' && view.signal) inspector.view({ signal: null });
  else if (view.tab === 'targets' && view.placement) inspector.view({ placement: null });
  else return false;
  return true;
}

function plainKey(inspector: Inspector, key: string): boolean {
  const { host, view } = inspector.store.state;
  const overview = host?.model.status === 'open' ? host.model.overview : null;
  if (!overview) return false;
  const tab = /^[1-9]$/.test(key) ? TABS[Number(key) - 1] : undefined;
  if (tab !== undefined) {
    if (tab === 'lstm' && overview.lstms.length === 0) return false;
    inspector.view({ tab });
    return true;
  }
  if (key === '?') {
    inspector.store.dispatch({ type: 'keys', shown: true });
    return true;
  }
  if (view.tab !== 'lstm') return false;
  const lstm = shownLstm(overview, view.lstm);
  if (!lstm) return false;
  if (key === 'l') {
    inspector.view({ counts: view.counts === 'log' ? 'linear' : 'log' });
    return true;
  }
  if (key === '[' || key === ']') {
    const at = overview.lstms.findIndex((other) => sameOp(keyOfLstm(other), keyOfLstm(lstm)));
    const next = overview.lstms[at + (key === ']' ? 1 : -1)];
    if (next) inspector.view({ lstm: keyOfLstm(next) });
    return true;
  }
  const signal = nextStage(lstm, view.signal, key);
  if (signal === null) return false;
  inspector.view({ signal });
  return true;
}
