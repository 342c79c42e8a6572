import * as vscode from 'vscode';

const SETTING = 'gatescope.targets';
const ABSOLUTE = /^([a-z]:)?[\\/]/i;

/** URIs of a user's target files, by the setting that holds for `model`; paths start at the workspace folder, else beside the model. */
export function userTargets(model: vscode.Uri): readonly string[] {
  const paths: unknown = vscode.workspace.getConfiguration(undefined, model).get(SETTING);
  if (!Array.isArray(paths)) return [];
  const folder =
    vscode.workspace.getWorkspaceFolder(model)?.uri ??
    vscode.workspace.workspaceFolders?.[0]?.uri ??
    vscode.Uri.joinPath(model, '..');
  const texts = paths.filter((path): path is string => typeof path === 'string' && path.trim() !== '');
  const uris = texts.map((path) =>
    ABSOLUTE.test(path) ? folder.with({ path: vscode.Uri.file(path).path }) : vscode.Uri.joinPath(folder, path),
  );
  return [...new Set(uris.map((uri) => uri.toString()))];
}

/** Tells of changes of the setting, and of the files that it names. */
export function watchUserTargets(model: vscode.Uri, onChange: () => void): vscode.Disposable {
  let watchers: readonly vscode.Disposable[] = [];
  const unwatch = () => watchers.forEach((watcher) => void watcher.dispose());
  const watch = () => {
    unwatch();
    watchers = userTargets(model).map((file) => {
      const uri = vscode.Uri.parse(file, true);
      const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
      const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), name);
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete].forEach((event) => event(onChange));
      return watcher;
    });
  };
  watch();
  const configuration = vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration(SETTING, model)) return;
    watch();
    onChange();
  });
  return new vscode.Disposable(() => {
    configuration.dispose();
    unwatch();
  });
}
