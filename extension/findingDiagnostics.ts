import * as vscode from 'vscode';
import type { Finding, Severity } from '../worker/core/findings/finding';
import type { InspectorEditor } from './inspectorEditor';
import { findingsOf, findingText } from './findings';

const SEVERITY: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

function diagnostic(finding: Finding): vscode.Diagnostic {
  const result = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), findingText(finding), SEVERITY[finding.severity]);
  result.source = 'GateScope';
  result.code = finding.rule;
  return result;
}

/** Lists the findings of open models in the Problems panel; they go when the inspector is closed. */
export function findingDiagnostics(editor: InspectorEditor): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('gatescope');
  const shown = new Map<string, readonly Finding[]>();
  const listener = editor.onDidChange(() => {
    const open = new Map(editor.open.map((document) => [document.uri.toString(), document]));
    for (const uri of [...shown.keys()].filter((key) => !open.has(key))) {
      shown.delete(uri);
      collection.delete(vscode.Uri.parse(uri, true));
    }
    for (const [uri, document] of open) {
      const findings = findingsOf(document.session.state);
      if (shown.get(uri) === findings) continue;
      shown.set(uri, findings);
      collection.set(document.uri, findings.map(diagnostic));
    }
  });
  return vscode.Disposable.from(collection, listener);
}
