import * as vscode from 'vscode';
import { VIEW_TYPE, type InspectorEditor } from '../inspectorEditor';

/** GateScope: Open in Inspector. From the explorer with a file, from the palette with a dialog. */
export async function openInInspector(_editor: InspectorEditor, uri?: vscode.Uri): Promise<void> {
  const target =
    uri ??
    (
      await vscode.window.showOpenDialog({
        openLabel: 'Open in Inspector',
        filters: { 'Models (.tflite, .onnx, .pb)': ['tflite', 'onnx', 'pb'] },
      })
    )?.[0];
  if (target !== undefined) await vscode.commands.executeCommand('vscode.openWith', target, VIEW_TYPE);
}
