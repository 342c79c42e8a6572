import { cellInfos } from '../../../worker/core/report/cellInfos';
import { shownLstm } from '../../derived';
import type { Inspector } from '../../inspector';
import type { StudyName } from '../../study';
import { soundOf } from '../audio/soundOf';
import { TABS, type ViewState } from '../../viewState';
import { lstmKey, stepKey } from '../lstm/lstmKeys';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  /** Of the key itself, whatever its layout prints with Shift. */
  readonly code: string;
}

/** @param typing the focus is in a text field or an open list, which keep plain keys for themselves @returns whether the key did something */
export function actOnKey(inspector: Inspector, press: KeyPress, typing: boolean): boolean {
  const { host, keysShown } = inspector.store.state;
  if (host?.model.status !== 'open' || keysShown) return false;
  if ((press.ctrlKey || press.metaKey) && press.key === 'Enter') {
    void inspector.run();
    return true;
  }
  if (press.ctrlKey || press.metaKey || (press.altKey && stepKey(press) === null)) return false;
  if (press.key === 'Escape') return escape(inspector);
  return !typing && plainKey(inspector, press);
}

const isFiltered = ({ filter, layers }: ViewState): boolean =>
  filter !== '' || layers.kinds.length > 0 || layers.finding !== null || layers.stretch !== null;

/** One thing per press: cancel a run, else a study, else clear the filter, else the notice, else the selection. */
function escape(inspector: Inspector): boolean {
  const { host, view, notice } = inspector.store.state;
  const study = shownStudy(inspector);
  if (host?.run.status === 'running' || host?.fix.job.status === 'running') void inspector.cancel();
  else if (study) inspector.stopStudy(study);
  else if (view.tab === 'layers' && isFiltered(view))
    inspector.view({ filter: '', layers: { ...view.layers, kinds: [], finding: null, stretch: null } });
  else if (notice) inspector.dismiss();
  else if (view.tab === 'layers' && view.layers.also.length > 0) inspector.layers({ also: [] });
  else if (view.tab === 'layers' && view.layer) inspector.view({ layer: null });
  else if (view.tab === 'lstm' && (view.steps || view.pick || view.window || view.stepWindow))
    inspector.view({ steps: null, pick: null, window: null, stepWindow: null });
  else if (view.tab === 'lstm' && (view.step !== null || view.unit !== null)) inspector.view({ step: null, unit: null });
  else if (view.tab === 'lstm' && view.signal) inspector.view({ signal: null });
  else if (view.tab === 'targets' && view.placement) inspector.view({ placement: null });
  else return false;
  return true;
}

/** The study under way whose progress is on the screen. */
function shownStudy(inspector: Inspector): StudyName | null {
  const { studies, view } = inspector.store.state;
  if (view.tab === 'compare' && studies.comparison.asked) return 'comparison';
  return (view.tab === 'lstm' || view.tab === 'overview') && studies.blame.asked ? 'blame' : null;
}

function plainKey(inspector: Inspector, press: KeyPress): boolean {
  const { key } = press;
  const { host, view } = inspector.store.state;
  const overview = host?.model.status === 'open' ? host.model.overview : null;
  if (!overview) return false;
  const tab = /^[1-9]$/.test(key) ? TABS[Number(key) - 1] : undefined;
  if (tab !== undefined) {
    if (tab === 'lstm' && cellInfos(overview).length === 0) return false;
    if (tab === 'audio' && soundOf(overview, host?.report ?? null).length === 0) return false;
    inspector.view({ tab });
    return true;
  }
  if (key === '?') {
    inspector.store.dispatch({ type: 'keys', shown: true });
    return true;
  }
  if (key === 'p' && (view.tab === 'lstm' || view.tab === 'overview')) {
    // With figures already there, the selected part's stand under its histogram.
    if (!inspector.store.state.studies.blame.answer) void inspector.blame();
    return true;
  }
  if (view.tab === 'fix' && (key === 'z' || key === 'Z')) return inspector.fix.move(key === 'z' ? -1 : 1);
  if (view.tab !== 'lstm') return false;
  const lstm = shownLstm(overview, view.lstm);
  return lstm !== null && lstmKey(inspector, overview, lstm, press);
}
