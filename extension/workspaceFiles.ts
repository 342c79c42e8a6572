import * as vscode from 'vscode';
import type { FileAccess, FolderEntry } from './fileAccess';

/** Files through `workspace.fs`, so that remote and virtual file systems work like local ones. */
export const workspaceFiles: FileAccess = {
  async list(folder) {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.parse(folder, true));
    return entries.flatMap(([name, type]): FolderEntry[] => {
      if (type & vscode.FileType.Directory) return [{ name, kind: 'folder' }];
      return type & vscode.FileType.File ? [{ name, kind: 'file' }] : [];
    });
  },
  async size(file) {
    return (await vscode.workspace.fs.stat(vscode.Uri.parse(file, true))).size;
  },
  async isLink(file) {
    const { type } = await vscode.workspace.fs.stat(vscode.Uri.parse(file, true));
    return (type & vscode.FileType.SymbolicLink) !== 0;
  },
  async read(file) {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.parse(file, true));
    // A view into a shared or pooled buffer must not be transferred: it would take its neighbours' bytes along.
    const ownsBuffer = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
    return ownsBuffer ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
  },
  join: (folder, name) => vscode.Uri.joinPath(vscode.Uri.parse(folder, true), name).toString(),
  parent: (file) => vscode.Uri.joinPath(vscode.Uri.parse(file, true), '..').toString(),
  name: (file) => vscode.Uri.parse(file, true).path.split('/').at(-1) ?? file,
};
