import * as vscode from 'vscode';
import { readNormalisation } from '../worker/core/data/features/fields';
import { DATA_ENDINGS } from './dataDiscovery';
import type { ModelDocument } from './modelDocument';
import type { DataChoice } from './protocol/messages';

/** Largest file of means and deviations that is read. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Lets the user pick the file of one of several inputs; null when cancelled. */
export async function chooseInput(document: ModelDocument, input: string): Promise<DataChoice | null> {
  const file = await pickFile(document, `Data for input ${input}`, { Data: [...DATA_ENDINGS] });
  return file === null ? null : document.session.pickForInput(input, file.toString());
}

/**
 * Lets the user pick a .json of means and standard deviations, by which features are then normalised; false when cancelled.
 * @throws Error when it holds none
 */
export async function chooseNormalisation(document: ModelDocument): Promise<boolean> {
  const file = await pickFile(document, 'Mean and standard deviation of the features', { JSON: ['json'] });
  if (file === null) return false;
  const { size } = await vscode.workspace.fs.stat(file);
  if (size > MAX_BYTES)
    throw new Error(`The file has ${size.toLocaleString('en-US')} bytes; up to ${MAX_BYTES.toLocaleString('en-US')} are read.`);
  const content: unknown = JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
  document.session.setDataOptions({ ...document.session.state.dataOptions, normalise: readNormalisation(content) });
  return true;
}

async function pickFile(document: ModelDocument, title: string, filters: Record<string, string[]>): Promise<vscode.Uri | null> {
  const picked = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(document.uri, '..'),
    title,
    openLabel: 'Use',
    filters,
  });
  return picked?.[0] ?? null;
}
