import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { GENERATOR } from '../worker/version';
import { CellsFiles, registerCellsFiles } from './cells/cellsFiles';
import { registerCommands } from './commands/register';
import { trackContext } from './inspectorContext';
import { InspectorEditor, VIEW_TYPE } from './inspectorEditor';
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
  const picks = (model: vscode.Uri): PickStore => ({
    load: () => context.workspaceState.get(`picks ${model.toString()}`, []),
    save: (list) => void context.workspaceState.update(`picks ${model.toString()}`, list),
    options: {
      load: () => context.workspaceState.get(`data options ${model.toString()}`, {}),
      save: (options) => void context.workspaceState.update(`data options ${model.toString()}`, options),
    },
    assumed: {
      load: () => context.workspaceState.get(`assumed ${model.toString()}`, {}),
      save: (values) => void context.workspaceState.update(`assumed ${model.toString()}`, values),
    },
    history: {
      load: () => context.workspaceState.get<FormerFix>(`history ${model.toString()}`) ?? null,
      save: (history) => void context.workspaceState.update(`history ${model.toString()}`, history),
    },
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
