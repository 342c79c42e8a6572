import * as vscode from 'vscode';
import type { ModelDocument } from './modelDocument';
import { stemOf } from './recipeFiles';
import { savePlace } from './savePlace';
import { workspaceFiles } from './workspaceFiles';
import { writeFile } from './writeFile';

const OPEN = 'Open in Inspector';

/** Asks for the place, writes the quantized model there; the path as people read it, or null when cancelled. */
export async function saveQuantized(document: ModelDocument, viewType: string): Promise<string | null> {
  const { fix } = document.session;
  const scheme = fix.recipe.scheme ?? 'int8';
  // Before a place is asked for: there may be no file to write.
  const bytes = await fix.bytes();
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(savePlace(document.uri), `${stemOf(document)}.${scheme}.tflite`),
    title: 'Save Quantized Model',
    filters: { 'TensorFlow Lite': ['tflite'] },
  });
  if (target === undefined) return null;
  await writeFile(target, bytes);
  void offerToOpen(target, viewType);
  return vscode.workspace.asRelativePath(target);
}

export async function offerToOpen(target: vscode.Uri, viewType: string): Promise<void> {
  const chosen = await vscode.window.showInformationMessage(`Model saved: ${workspaceFiles.name(target.toString())}`, OPEN);
  if (chosen === OPEN) await vscode.commands.executeCommand('vscode.openWith', target, viewType);
}
