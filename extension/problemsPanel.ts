import * as vscode from 'vscode';
import type { Severity } from '../worker/core/findings/finding';
import type { InspectorEditor } from './inspectorEditor';
import { problemsOf, type Problem } from './problems';
import type { InspectorState } from './protocol/messages';

const SEVERITY: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

function diagnostic({ severity, text, code }: Problem): vscode.Diagnostic {
  const result = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), text, SEVERITY[severity]);
  result.source = 'GateScope';
  result.code = code;
  return result;
}

/** Lists what is wrong with open models in the Problems panel; the entries go when the inspector is closed. */
export function problemsPanel(editor: InspectorEditor): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('gatescope');
  const shown = new Map<string, Pick<InspectorState, 'model' | 'report'>>();
  const listener = editor.onDidChange(() => {
    const open = new Map(editor.open.map((document) => [document.uri.toString(), document]));
    for (const uri of [...shown.keys()].filter((key) => !open.has(key))) {
      shown.delete(uri);
      collection.delete(vscode.Uri.parse(uri, true));
    }
    for (const [uri, { session, uri: file }] of open) {
      const { model, report, fix } = session.state;
      // What is in memory is no file: the entries stay about the file.
      if (fix.quantized?.shown === true) continue;
      const last = shown.get(uri);
      if (last?.model === model && last.report === report) continue;
      shown.set(uri, { model, report });
      collection.set(file, problemsOf({ model, report }).map(diagnostic));
    }
  });
  return vscode.Disposable.from(collection, listener);
}
