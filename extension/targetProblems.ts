import * as vscode from 'vscode';
import { problemText } from '../worker/core/targets/user/checker';
import type { InspectorEditor } from './inspectorEditor';
import type { OwnTargetProblem } from './modelTargets';

/** Lists what is wrong with a user's target files in the Problems panel, as long as a model is open that is to be mapped to them. */
export function targetProblems(editor: InspectorEditor): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('gatescope targets');
  let shown = '';
  const listener = editor.onDidChange(() => {
    const files = new Map<string, OwnTargetProblem>();
    for (const { session } of editor.open) for (const file of session.targets.problems) files.set(file.uri, file);
    const now = JSON.stringify([...files]);
    if (now === shown) return;
    shown = now;
    collection.clear();
    for (const { uri, problems } of files.values()) collection.set(vscode.Uri.parse(uri, true), problems.map(diagnostic));
  });
  return vscode.Disposable.from(collection, listener);
}

function diagnostic(problem: OwnTargetProblem['problems'][number]): vscode.Diagnostic {
  const result = new vscode.Diagnostic(new vscode.Range(0, 0, 0, 0), problemText(problem), vscode.DiagnosticSeverity.Error);
  result.source = 'GateScope';
  result.code = 'TARGET_FILE';
  return result;
}
