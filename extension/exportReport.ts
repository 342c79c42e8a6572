import * as vscode from 'vscode';
import { EXPORT_FORMATS, type ExportFormat } from '../worker/core/report/exportFormats';
import type { ModelDocument } from './modelDocument';
import { savePlace } from './savePlace';
import { workspaceFiles } from './workspaceFiles';

/** File formats as the dialog names them. */
const FILTERS: Readonly<Record<ExportFormat, readonly [name: string, ...endings: string[]]>> = {
  html: ['HTML', 'html', 'htm'],
  md: ['Markdown', 'md'],
  csv: ['CSV', 'csv'],
  json: ['JSON', 'json'],
};

/** Asks for the place, writes the report there; the path as people read it, or null when cancelled. @throws Error without a report. */
export async function exportReport(document: ModelDocument, asked: ExportFormat): Promise<string | null> {
  if (document.session.state.report === null) throw new Error('There is no report yet. Run first.');
  const folder = savePlace(document.uri);
  const stem = workspaceFiles.name(document.uri.toString()).replace(/\.[^.]*$/, '');
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, `${stem}.report.${asked}`),
    title: 'Export Report',
    saveLabel: 'Export',
    // The first is the one that is chosen.
    filters: Object.fromEntries([asked, ...EXPORT_FORMATS].map((format) => [FILTERS[format][0], FILTERS[format].slice(1)])),
  });
  if (target === undefined) return null;
  const ending = target.path.toLowerCase().replace(/^.*\./, '');
  const format = EXPORT_FORMATS.find((known) => FILTERS[known].slice(1).includes(ending)) ?? asked;
  const text = await document.session.exportReport(format);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  void offerToOpen(target, format);
  return vscode.workspace.asRelativePath(target);
}

/** The browser can open a local file; a report on another machine is shown in the explorer, from where it can be downloaded. Text opens here. */
async function offerToOpen(target: vscode.Uri, format: ExportFormat): Promise<void> {
  const isLocal = target.scheme === 'file' && vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
  const action = format !== 'html' ? 'Open' : isLocal ? 'Open in Browser' : 'Reveal in Explorer';
  const name = workspaceFiles.name(target.toString());
  if ((await vscode.window.showInformationMessage(`Report saved: ${name}`, action)) === undefined) return;
  if (format !== 'html') await vscode.commands.executeCommand('vscode.open', target);
  else if (isLocal) await vscode.env.openExternal(target);
  else await vscode.commands.executeCommand('revealInExplorer', target);
}
