import { randomUUID } from 'node:crypto';
import type { NamedBytes } from '../worker/core/formats/namedBytes';
import type { FileAccess } from './fileAccess';
import type { OfferedFile } from './protocol/messages';

const MOST = 20;

/** Files that the user picked for questions about a model: pages name them by an id, and never by a path. The oldest are forgotten. */
export class OfferedFiles {
  private readonly uris = new Map<string, string>();

  constructor(private readonly files: Pick<FileAccess, 'name' | 'read' | 'size'>) {}

  add(uri: string): OfferedFile {
    const known = [...this.uris].find(([, other]) => other === uri)?.[0];
    const id = known ?? randomUUID();
    this.uris.set(id, uri);
    const [oldest] = this.uris.keys();
    if (this.uris.size > MOST && oldest !== undefined) this.uris.delete(oldest);
    return { id, label: this.files.name(uri) };
  }

  uri(id: string): string | null {
    return this.uris.get(id) ?? null;
  }

  /** Null where it is not, or no longer, offered. @throws Error when it has more than `most` bytes */
  async read(id: string, most = Infinity): Promise<NamedBytes | null> {
    const uri = this.uris.get(id);
    if (uri === undefined) return null;
    const name = this.files.name(uri);
    const size = most === Infinity ? 0 : await this.files.size(uri);
    if (size > most) throw new Error(`${name} has ${size} bytes; at most ${most} can be read.`);
    return { name, bytes: await this.files.read(uri) };
  }
}
