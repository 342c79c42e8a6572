import * as vscode from 'vscode';
import type { StoreFolder } from './reportStore';

/** A folder of the editor's storage for this extension. */
export function storageFolder(folder: vscode.Uri): StoreFolder {
  const { fs } = vscode.workspace;
  const at = (name: string) => vscode.Uri.joinPath(folder, name);
  return {
    async list() {
      const entries = await Promise.resolve(fs.readDirectory(folder)).catch(() => []);
      const dated = await Promise.all(entries.map(async ([name]) => ({ name, time: (await fs.stat(at(name))).mtime })));
      return dated.sort((a, b) => b.time - a.time).map((entry) => entry.name);
    },
    read: async (name) => fs.readFile(at(name)),
    write: async (name, bytes) => fs.writeFile(at(name), bytes),
    remove: async (name) => fs.delete(at(name)),
  };
}
