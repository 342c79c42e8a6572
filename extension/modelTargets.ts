import { transfer } from 'comlink';
import type { Reply, WorkerApi } from '../worker/api';
import type { NamedBytes } from '../worker/core/formats/namedBytes';
import type { ModelOverview } from '../worker/core/report/overview';
import type { OverlaidLog } from '../worker/core/targetLogs/overlayLog';
import type { TargetProblem } from '../worker/core/targets/user/checker';
import type { FileAccess } from './fileAccess';
import type { MappedState } from './protocol/targets';
import { WorkerDied } from './workerClient';

/** A user's target file that cannot be used. */
export interface OwnTargetProblem {
  readonly uri: string;
  readonly fileName: string;
  readonly problems: readonly TargetProblem[];
}

export interface TargetsHost {
  readonly files: FileAccess;
  /** The worker's name of the model that is shown. */
  session(): string;
  /** @throws Error in words for people */
  call<T>(ask: (api: WorkerApi) => Promise<Reply<T>>): Promise<T>;
  /** URIs of the user's target files. */
  ownTargets(): readonly string[];
  /** Null: not known (yet). */
  update(mapped: MappedState | null): void;
  readonly log: (message: string) => void;
}

/** Larger target files than the reader takes are not read at all; logs of large models may be larger. */
const MOST_TARGET_BYTES = 2 ** 20;
const MOST_ALLOWED = 60;
const MOST_LOG_BYTES = 64 * 2 ** 20;

/** Maps the model on show to hardware targets after it was opened, and again when a user's targets change; keeps the imported log. */
export class ModelTargets {
  private mapped: MappedState | null = null;
  private overview: ModelOverview | null = null;
  private own: readonly OwnTargetProblem[] = [];
  private logFile: NamedBytes | null = null;
  /** Counts mappings, so that the last one started wins. */
  private mapping = 0;

  constructor(private readonly host: TargetsHost) {}

  get state(): MappedState | null {
    return this.mapped;
  }

  get problems(): readonly OwnTargetProblem[] {
    return this.own;
  }

  /** The model that is shown now; nothing happens while it stays the same. */
  follow(overview: ModelOverview | null): void {
    if (overview === this.overview) return;
    this.overview = overview;
    this.show(null);
    void this.refresh();
  }

  /** Maps anew: the user's targets have changed. */
  async refresh(): Promise<void> {
    const mapping = ++this.mapping;
    if (this.overview === null) return;
    try {
      const { files, problems: unread } = await this.readOwn();
      if (mapping !== this.mapping) return;
      const sent = files.map(({ name, bytes }) => ({ name, bytes }));
      const { targets, problems } = await this.host.call((api) => api.targets(this.host.session(), sent));
      const log = this.logFile === null ? null : await this.overlay(this.logFile).catch(() => null);
      if (mapping !== this.mapping) return;
      const unusable = problems.flatMap(({ place, problems: own }) => {
        const file = files[place];
        return file === undefined ? [] : [{ uri: file.uri, fileName: file.name, problems: own }];
      });
      this.own = [...unread, ...unusable];
      this.show({ targets, problems: this.own.map(inWords), log });
    } catch (error) {
      // A death has a state of its own.
      if (mapping === this.mapping && !(error instanceof WorkerDied)) this.host.log(`Targets: ${messageOf(error)}`);
    }
  }

  /** Lays the log over the map, in place of an earlier one. @throws Error when it cannot be read */
  async importLog(uri: string): Promise<void> {
    const { files } = this.host;
    const size = await files.size(uri);
    if (size > MOST_LOG_BYTES) throw new Error(`${files.name(uri)} is larger than ${MOST_LOG_BYTES / 2 ** 20} MiB.`);
    const file: NamedBytes = { name: files.name(uri), bytes: await files.read(uri) };
    const log = await this.overlay(file);
    if (log.overlays.length === 0) throw new Error(`${file.name} is of no target that is known here.`);
    this.logFile = file;
    if (this.mapped !== null) this.show({ ...this.mapped, log });
  }

  dropLog(): void {
    this.logFile = null;
    if (this.mapped !== null) this.show({ ...this.mapped, log: null });
  }

  private overlay({ name, bytes }: NamedBytes): Promise<OverlaidLog> {
    // A copy is sent: the log is needed again when the model changes.
    const sent = { name, bytes: bytes.slice() };
    return this.host.call((api) => api.targetLog(this.host.session(), transfer(sent, [sent.bytes.buffer])));
  }

  private show(mapped: MappedState | null): void {
    this.mapped = mapped;
    this.host.update(mapped);
  }

  private async readOwn() {
    const { files } = this.host;
    const read: (NamedBytes & { readonly uri: string })[] = [];
    const problems: OwnTargetProblem[] = [];
    for (const uri of this.host.ownTargets()) {
      const fileName = files.name(uri);
      const refuse = (what: string, allowed: string) =>
        problems.push({ uri, fileName, problems: [{ path: '$', what, allowed }] });
      try {
        const size = await files.size(uri);
        if (size > MOST_TARGET_BYTES) refuse(`has ${size} bytes`, `at most ${MOST_TARGET_BYTES}`);
        else read.push({ uri, name: fileName, bytes: await files.read(uri) });
      } catch (error) {
        refuse(`cannot be read: ${messageOf(error)}`, 'a file, by its path from the workspace folder');
      }
    }
    return { files: read, problems };
  }
}

function inWords({ fileName, problems }: OwnTargetProblem): string {
  const [first] = problems;
  const more = problems.length > 1 ? ` ${problems.length - 1} more in Problems.` : '';
  if (first === undefined) return fileName;
  const { path, what, allowed } = first;
  // A list of all types would hide what is wrong.
  const short = allowed.length > MOST_ALLOWED ? `${allowed.slice(0, MOST_ALLOWED).replace(/,[^,]*$/, '')} ...` : `${allowed}.`;
  return `${fileName}: ${path} ${what}; allowed: ${short}${more}`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
