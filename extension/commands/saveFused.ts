import * as vscode from 'vscode';
import { saveFused as save } from '../cells/saveFused';
import { VIEW_TYPE, type InspectorEditor } from '../inspectorEditor';

/** GateScope: Save as Fused .tflite… */
export async function saveFused({ active }: InspectorEditor): Promise<void> {
  try {
    if (active !== null) await save(active.document, false, VIEW_TYPE);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
