import type { Reply, RunRequest, WorkerApi } from '../worker/api';
import type { OperatorDetail, OperatorDetailRequest } from '../worker/core/formula/operatorDetail';
import type { TensorInfo } from '../worker/core/report/overview';
import type { TensorInfosRequest } from '../worker/core/report/tensorInfos';
import type { GraphLayout, LayoutRequest } from '../worker/core/graph/graphLayout';
import { AUDIO_LIMITS, type AudioDetail, type AudioDetailRequest } from '../worker/core/report/audioDetail';
import type { SignalDetail, SignalDetailRequest, TensorDetail, TensorDetailRequest } from '../worker/core/report/detail';
import type { Report } from '../worker/core/report/report';
import type { DataSet } from './dataDiscovery';
import { withFewBuffers } from './fewBuffers';
import type { FileAccess } from './fileAccess';
import { handedOver } from './handedOver';
import { OfferedFiles } from './offeredFiles';
import type { OfferedFile } from './protocol/messages';
import { WorkerReplyError } from './workerReplyError';

export interface DetailHost {
  readonly files: FileAccess;
  /** Name in the worker of the model that is shown. */
  session(): string;
  /** @throws WorkerReplyError */
  call<T>(ask: (api: WorkerApi) => Promise<Reply<T>>): Promise<T>;
  /** Of the model that is shown. */
  report(): Report | null;
  dataSets(): readonly DataSet[];
  /** Reads data, float partner and labels for the settings of a report. */
  request(set: DataSet, report: Report): Promise<RunRequest>;
}

/** Questions beyond the report. A worker that did not run itself what the report shows is given its data first. */
export class ModelDetails {
  /** Under way while the worker is given the data of a kept report. */
  private preparing: Promise<void> | null = null;

  /** Recordings to compare a model's sound with. */
  private readonly recordings: OfferedFiles;

  constructor(private readonly host: DetailHost) {
    this.recordings = new OfferedFiles(host.files);
  }

  addRecording(uri: string): OfferedFile {
    return this.recordings.add(uri);
  }

  /** @throws Error when it is cancelled, or cannot be answered */
  signalDetail(id: string, request: SignalDetailRequest): Promise<SignalDetail> {
    return this.ask((api) => api.signalDetail(this.host.session(), id, request));
  }

  tensorDetail(id: string, request: TensorDetailRequest): Promise<TensorDetail> {
    return this.ask((api) => api.tensorDetail(this.host.session(), id, request)).then(withFewBuffers);
  }

  async audioDetail(id: string, request: AudioDetailRequest): Promise<AudioDetail> {
    const { reference } = request;
    const recording = reference === null ? null : await this.recordings.read(reference, AUDIO_LIMITS.recording);
    if (reference !== null && recording === null) throw new Error('The recording is no longer offered. Choose it again.');
    return this.ask((api) => api.audioDetail(this.host.session(), id, request, recording));
  }

  operatorDetail(request: OperatorDetailRequest): Promise<OperatorDetail> {
    return this.ask((api) => api.operatorDetail(this.host.session(), request));
  }

  tensorInfos(request: TensorInfosRequest): Promise<TensorInfo[]> {
    return this.ask((api) => api.tensorInfos(this.host.session(), request));
  }

  layoutGraph(id: string, request: LayoutRequest): Promise<GraphLayout> {
    return this.ask((api) => api.layoutGraph(id, request));
  }

  private async ask<T>(question: (api: WorkerApi) => Promise<Reply<T>>): Promise<T> {
    try {
      return await this.host.call(question);
    } catch (error) {
      const report = this.host.report();
      if (!(error instanceof WorkerReplyError) || error.code !== 'NO_RUN' || report === null) throw error;
      await (this.preparing ??= this.prepare(report).finally(() => (this.preparing = null)));
      return await this.host.call(question);
    }
  }

  private async prepare(report: Report): Promise<void> {
    const { host } = this;
    const set = host.dataSets().find((one) => isDataOf(one, report, host.files));
    if (set === undefined) throw new Error('The data of this report is no longer there. Run again to look into it.');
    const request = await host.request(set, report);
    const partner = request.floatModel?.name ?? null;
    if (partner !== (report.floatModel?.fileName ?? null) && report.quantizedPath !== null) {
      throw new Error('The float model of this report is no longer there. Run again to look into it.');
    }
    await host.call((api) => api.prepareDetail(host.session(), handedOver(request)));
  }
}

/** Whether a report was made of this data: same name, same files. */
function isDataOf({ choice, files }: DataSet, { data }: Report, access: FileAccess): boolean {
  if (choice.synthetic !== data.synthetic || choice.label !== data.label || files.length !== data.files.length) return false;
  return files.every((uri, index) => access.name(uri) === data.files[index]);
}
