import { gunzip, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Report } from '../worker/core/report/report';
import type { ReportStore } from './sessionOptions';

/** The few file operations that keeping reports needs; `name` is a plain file name. */
export interface StoreFolder {
  /** Newest first. */
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A stored file that unpacks to more than this was not written by this code. */
const MAX_UNPACKED = 256 * 1024 * 1024;

const pack = promisify(gzip);
const unpack = (bytes: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength: MAX_UNPACKED }, (error, result) => (error === null ? resolve(result) : reject(error)));
  });

const fileName = (byteLength: number, sha256: string): string => `${byteLength}-${sha256}.json.gz`;

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/**
 * Keeps the last report of each model in the editor's own storage, so that it is there again after the window was reloaded. The model's
 * bytes are the key: a changed model has no report. At most `count()` reports are kept; the oldest go first. A report of more than
 * `maxStored` bytes when compressed is not kept, and one of another version of this program is not shown.
 */
export function reportStore(
  folder: StoreFolder,
  generator: string,
  count: () => number,
  maxStored = 8 * 1024 * 1024,
): ReportStore {
  const asReport = (value: unknown): Report | null => {
    const isReport =
      typeof value === 'object' &&
      value !== null &&
      'schema' in value &&
      value.schema === 'gatescope.report/1' &&
      'generator' in value &&
      value.generator === generator;
    return isReport ? (value as Report) : null;
  };
  return {
    async find(model) {
      // The size is part of the name, so that only models that may have a report are hashed.
      const names = await folder.list();
      if (!names.some((name) => name.startsWith(`${model.byteLength}-`))) return null;
      const name = fileName(model.byteLength, await sha256(model));
      if (!names.includes(name)) return null;
      try {
        return asReport(JSON.parse(new TextDecoder().decode(await unpack(await folder.read(name)))));
      } catch {
        // Cut short or damaged: as good as none.
        await folder.remove(name);
        return null;
      }
    },
    async save(report) {
      const keep = Math.max(0, Math.floor(count()));
      if (keep > 0) {
        const bytes = await pack(JSON.stringify(report));
        if (bytes.byteLength <= maxStored) await folder.write(fileName(report.model.byteLength, report.model.sha256), bytes);
      }
      for (const name of (await folder.list()).slice(keep)) await folder.remove(name);
    },
  };
}
