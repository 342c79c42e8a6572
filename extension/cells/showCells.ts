import * as vscode from 'vscode';
import type { ModelDocument } from '../modelDocument';
import { cellsUri, modelBehind } from './cellsUri';

/** Opens the model with its LSTMs and GRUs in small operators as cells, in an inspector of its own. */
export async function showCells({ uri }: ModelDocument, asFloat: boolean, viewType: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', cellsUri(uri, { asFloat }), viewType);
}

/** Opens the file that the cells shown were made from. */
export async function showFile({ uri }: ModelDocument, viewType: string): Promise<void> {
  const found = modelBehind(uri);
  if (found !== null) await vscode.commands.executeCommand('vscode.openWith', found.model, viewType);
}
