import * as vscode from 'vscode';
import type { ModelDocument } from '../modelDocument';
import { savePlace } from '../savePlace';
import { offerToOpen } from '../saveQuantized';
import { workspaceFiles } from '../workspaceFiles';
import { writeFile } from '../writeFile';
import { fusedName } from './cellsPlace';
import { cellsUri, fileBehind, modelBehind } from './cellsUri';

/** Asks for the place, writes the model with fused LSTMs there; the path as people read it, or null when cancelled. */
export async function saveFused({ uri }: ModelDocument, asFloat: boolean, viewType: string): Promise<string | null> {
  const model = fileBehind(uri);
  const choice = modelBehind(uri)?.choice ?? { asFloat };
  // Before a place is asked for: there may be no file to write.
  const bytes = await workspaceFiles.read(cellsUri(model, { ...choice, asFile: true }).toString());
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(savePlace(uri), fusedName(model.path)),
    title: 'Save as Fused .tflite',
    filters: { 'TensorFlow Lite': ['tflite'] },
  });
  if (target === undefined) return null;
  await writeFile(target, bytes);
  void offerToOpen(target, viewType);
  return vscode.workspace.asRelativePath(target);
}
