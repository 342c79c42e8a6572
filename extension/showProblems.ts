import * as vscode from 'vscode';

/** Brings the Problems panel to the front, where the findings are listed. */
export async function showProblems(): Promise<void> {
  await vscode.commands.executeCommand('workbench.panel.markers.view.focus');
}
