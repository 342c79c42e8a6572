import { readFileSync, statSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { DATA_EXTENSIONS } from '../core/data/openFile';
import type { DataFile } from '../core/data/readSamples';
import type { NamedBytes } from '../core/formats/namedBytes';
import { readModel } from '../core/formats/readModel';
import type { Model } from '../core/model/model';
import { inFile } from '../fileError';
import { readBeside } from '../readBeside';
import { UnusableError } from './failure';

/** A whole file under its own name, without its folder, and what a model keeps beside it. */
export async function readNamed(path: string): Promise<NamedBytes> {
  const bytes = new Uint8Array(await readFile(path));
  const beside = inFile(path, () => readBeside(path, bytes));
  return { name: basename(path), bytes, ...(beside === null ? {} : { beside }) };
}

/** Reads a model; errors name the path. */
export async function readModelFile(path: string): Promise<Model> {
  const file = await readNamed(path);
  return inFile(path, () => readModel(file));
}

/**
 * Data files from arguments: files, folders of them (sorted by name, without labels.json), or `input=FILE`.
 * Bytes are read when asked for and may be dropped in between, so that a folder larger than memory can be run.
 */
export async function listDataFiles(args: readonly string[]): Promise<DataFile[]> {
  const files: DataFile[] = [];
  for (const argument of args) {
    const { input, path } = await splitKey(argument);
    const isFolder = (await stat(path)).isDirectory();
    const paths = isFolder ? await listFolder(path) : [path];
    for (const one of paths) files.push(new FileOnDisk(one, input, isFolder));
  }
  return files;
}

/** `key=FILE`, unless there is a file of that whole name. */
async function splitKey(argument: string): Promise<{ readonly input: string | null; readonly path: string }> {
  const equals = argument.lastIndexOf('=');
  const isPath = equals <= 0 || (await exists(argument));
  return isPath ? { input: null, path: argument } : { input: argument.slice(0, equals), path: argument.slice(equals + 1) };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function listFolder(folder: string): Promise<string[]> {
  const extensions: readonly string[] = DATA_EXTENSIONS;
  const names = (await readdir(folder)).filter(
    (name) => extensions.includes(extname(name).slice(1).toLowerCase()) && name !== 'labels.json',
  );
  if (names.length === 0) {
    throw new UnusableError(`${folder}: holds no data file (${extensions.map((one) => `.${one}`).join(' ')})`);
  }
  return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => join(folder, name));
}

class FileOnDisk implements DataFile {
  readonly name: string;
  readonly input?: string;
  private kept: WeakRef<Uint8Array> | null = null;

  constructor(
    private readonly path: string,
    input: string | null,
    /** One of a folder: left out, and said, where it cannot be read. */
    readonly mayFail: boolean,
  ) {
    this.name = path;
    if (input !== null) this.input = input;
    if (!mayFail) statSync(path);
  }

  get bytes(): Uint8Array {
    const known = this.kept?.deref();
    if (known !== undefined) return known;
    const bytes = new Uint8Array(readFileSync(this.path));
    this.kept = new WeakRef(bytes);
    return bytes;
  }
}
