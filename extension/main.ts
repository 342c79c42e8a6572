import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { GENERATOR } from '../worker/version';
import { CellsFiles, registerCellsFiles } from './cells/cellsFiles';
import { registerCommands } from './commands/register';
import { trackContext } from './inspectorContext';
import { InspectorEditor, VIEW_TYPE } from './inspectorEditor';
import type { DataOptions } from '../worker/core/data/dataOptions';
import type { Assumed } from './assumedInputs';
import type { DataPick } from './dataDiscovery';
import type { PickStore } from './modelData';
import type { FormerFix } from './protocol/fix';
import { registerHexDumps } from './openAsHex';
import { openLinks } from './openLinks';
import { modelOutline } from './outline';
import { problemsPanel } from './problemsPanel';
import { reportStore } from './reportStore';
import { statusBar } from './statusBar';
import { storageFolder } from './storageFolder';
import { targetProblems } from './targetProblems';
import { workspaceFiles } from './workspaceFiles';

/** Heap of one worker. Weights and activations live in array buffers, which do not count; this bounds what a hostile file can do. */
const WORKER_LIMITS = { maxOldGenerationSizeMb: 2048 };

/** Registrations only; all else happens when a model is opened. */
export function activate(context: vscode.ExtensionContext): void {
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const worker = context.asAbsolutePath('dist/worker.js');
  const keptReports = () => vscode.workspace.getConfiguration('gatescope').get('keptReports', 20);

  const output = vscode.window.createOutputChannel('GateScope', { log: true });
  /** Kept in the workspace, for one model. */
  const kept = <T>(what: string, model: vscode.Uri, none: T) => ({
    load: () => context.workspaceState.get<T>(`${what} ${model.toString()}`, none),
    save: (value: T) => void context.workspaceState.update(`${what} ${model.toString()}`, value),
  });
  const picks = (model: vscode.Uri): PickStore => ({
    ...kept<readonly DataPick[]>('picks', model, []),
    options: kept<DataOptions>('data options', model, {}),
    assumed: kept<Assumed>('assumed', model, {}),
    history: kept<FormerFix | null>('history', model, null),
  });

  const spawn = () => new Worker(worker, { name: 'gatescope', execArgv: [], env: {}, resourceLimits: WORKER_LIMITS });
  const editor = new InspectorEditor(dist, {
    files: workspaceFiles,
    picks,
    log: (message) => output.warn(message),
    reports: reportStore(storageFolder(vscode.Uri.joinPath(context.globalStorageUri, 'reports')), GENERATOR, keptReports),
    spawn,
  });
  context.subscriptions.push(
    output,
    vscode.window.registerCustomEditorProvider(VIEW_TYPE, editor, { supportsMultipleEditorsPerDocument: true }),
    registerCellsFiles(new CellsFiles(spawn)),
    registerHexDumps(),
    registerCommands(editor, context.extensionUri),
    trackContext(editor),
    statusBar(editor),
    problemsPanel(editor),
    targetProblems(editor),
    modelOutline(editor),
    openLinks(editor),
  );
}
