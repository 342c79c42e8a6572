// Development only, never shipped: opens the sample named by `npm start` once extensions are up (before that, the workbench
// would show it as a binary file).
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the extension host loads CommonJS
const vscode = require('vscode');

exports.activate = async () => {
  const sample = process.env.GATESCOPE_OPEN;
  if (!sample || vscode.window.tabGroups.all.some((group) => group.tabs.length > 0)) return;
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(sample), 'gatescope.inspector');
};
