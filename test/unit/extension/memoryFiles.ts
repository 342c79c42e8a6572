import type { FileAccess, FolderEntry } from '../../../extension/fileAccess';

export type MemoryFiles = FileAccess & {
  /** URIs read so far. */
  readonly reads: string[];
  put(file: string, content: string | Uint8Array): void;
};

/** A file system of a few files, addressed by `mem:/folder/name`. */
export function memoryFiles(content: Readonly<Record<string, string | Uint8Array>>): MemoryFiles {
  const encode = (value: string | Uint8Array) => (typeof value === 'string' ? new TextEncoder().encode(value) : value);
  const files = new Map(Object.entries(content).map(([name, value]) => [`mem:/${name}`, encode(value)]));
  const reads: string[] = [];
  const get = (file: string): Uint8Array => {
    const bytes = files.get(file);
    if (bytes === undefined) throw new Error(`no file ${file}`);
    return bytes;
  };
  return {
    reads,
    put: (file, value) => void files.set(file, encode(value)),
    async list(folder) {
      const entries = new Map<string, FolderEntry>();
      for (const file of files.keys()) {
        if (!file.startsWith(`${folder}/`)) continue;
        const [name = '', ...rest] = file.slice(folder.length + 1).split('/');
        entries.set(name, { name, kind: rest.length === 0 ? 'file' : 'folder' });
      }
      if (entries.size === 0) throw new Error(`no folder ${folder}`);
      return Promise.resolve([...entries.values()]);
    },
    size: async (file) => Promise.resolve(get(file).byteLength),
    read: async (file) => {
      reads.push(file);
      return Promise.resolve(new Uint8Array(get(file)));
    },
    join: (folder, name) => `${folder}/${name}`,
    parent: (file) => file.slice(0, file.lastIndexOf('/')),
    isLink: async (file) => {
      if (![...files.keys()].some((key) => `${key}/`.startsWith(`${file}/`))) throw new Error(`no file ${file}`);
      return Promise.resolve(file.includes('/link'));
    },
    name: (file) => file.slice(file.lastIndexOf('/') + 1),
  };
}
