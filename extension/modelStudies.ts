import { proxy } from 'comlink';
import type { BlameJob, CompareJob, Reply, RunRequest, StudyProgress, WorkerApi } from '../worker/api';
import type { BlameReport } from '../worker/core/blame/blameReport';
import type { Comparison } from '../worker/core/compare/comparison';
import type { FileAccess } from './fileAccess';
import { handedOver } from './handedOver';
import type { NamedBytes } from '../worker/core/formats/namedBytes';
import { OfferedFiles } from './offeredFiles';
import type { BlameChoice, CompareChoice, OtherModel, StudyChoice, StudyShare } from './protocol/messages';
import { withBeside } from './withBeside';

export interface StudyHost {
  readonly files: FileAccess;
  /** Name in the worker of the model that is shown. */
  session(): string;
  call<T>(ask: (api: WorkerApi) => Promise<Reply<T>>): Promise<T>;
  /** Reads the chosen data, the float partner and labels. @throws Error when the data is no longer there */
  request(choice: StudyChoice): Promise<RunRequest>;
}

/** Questions about one model that take a while: what costs accuracy, and what differs from another. */
export class ModelStudies {
  private readonly others: OfferedFiles;

  constructor(private readonly host: StudyHost) {
    this.others = new OfferedFiles(host.files);
  }

  /** Offers another model to compare with. */
  addOther(uri: string): OtherModel {
    return this.others.add(uri);
  }

  /** @throws Error */
  async blame(choice: BlameChoice, onProgress: (share: StudyShare) => void): Promise<BlameReport> {
    const { kinds } = choice;
    const request = await this.host.request(choice);
    const job: BlameJob = { ...request, ...(kinds === undefined ? {} : { kinds }) };
    return this.host.call((api) => api.blame(this.host.session(), handedOver(job), told(onProgress)));
  }

  /** @throws Error */
  async compare(choice: CompareChoice, onProgress: (share: StudyShare) => void): Promise<Comparison> {
    const { other, personaB, quirksB } = choice;
    const file = other === null ? null : await this.readOther(other);
    if (other !== null && file === null) throw new Error('The other model is no longer offered. Choose it again.');
    const request = await this.host.request(choice);
    const job: CompareJob = {
      ...request,
      other: file,
      personaB,
      ...(quirksB === undefined ? {} : { quirksB }),
      filesOnly: false,
    };
    return this.host.call((api) => api.compare(this.host.session(), handedOver(job), told(onProgress)));
  }

  private async readOther(id: string): Promise<NamedBytes | null> {
    const file = await this.others.read(id);
    return file === null ? null : withBeside((ask) => this.host.call(ask), this.host.files, this.others.uri(id) ?? '', file);
  }
}

function told(onProgress: (share: StudyShare) => void): (progress: StudyProgress) => void {
  return proxy(({ done, total, sample, share }: StudyProgress) => onProgress({ done, total, sample, share }));
}
