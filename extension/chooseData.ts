import * as vscode from 'vscode';
import { fileBehind } from './cells/cellsUri';
import { DATA_ENDINGS, type DataPick } from './dataDiscovery';
import type { ModelDocument } from './modelDocument';
import type { DataChoice } from './protocol/messages';

const ENDINGS = DATA_ENDINGS.map((ending) => `.${ending}`).join(' ');
const SOURCES = [
  { label: '$(file) Files…', description: ENDINGS, folder: false },
  { label: '$(folder) Folder…', description: 'all data files in it', folder: true },
];

/** Lets the user pick data files, or a folder of them; null when cancelled. @throws Error when there is no data in the folder. */
export async function chooseData(document: ModelDocument): Promise<DataChoice | null> {
  // System dialogs pick either files or folders, so that is asked first.
  const source = await vscode.window.showQuickPick(SOURCES, { title: 'Data for the model’s input' });
  if (source === undefined) return null;
  const picked = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(fileBehind(document.uri), '..'),
    title: source.folder ? 'Folder with data for the model’s input' : 'Data for the model’s input',
    openLabel: 'Use as Data',
    canSelectFiles: !source.folder,
    canSelectFolders: source.folder,
    canSelectMany: !source.folder,
    ...(source.folder ? {} : { filters: { [`Data (${ENDINGS})`]: [...DATA_ENDINGS] } }),
  });
  const [first] = picked ?? [];
  if (picked === undefined || first === undefined) return null;
  const pick: DataPick = source.folder ? { folder: first.toString() } : { files: picked.map((uri) => uri.toString()) };
  return document.session.pick(pick);
}
