import * as vscode from 'vscode';
import type { ModelDocument } from './modelDocument';
import type { OfferedFile } from './protocol/messages';

/** Lets the user pick the recording that a model's sound is to be compared with; null when cancelled. */
export async function chooseRecording(document: ModelDocument): Promise<OfferedFile | null> {
  const picked = await vscode.window.showOpenDialog({
    defaultUri: vscode.Uri.joinPath(document.uri, '..'),
    title: 'Clean recording to compare with',
    openLabel: 'Compare',
    filters: { Audio: ['wav'] },
  });
  const uri = picked?.[0];
  return uri === undefined ? null : document.session.details.addRecording(uri.toString());
}
