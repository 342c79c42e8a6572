import * as vscode from 'vscode';
import type { ModelDocument } from './modelDocument';
import { savePlace } from './savePlace';
import { workspaceFiles } from './workspaceFiles';

const FILTERS = { html: { HTML: ['html'] }, json: { JSON: ['json'] } };

/** Asks for the place, writes the report there; the path as people read it, or null when cancelled. @throws Error without a report. */
export async function exportReport(document: ModelDocument, asked: 'html' | 'json'): Promise<string | null> {
  if (document.session.state.report === null) throw new Error('There is no report yet. Run first.');
  const folder = savePlace(document.uri);
  const stem = workspaceFiles.name(document.uri.toString()).replace(/\.[^.]*$/, '');
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `${stem}.report.${asked}`),
    title: 'Export Report',
    saveLabel: 'Export',
    filters: asked === 'html' ? { ...FILTERS.html, ...FILTERS.json } : { ...FILTERS.json, ...FILTERS.html },
  });
  if (target === undefined) return null;
  const lower = target.path.toLowerCase();
  const format = lower.endsWith('.json') ? 'json' : lower.endsWith('.html') || lower.endsWith('.htm') ? 'html' : asked;
  const text = await document.session.exportReport(format);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  void offerToOpen(target, format);
  return vscode.workspace.asRelativePath(target);
}

/** The browser can open a local file; a report on another machine is shown in the explorer, from where it can be downloaded. */
async function offerToOpen(target: vscode.Uri, format: 'html' | 'json'): Promise<void> {
  const isLocal = target.scheme === 'file' && vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  const action = format === 'json' ? 'Open' : isLocal ? 'Open in Browser' : 'Reveal in Explorer';
  const name = workspaceFiles.name(target.toString());
  if ((await vscode.window.showInformationMessage(`Report saved: ${name}`, action)) === undefined) return;
  if (format === 'json') await vscode.commands.executeCommand('vscode.open', target);
  else if (isLocal) await vscode.env.openExternal(target);
  else await vscode.commands.executeCommand('revealInExplorer', target);
}
