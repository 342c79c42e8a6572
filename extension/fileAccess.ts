/** Files as the inspector needs them, addressed by URI text. The editor's own file systems stand behind it (remote, virtual, local). */
export interface FileAccess {
  /** Entries of a folder. Links count as what they point to. */
  list(folder: string): Promise<readonly FolderEntry[]>;
  /** Size in bytes. */
  size(file: string): Promise<number>;
  /** Whether it is a symbolic link. @throws Error where nothing is there */
  isLink(file: string): Promise<boolean>;
  /** All bytes, in a buffer that nobody else uses, so that it can be transferred. */
  read(file: string): Promise<Uint8Array<ArrayBuffer>>;
  join(folder: string, name: string): string;
  parent(file: string): string;
  /** Last part of the path, decoded. */
  name(file: string): string;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
}
