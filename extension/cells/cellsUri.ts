import * as vscode from 'vscode';
import { CELLS_SCHEME, cellsPath, type CellsPlace, cellsQuery, parseCellsQuery } from './cellsPlace';

/** The file that shows a model's LSTMs and GRUs in small operators as cells. */
export function cellsUri(model: vscode.Uri, choice: Omit<CellsPlace, 'model'>): vscode.Uri {
  const query = cellsQuery({ ...choice, model: model.toString() });
  return vscode.Uri.from({ scheme: CELLS_SCHEME, path: cellsPath(model.path), query });
}

/** The model that such a file is made from; null for any other file. */
export function modelBehind(uri: vscode.Uri): { readonly model: vscode.Uri; readonly choice: Omit<CellsPlace, 'model'> } | null {
  const place = uri.scheme === CELLS_SCHEME ? parseCellsQuery(uri.query) : null;
  if (place === null) return null;
  const { model, ...choice } = place;
  return { model: vscode.Uri.parse(model, true), choice };
}

/** The file itself, or the one that it is made from: where dialogs begin, and what is saved lands. */
export function fileBehind(uri: vscode.Uri): vscode.Uri {
  return modelBehind(uri)?.model ?? uri;
}
