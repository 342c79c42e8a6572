import * as vscode from 'vscode';
import { hexDump, type HexDump } from './hexDump';
import type { ModelDocument } from './modelDocument';
import { workspaceFiles } from './workspaceFiles';

const SCHEME = 'gatescope-hex';

interface Place {
  readonly model: string;
  readonly offset: number;
}

async function dumpAt({ model, offset }: Place): Promise<HexDump> {
  return hexDump(await workspaceFiles.read(model), offset);
}

/** Read-only text documents with the bytes around a place in a model. */
export function registerHexDumps(): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: async (uri) => (await dumpAt(JSON.parse(uri.query) as Place)).text,
  });
}

/**
 * Shows the file's bytes: in the Hex Editor extension where it is installed, else as a read-only text dump around the place of the
 * error, which needs nothing but this extension.
 */
export async function openAsHex(document: ModelDocument): Promise<void> {
  if (vscode.extensions.getExtension('ms-vscode.hexeditor') !== undefined) {
    await vscode.commands.executeCommand('vscode.openWith', document.uri, 'hexEditor.hexedit');
    return;
  }
  const { model } = document.session.state;
  const place: Place = {
    model: document.uri.toString(),
    offset: (model.status === 'broken' ? model.error.byteOffset : null) ?? 0,
  };
  const path = `/${workspaceFiles.name(place.model)} at byte ${place.offset.toLocaleString('en-US')}.hex`;
  const text = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: SCHEME, path, query: JSON.stringify(place) }));
  const { line, column } = await dumpAt(place);
  const editor = await vscode.window.showTextDocument(text, { preview: true });
  editor.selection = new vscode.Selection(line, column, line, column + 2);
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenter);
}
