import * as vscode from 'vscode';
import { fileBehind } from './cells/cellsUri';
import type { ModelDocument } from './modelDocument';

const ENDINGS = ['log', 'txt', 'xml', 'csv'];

/**
 * Lets the user pick a log of a target's own tool, and lays it over the map. False when cancelled.
 * @throws Error when it is no log of a known kind, or damaged
 */
export async function importTargetLog(document: ModelDocument): Promise<boolean> {
  const picked = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(fileBehind(document.uri), '..'),
    title: 'Log of a target’s own tool: Edge TPU compiler, Vela, benchmark_model',
    openLabel: 'Lay over the map',
    filters: { [`Logs (${ENDINGS.map((ending) => `.${ending}`).join(' ')})`]: ENDINGS, 'All files': ['*'] },
  });
  const uri = picked?.[0];
  if (uri === undefined) return false;
  await document.session.targets.importLog(uri.toString());
  return true;
}
