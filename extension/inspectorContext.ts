import * as vscode from 'vscode';
import type { InspectorEditor } from './inspectorEditor';
import type { InspectorState } from './protocol/messages';

/** LSTMs in small operators that can be shown as cells. */
function hasCells({ model }: InspectorState): boolean {
  return model.status === 'open' && model.overview.recognised?.some(({ shown }) => shown.isShown) === true;
}

/** Context keys for `when` clauses; true only while the active editor is an inspector in that state. */
const KEYS: Readonly<Record<string, (state: InspectorState) => boolean>> = {
  'gatescope.modelOpen': (state) => state.model.status === 'open',
  'gatescope.running': ({ run, fix }) => run.status === 'running' || fix.job.status === 'running',
  'gatescope.hasReport': (state) => state.report !== null,
  'gatescope.hasFloatModel': (state) => state.fix.source !== null,
  'gatescope.hasCells': hasCells,
  'gatescope.canFuse': (state) => hasCells(state) || (state.model.status === 'open' && (state.cellsOf ?? null) !== null),
  'gatescope.hasLstm': (state) => state.model.status === 'open' && state.model.overview.lstms.length > 0,
};

export const CONTEXT_KEYS: readonly string[] = Object.keys(KEYS);

/** Keeps the context keys in step with the active inspector. */
export function trackContext(editor: InspectorEditor): vscode.Disposable {
  const last = new Map<string, boolean>();
  return editor.onDidChange(() => {
    const { active } = editor;
    for (const [key, holds] of Object.entries(KEYS)) {
      const value = active !== null && holds(active.document.session.state);
      if (last.get(key) === value) continue;
      last.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  });
}
