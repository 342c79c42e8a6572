import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { fileBehind } from './cells/cellsUri';

/** Beside the model; for models that nobody should write beside (read-only file systems, this extension's samples) the workspace. */
export function savePlace(uri: vscode.Uri): vscode.Uri {
  const model = fileBehind(uri);
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
  const isSample = vscode.extensions.all.some(({ extensionUri }) => model.toString().startsWith(`${extensionUri.toString()}/`));
  const isWritable = !isSample && vscode.workspace.fs.isWritableFileSystem(model.scheme) !== false;
  return isWritable ? vscode.Uri.joinPath(model, '..') : (workspace ?? vscode.Uri.file(homedir()));
}
