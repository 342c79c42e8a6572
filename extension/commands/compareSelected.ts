import * as vscode from 'vscode';
import { VIEW_TYPE, type InspectorEditor } from '../inspectorEditor';

/** GateScope: Compare Selected Models. Two files of the explorer: the first stays in front, the other stands beside it. */
export async function compareSelected(
  editor: InspectorEditor,
  uri?: vscode.Uri,
  selected: readonly vscode.Uri[] = [],
): Promise<void> {
  const other = selected.find((one) => one.toString() !== uri?.toString());
  if (uri === undefined || other === undefined) return;
  await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPE);
  const view = editor.viewOf(uri);
  if (view === null) return;
  view.compareWith(view.document.session.studies.addOther(other.toString()));
}
