import { RequestError, cancelled } from './core/analysis/detail/requestError';
import { RunDetails } from './core/analysis/detail/runDetails';
import type { JobControl } from './core/analysis/pace';
import { Pace } from './core/analysis/pace';
import type { SampleSource } from './core/data/sample';
import type { QuirkSwitches } from './core/compare/quirks';
import type { PersonaName } from './core/lstm/persona';
import type { Model } from './core/model/model';
import type { ModelOverview } from './core/report/overview';
import { prepareComparison } from './core/report/prepareComparison';
import { runtimeByFormat } from './runtimes/runtimeByFormat';

/** How a run was done, for questions about it. */
export interface RunSettings {
  readonly model: Model;
  readonly overview: ModelOverview;
  readonly floatModel: Model | null;
  readonly samples: SampleSource;
  readonly persona: PersonaName;
  readonly quirks: QuirkSwitches;
  readonly preferred: 'engine' | 'runtime';
  readonly state: 'reset' | 'carry';
}

interface Question {
  isCancelled: boolean;
}

/** Answers questions about one model's last run, one after the other, since they share the paths' states. */
export class DetailSession {
  private settings: RunSettings | null = null;
  private details: RunDetails | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private readonly questions = new Map<string, Question>();

  /** Questions are about these settings from now on. Paths are prepared with the first one. */
  take(settings: RunSettings): void {
    this.settings = settings;
    this.details = null;
  }

  /** Gives memory back; questions prepare anew. */
  rest(): void {
    this.details = null;
  }

  cancel(id: string): void {
    const question = this.questions.get(id);
    if (question !== undefined) question.isCancelled = true;
  }

  /** @throws RequestError, and what preparing and running throw */
  ask<T>(id: string, answer: (details: RunDetails, pace: Pace) => Promise<T>): Promise<T> {
    const question: Question = { isCancelled: false };
    this.questions.set(id, question);
    const control: JobControl = {
      isCancelled: () => question.isCancelled,
      yieldToOthers: () => new Promise((resolve) => setImmediate(resolve)),
    };
    const asked = this.last.then(async () => {
      const pace = new Pace(control);
      return answer(await this.prepared(pace), pace);
    });
    const settled = asked.finally(() => {
      if (this.questions.get(id) === question) this.questions.delete(id);
    });
    this.last = settled.catch(() => undefined);
    return settled;
  }

  private async prepared(pace: Pace): Promise<RunDetails> {
    const { settings } = this;
    if (settings === null) throw new RequestError('NO_RUN', 'There is no run to look into yet. Run first.');
    if (this.details !== null) return this.details;
    const { model, overview, floatModel, samples, persona, quirks, preferred, state } = settings;
    const settled = { persona, quirks, preferred, state, labels: null, measuresCosts: false, runtime: runtimeByFormat };
    const request = { model, overview, floatModel, samples: samples.count, ...settled };
    const prepared = await prepareComparison(request, pace);
    if (prepared === null) throw cancelled();
    const details = new RunDetails({ prepared, samples, lstms: overview.lstms });
    // A run that ended meanwhile has other settings.
    if (this.settings === settings) this.details = details;
    return details;
  }
}
