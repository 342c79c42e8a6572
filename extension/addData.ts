import * as vscode from 'vscode';
import type { ModelDocument } from './modelDocument';
import type { DataChoice } from './protocol/messages';

/** Offers files, or one folder, that were dropped on the inspector. @throws Error when there is no data in them. */
export async function addData(document: ModelDocument, uris: readonly string[]): Promise<DataChoice | null> {
  const [first] = uris;
  if (first === undefined) return null;
  const isFolder = uris.length === 1 && (await isDirectory(vscode.Uri.parse(first, true)));
  return document.session.pick(isFolder ? { folder: first } : { files: [...uris] });
}

async function isDirectory(uri: vscode.Uri): Promise<boolean> {
  const { type } = await vscode.workspace.fs.stat(uri);
  return (type & vscode.FileType.Directory) !== 0;
}
