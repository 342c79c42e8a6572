import * as vscode from 'vscode';
import { VIEW_TYPE, type InspectorEditor } from './inspectorEditor';
import { runStatus } from './runStatus';

/**
 * One status bar item: for the run of the active inspector, or, while another editor is in front, for a run that is under way in the
 * background (a click brings its inspector to the front). Hidden otherwise.
 */
export function statusBar(editor: InspectorEditor): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('gatescope.run', vscode.StatusBarAlignment.Right, 100);
  item.name = 'GateScope Run';
  const listener = editor.onDidChange(() => {
    const document = editor.active?.document ?? editor.running;
    if (document === null) return item.hide();
    const { text, tooltip, command } = runStatus(document.session.state);
    const isFront = editor.active !== null;
    item.text = text;
    item.tooltip = isFront ? tooltip : `Running ${document.session.state.fileName}. Click to show it.`;
    item.command = isFront
      ? (command ?? undefined)
      : { title: 'Show', command: 'vscode.openWith', arguments: [document.uri, VIEW_TYPE] };
    item.accessibilityInformation = { label: `GateScope: ${text.replace(/\$\([^)]*\) ?/g, '')}` };
    item.show();
  });
  return vscode.Disposable.from(item, listener);
}
