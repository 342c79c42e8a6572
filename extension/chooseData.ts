import * as vscode from 'vscode';
import { DATA_ENDINGS, dataFiles, dataFolder } from './dataDiscovery';
import type { ModelDocument } from './modelDocument';
import type { DataChoice } from './protocol/messages';
import { workspaceFiles } from './workspaceFiles';

/** Lets the user pick data files, or a folder of them. @throws Error when a folder has no data in it. */
export async function chooseData(document: ModelDocument): Promise<DataChoice | null> {
  const picked = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(document.uri, '..'),
    title: 'Data for the model’s input',
    openLabel: 'Use as Data',
    canSelectFiles: true,
    canSelectFolders: true,
    canSelectMany: true,
    filters: { 'Data (.npy .npz .csv .json .wav)': [...DATA_ENDINGS], 'All files': ['*'] },
  });
  const first = picked?.[0];
  if (picked === undefined || first === undefined) return null;
  const isFolder = picked.length === 1 && ((await vscode.workspace.fs.stat(first)).type & vscode.FileType.Directory) !== 0;
  const set = isFolder
    ? await dataFolder(workspaceFiles, first.toString(), `${workspaceFiles.name(first.toString())}/`)
    : await dataFiles(
        workspaceFiles,
        picked.map((uri) => uri.toString()),
      );
  if (set === null) throw new Error('There is no .npy, .npz, .csv, .json or .wav file in this folder.');
  return document.session.addData(set);
}
