import * as vscode from 'vscode';
import { VIEW_TYPE, type InspectorEditor } from './inspectorEditor';
import type { ModelDocument } from './modelDocument';
import { linkQuery, parseLink } from './placeLink';
import type { Place } from './protocol/messages';

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
      editor.viewOf(uri)?.reveal(link.place);
    },
  });
}

/** Puts the link to a place of an open model on the clipboard. */
export async function copyLink({ uri }: ModelDocument, place: Place, extensionId: string): Promise<void> {
  const link = vscode.Uri.from({
    scheme: vscode.env.uriScheme,
    authority: extensionId,
    path: '/open',
    query: linkQuery({ file: uri.toString(), place }),
  });
  const external = await vscode.env.asExternalUri(link);
  await vscode.env.clipboard.writeText(external.toString());
}
