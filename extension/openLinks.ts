import * as vscode from 'vscode';
import { sameAssumed } from './assumedInputs';
import { VIEW_TYPE, type InspectorEditor } from './inspectorEditor';
import { parseLink } from './placeLink';

/** Opens models at the place that a link names. VS Code asks the user first, as for every link to an extension. */
export function openLinks(editor: InspectorEditor): vscode.Disposable {
  return vscode.window.registerUriHandler({
    async handleUri({ query }) {
      const link = parseLink(query);
      if (link === null) {
        void vscode.window.showErrorMessage('This link does not lead to a model that GateScope can open.');
        return;
      }
      const uri = vscode.Uri.parse(link.file, true);
      await vscode.commands.executeCommand('vscode.openWith', uri, VIEW_TYPE);
      const view = editor.viewOf(uri);
      if (view === null) return;
      view.reveal(link.place);
      if (link.assumed !== undefined && !sameAssumed(link.assumed, view.document.session.assumed))
        await view.document.session.assume(link.assumed).catch((error: Error) => vscode.window.showErrorMessage(error.message));
    },
  });
}
