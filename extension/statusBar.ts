import * as vscode from 'vscode';
import type { InspectorEditor } from './inspectorEditor';
import { runStatus } from './runStatus';

/** One status bar item for the run of the active inspector; hidden elsewhere. */
export function statusBar(editor: InspectorEditor): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('gatescope.run', vscode.StatusBarAlignment.Right, 100);
  item.name = 'GateScope Run';
  const listener = editor.onDidChangeActive((active) => {
    if (active === null) return item.hide();
    const { text, tooltip, command } = runStatus(active.document.session.state);
    item.text = text;
    item.tooltip = tooltip;
    item.command = command ?? undefined;
    item.accessibilityInformation = { label: `GateScope: ${text.replace(/\$\([^)]*\) ?/g, '')}` };
    item.show();
  });
  return vscode.Disposable.from(item, listener);
}
