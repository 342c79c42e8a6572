import type { Worker } from 'node:worker_threads';
import { transfer } from 'comlink';
import * as vscode from 'vscode';
import { WorkerClient } from '../workerClient';
import { workspaceFiles } from '../workspaceFiles';
import { CELLS_SCHEME, cellsPath, type CellsPlace } from './cellsPlace';
import { cellsUri, modelBehind } from './cellsUri';

/** Reading and fusing is a matter of milliseconds; this long means that it hangs. */
const FUSE_MS = 60_000;

interface Made {
  readonly uri: string;
  /** Time and size of the model that it was made from. */
  readonly of: string;
  readonly bytes: Uint8Array;
}

/**
 * Files that are not there: models with their LSTMs and GRUs in small operators as cells, made when they are read. All else in their folders is
 * what lies beside the model, but for other models: a float partner of the file is none of its fused form.
 */
export class CellsFiles implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  /** Of the file read last: a run reads it again. */
  private last: Made | null = null;

  constructor(private readonly spawn: () => Worker) {}

  watch(uri: vscode.Uri): vscode.Disposable {
    const { model, choice } = behind(uri);
    const folder = vscode.Uri.joinPath(model, '..');
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
    const tell = (type: vscode.FileChangeType) => (changed: vscode.Uri) => {
      const isModel = changed.toString() === model.toString();
      const path = isModel ? cellsPath(model.path) : changed.path;
      this.changes.fire([{ type, uri: cellsUri(model, choice).with({ path }) }]);
    };
    watcher.onDidChange(tell(vscode.FileChangeType.Changed));
    watcher.onDidCreate(tell(vscode.FileChangeType.Created));
    watcher.onDidDelete(tell(vscode.FileChangeType.Deleted));
    return watcher;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { model, isCells } = behind(uri);
    const stat = await vscode.workspace.fs.stat(isCells ? model : beside(model, uri));
    const size = this.last?.uri === uri.toString() ? this.last.bytes.length : stat.size;
    return { ...stat, ...(isCells ? { size } : {}), permissions: vscode.FilePermission.Readonly };
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { model } = behind(uri);
    const entries = await vscode.workspace.fs.readDirectory(beside(model, uri));
    return entries.filter(([name]) => !/\.tflite$/i.test(name));
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const { model, isCells, choice } = behind(uri);
    if (!isCells) return vscode.workspace.fs.readFile(beside(model, uri));
    const { mtime, size } = await vscode.workspace.fs.stat(model);
    const of = `${mtime} ${size}`;
    if (this.last?.uri !== uri.toString() || this.last.of !== of)
      this.last = { uri: uri.toString(), of, bytes: await this.fused(model, choice) };
    // The reader may hand them over to another thread.
    return this.last.bytes.slice();
  }

  writeFile = refused;
  createDirectory = refused;
  delete = refused;
  rename = refused;

  private async fused(model: vscode.Uri, choice: Omit<CellsPlace, 'model'>): Promise<Uint8Array> {
    const name = workspaceFiles.name(model.toString());
    const bytes = await workspaceFiles.read(model.toString());
    const worker = new WorkerClient(this.spawn, () => undefined);
    try {
      const file = transfer({ name, bytes }, [bytes.buffer]);
      const reply = await worker.call((api) => api.fuse(file, choice), FUSE_MS);
      if (!reply.ok) throw vscode.FileSystemError.Unavailable(`${name}: ${reply.error.message}`);
      return reply.value.bytes;
    } finally {
      worker.kill('The model was fused.');
    }
  }
}

export function registerCellsFiles(files: CellsFiles): vscode.Disposable {
  return vscode.workspace.registerFileSystemProvider(CELLS_SCHEME, files, { isReadonly: true, isCaseSensitive: true });
}

function behind(uri: vscode.Uri) {
  const found = modelBehind(uri);
  if (found === null) throw vscode.FileSystemError.FileNotFound(uri);
  return { ...found, isCells: uri.path === cellsPath(found.model.path) };
}

/** What lies in the model's own file system under this path. */
function beside(model: vscode.Uri, { path }: vscode.Uri): vscode.Uri {
  return model.with({ path });
}

function refused(): never {
  throw vscode.FileSystemError.NoPermissions('Models shown as cells are read-only. Save one as a fused .tflite.');
}
