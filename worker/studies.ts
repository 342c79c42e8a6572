import { basename } from 'node:path';
import type { BlameJob, CompareJob, RunRequest, StudyProgress } from './api';
import { blameModel, type BlameRequest } from './core/blame/blameModel';
import type { BlameReport } from './core/blame/blameReport';
import { compareModels, type ComparedData } from './core/compare/compareModels';
import type { Comparison } from './core/compare/comparison';
import { switchQuirks } from './core/compare/quirks';
import type { JobControl } from './core/analysis/pace';
import type { SampleSource } from './core/data/sample';
import type { IdentifiedModel } from './core/report/compareModel';
import type { ModelOverview } from './core/report/overview';
import { labelsBeside, type TaskLabels } from './core/report/task/labels';
import { GENERATOR } from './version';

/** What a study works on: the open model, and what the request's files hold. */
export interface StudyParts extends IdentifiedModel {
  readonly overview: ModelOverview;
  readonly samples: SampleSource;
  readonly floatModel: IdentifiedModel | null;
}

export type StudyControl = JobControl & { readonly onProgress: (progress: StudyProgress) => void };

/** @throws as blameModel; DataFormatError */
export function blame(parts: StudyParts, job: BlameJob, control: StudyControl): Promise<BlameReport> {
  const request: BlameRequest = {
    ...parts,
    ...dataOf(job),
    persona: job.persona,
    personaOverrides: switchQuirks(job.quirks ?? {}, job.persona),
    state: job.state,
    ...(job.kinds === undefined ? {} : { kinds: job.kinds }),
    generator: GENERATOR,
  };
  return blameModel(request, controlOf(job, control));
}

/**
 * @param other null: the open model on both sides
 * @throws as compareModels; DataFormatError
 */
export function compare(
  parts: StudyParts,
  other: IdentifiedModel | null,
  job: CompareJob,
  control: StudyControl,
): Promise<Comparison> {
  const { model, sha256, samples, floatModel, runtime } = parts;
  const { dataLabel, dataFiles, labels } = dataOf(job);
  const data: ComparedData | null = job.filesOnly ? null : { samples, label: dataLabel, files: dataFiles, labels };
  const a = { model, sha256, runtime, persona: job.persona, personaOverrides: switchQuirks(job.quirks ?? {}, job.persona) };
  const personaOverrides = switchQuirks(job.quirksB ?? {}, job.personaB);
  const b = { ...(other ?? { model, sha256, runtime }), persona: job.personaB, personaOverrides };
  const options = { state: job.state, floatModel: floatModel?.model ?? null, generator: GENERATOR };
  return compareModels(a, b, data, options, controlOf(job, control));
}

function dataOf({ inputs, dataLabel, labels }: RunRequest): {
  readonly dataLabel: string;
  readonly dataFiles: readonly string[];
  readonly labels: TaskLabels | null;
} {
  return { dataLabel, dataFiles: inputs.map(({ name }) => basename(name)), labels: labelsBeside(labels) };
}

function controlOf({ runId }: RunRequest, { onProgress, ...control }: StudyControl) {
  type Told = Omit<StudyProgress, 'runId'>;
  return { ...control, onProgress: (progress: Told) => onProgress({ runId, ...progress }) };
}
