import * as vscode from 'vscode';
import { CELLS_SCHEME, cellsPath, cellsQuery, parseCellsQuery } from './cellsPlace';

/** The file that shows a model's LSTMs in small operators as cells. */
export function cellsUri(model: vscode.Uri, asFloat: boolean): vscode.Uri {
  const query = cellsQuery({ model: model.toString(), asFloat });
  return vscode.Uri.from({ scheme: CELLS_SCHEME, path: cellsPath(model.path), query });
}

/** The model that such a file is made from; null for any other file. */
export function modelBehind(uri: vscode.Uri): { readonly model: vscode.Uri; readonly asFloat: boolean } | null {
  const place = uri.scheme === CELLS_SCHEME ? parseCellsQuery(uri.query) : null;
  return place === null ? null : { model: vscode.Uri.parse(place.model, true), asFloat: place.asFloat };
}

/** The file itself, or the one that it is made from: where dialogs begin, and what is saved lands. */
export function fileBehind(uri: vscode.Uri): vscode.Uri {
  return modelBehind(uri)?.model ?? uri;
}
