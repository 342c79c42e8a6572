import * as vscode from 'vscode';
import { fileBehind } from './cells/cellsUri';
import type { ModelDocument } from './modelDocument';
import type { OtherModel } from './protocol/messages';

/** Lets the user pick a model to compare this one with; null when cancelled. */
export async function chooseOther(document: ModelDocument): Promise<OtherModel | null> {
  const picked = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(fileBehind(document.uri), '..'),
    title: 'Model to compare with',
    openLabel: 'Compare',
    filters: { 'Models (.tflite, .onnx, .pb)': ['tflite', 'onnx', 'pb'] },
  });
  const uri = picked?.[0];
  return uri === undefined ? null : document.session.studies.addOther(uri.toString());
}
