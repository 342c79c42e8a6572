import * as vscode from 'vscode';
import type { InspectorEditor } from '../inspectorEditor';
import { cancelRun } from './cancelRun';
import { chooseData } from './chooseData';
import { compareSelected } from './compareSelected';
import { copyLink } from './copyLink';
import { exportReport } from './exportReport';
import { importTargetLog } from './importTargetLog';
import { openInInspector } from './openInInspector';
import { openSample } from './openSample';
import { quantize } from './quantize';
import { run } from './run';
import { saveFused } from './saveFused';
import { showCells } from './showCells';
import { showLayers } from './showLayers';
import { showLstm } from './showLstm';
import { showOverview } from './showOverview';

/** All commands of package.json, by name. */
export function registerCommands(editor: InspectorEditor, extension: vscode.Uri): vscode.Disposable {
  const commands = {
    run,
    cancelRun,
    chooseData,
    compareSelected,
    copyLink,
    exportReport,
    importTargetLog,
    quantize,
    showCells,
    saveFused,
    showOverview,
    showLayers,
    showLstm,
    openInInspector,
    openSample: openSample(vscode.Uri.joinPath(extension, 'samples')),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, command]) =>
      vscode.commands.registerCommand(`gatescope.${name}`, (uri?: vscode.Uri, selected?: readonly vscode.Uri[]) =>
        command(editor, uri, selected),
      ),
    ),
  );
}
