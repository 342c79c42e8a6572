import * as vscode from 'vscode';
import type { StoreFolder } from './reportStore';

/** A folder of the editor's storage for this extension; it is made when it is not there yet. */
export function storageFolder(folder: vscode.Uri): StoreFolder {
  const { fs } = vscode.workspace;
  const made = Promise.resolve(fs.createDirectory(folder));
  const at = (name: string) => vscode.Uri.joinPath(folder, name);
  return {
    async list() {
      await made;
      const entries = await fs.readDirectory(folder);
      const dated = await Promise.all(entries.map(async ([name]) => ({ name, time: (await fs.stat(at(name))).mtime })));
      return dated.sort((a, b) => b.time - a.time).map((entry) => entry.name);
    },
    read: async (name) => fs.readFile(at(name)),
    write: async (name, bytes) => fs.writeFile(at(name), bytes),
    remove: async (name) => fs.delete(at(name)),
  };
}
