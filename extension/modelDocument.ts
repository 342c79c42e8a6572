import * as vscode from 'vscode';
import { modelBehind } from './cells/cellsUri';
import { DATA_ENDINGS } from './dataDiscovery';
import type { PickStore } from './modelData';
import { ModelSession } from './modelSession';
import type { InspectorState, Progress, StudyShare } from './protocol/messages';
import type { MappedState } from './protocol/targets';
import type { SessionOptions } from './sessionOptions';
import { userTargets, watchUserTargets } from './userTargets';

/** Converters write a model in several pieces: wait until the file has been quiet for this long. */
const QUIET_MS = 300;
/** Of models that can be a float partner: it has the ending of its quantized model. */
const PARTNER_ENDINGS: ReadonlySet<string> = new Set(['tflite', 'onnx', 'pb']);

/** What all documents share. */
export type DocumentOptions = Pick<SessionOptions, 'files' | 'reports' | 'spawn' | 'log'> & {
  readonly picks: (model: vscode.Uri) => PickStore;
};

/** One open file: its session with the worker, and the watcher that follows the file and the data beside it. */
export class ModelDocument implements vscode.CustomDocument {
  readonly session: ModelSession;
  private readonly stateEmitter = new vscode.EventEmitter<InspectorState>();
  private readonly progressEmitter = new vscode.EventEmitter<Progress>();
  private readonly fixEmitter = new vscode.EventEmitter<StudyShare>();
  private readonly mappedEmitter = new vscode.EventEmitter<MappedState | null>();
  private readonly ownTargets: vscode.Disposable;
  private readonly disposeEmitter = new vscode.EventEmitter<void>();
  private readonly watcher: vscode.FileSystemWatcher;
  private reloadTimer: NodeJS.Timeout | undefined;
  private dataTimer: NodeJS.Timeout | undefined;

  readonly onDidChangeState = this.stateEmitter.event;
  readonly onDidProgress = this.progressEmitter.event;
  readonly onDidFixProgress = this.fixEmitter.event;
  readonly onDidMap = this.mappedEmitter.event;
  readonly onDidDispose = this.disposeEmitter.event;

  constructor(
    readonly uri: vscode.Uri,
    options: DocumentOptions,
  ) {
    const cellsOf = modelBehind(uri)?.model.path.split('/').at(-1);
    this.session = new ModelSession({
      ...options,
      ...(cellsOf === undefined ? {} : { cellsOf }),
      picks: options.picks(uri),
      model: uri.toString(),
      onState: (state) => this.stateEmitter.fire(state),
      onProgress: (progress) => this.progressEmitter.fire(progress),
      onMapped: (mapped) => this.mappedEmitter.fire(mapped),
      ownTargets: () => userTargets(uri),
      onFixProgress: (progress) => this.fixEmitter.fire(progress),
    });
    const folder = vscode.Uri.joinPath(uri, '..');
    this.watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
    this.ownTargets = watchUserTargets(uri, () => void this.session.targets.refresh());
    this.watcher.onDidChange((changed) => this.isModel(changed) && this.reloadSoon());
    this.watcher.onDidCreate((created) => (this.isModel(created) ? this.reloadSoon() : this.lookForDataSoon(created)));
    this.watcher.onDidDelete((deleted) => !this.isModel(deleted) && this.lookForDataSoon(deleted));
  }

  dispose(): void {
    clearTimeout(this.reloadTimer);
    clearTimeout(this.dataTimer);
    this.watcher.dispose();
    this.ownTargets.dispose();
    this.session.dispose();
    this.stateEmitter.dispose();
    this.progressEmitter.dispose();
    this.mappedEmitter.dispose();
    this.fixEmitter.dispose();
    this.disposeEmitter.fire();
    this.disposeEmitter.dispose();
  }

  private isModel(uri: vscode.Uri): boolean {
    return uri.toString() === this.uri.toString();
  }

  private reloadSoon(): void {
    clearTimeout(this.reloadTimer);
    this.reloadTimer = setTimeout(() => void this.session.reload(), QUIET_MS);
  }

  /** Data, a float partner or a folder came or went. */
  private lookForDataSoon(uri: vscode.Uri): void {
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const ending = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : null;
    if (ending !== null && !PARTNER_ENDINGS.has(ending) && !(DATA_ENDINGS as readonly string[]).includes(ending)) return;
    clearTimeout(this.dataTimer);
    this.dataTimer = setTimeout(() => void this.session.refreshData(), QUIET_MS);
  }
}
