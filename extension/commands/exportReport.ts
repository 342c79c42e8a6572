import * as vscode from 'vscode';
import { exportReport as writeReport } from '../exportReport';
import type { InspectorEditor } from '../inspectorEditor';

/** GateScope: Export Report… */
export async function exportReport(editor: InspectorEditor): Promise<void> {
  const { active } = editor;
  if (active === null) return;
  try {
    await writeReport(active.document, 'html');
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
