import type { MappedState } from '../extension/protocol/targets';
import type { InspectorState, OtherModel, Progress, StudyShare } from '../extension/protocol/messages';
import { mappedTargets, withTargets, type MappedTargets } from './mappedTargets';
import type { Report } from '../worker/core/report/report';
import {
  arithmeticKey,
  NO_STUDIES,
  NOTHING_ASKED,
  reportKey,
  withShare,
  type Studies,
  type Study,
  type StudyName,
} from './study';
import { changedView, parseView, type ViewState } from './viewState';

/** A sentence that stays until it is dismissed or replaced. */
export interface Notice {
  readonly kind: 'info' | 'error';
  readonly text: string;
}

export interface AppState {
  /** What the host last said; null until it first answered. */
  readonly host: InspectorState | null;
  /** Counts the models that the host sent: the file changed, or another one is shown in its place. */
  readonly opening: number;
  readonly view: ViewState;
  readonly notice: Notice | null;
  readonly exporting: boolean;
  readonly keysShown: boolean;
  readonly studies: Studies;
  /** Models picked to compare with; the editor forgets them with the page. */
  readonly others: readonly OtherModel[];
  /** Null until the editor has mapped the model; the map itself is in the overview, too. */
  readonly targets: MappedTargets | null;
  /** The run before, of the same model and data, where this one's arithmetic or states differ; until the next run. */
  readonly before: Report | null;
}

export type Action =
  | { readonly type: 'host'; readonly state: InspectorState }
  | { readonly type: 'targets'; readonly mapped: MappedState | null }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'view'; readonly change: Partial<ViewState> }
  | { readonly type: 'notice'; readonly notice: Notice | null }
  | { readonly type: 'exporting'; readonly exporting: boolean }
  | { readonly type: 'keys'; readonly shown: boolean }
  | { [N in StudyName]: { readonly type: 'study'; readonly name: N; readonly change: Partial<Studies[N]> } }[StudyName]
  | { readonly type: 'studyShare'; readonly id: string; readonly share: StudyShare }
  | { readonly type: 'other'; readonly other: OtherModel }
  | { readonly type: 'fixShare'; readonly share: StudyShare };

export function initialState(saved: unknown): AppState {
  const view = parseView(saved);
  return {
    host: null,
    opening: 0,
    view,
    notice: null,
    exporting: false,
    keysShown: false,
    studies: NO_STUDIES,
    others: [],
    targets: null,
    before: null,
  };
}

export function reduce(state: AppState, action: Action): AppState {
  switch (action.type) {
    case 'host':
      return {
        ...state,
        opening: state.opening + (state.host?.model === action.state.model ? 0 : 1),
        host: state.targets === null ? action.state : withTargets(action.state, state.targets),
        studies: stillTrue(state, action.state),
        before: reportBefore(state, action.state),
      };
    case 'targets': {
      const targets = mappedTargets(action.mapped);
      return { ...state, targets, host: state.host && withTargets(state.host, targets) };
    }
    case 'progress':
      // Progress that is still on its way when a run ends must not start it again.
      return state.host?.run.status === 'running'
        ? {
            ...state,
            host: { ...state.host, run: { status: 'running', progress: joined(state.host.run.progress, action.progress) } },
          }
        : state;
    case 'view':
      return { ...state, view: changedView(state.view, action.change) };
    case 'notice':
      return { ...state, notice: action.notice };
    case 'exporting':
      return { ...state, exporting: action.exporting };
    case 'keys':
      return { ...state, keysShown: action.shown };
    case 'study': {
      const { name, change } = action;
      const study: Study<unknown> = { ...state.studies[name], ...change };
      return { ...state, studies: { ...state.studies, [name]: study } };
    }
    case 'studyShare':
      return { ...state, studies: withShare(state.studies, action.id, action.share) };
    case 'fixShare':
      return { ...state, host: withFixShare(state.host, action.share) };
    case 'other':
      return { ...state, others: [...state.others.filter(({ id }) => id !== action.other.id), action.other] };
  }
}

/** A new run makes blame a thing of the past, another file everything. */
function stillTrue({ host, studies }: AppState, next: InspectorState): Studies {
  if (!isSameFile(host, next)) return NO_STUDIES;
  const starts = next.run.status === 'running' && host?.run.status !== 'running';
  return starts || reportKey(host?.report ?? null) !== reportKey(next.report) ? { ...studies, blame: NOTHING_ASKED } : studies;
}

/** Reports come while a run goes on, too: the one before stays until another run starts. */
function reportBefore({ host, before }: AppState, next: InspectorState): Report | null {
  const [old, now] = [host?.report ?? null, next.report];
  if (!isSameFile(host, next)) return null;
  if (next.run.status === 'running' && host?.run.status !== 'running') return old;
  if (before !== null || old === null || now === null) return before;
  return arithmeticKey(old) === arithmeticKey(now) ? null : old;
}

function isSameFile(before: InspectorState | null, now: InspectorState): boolean {
  if (before?.model.status !== 'open' || now.model.status !== 'open') return false;
  // The bytes are only known by their report: a file that was replaced has none, or another.
  const [old, next] = [before.report?.model.sha256 ?? null, now.report?.model.sha256 ?? null];
  return before.model.overview.byteLength === now.model.overview.byteLength && (old === null || old === next);
}

/** Progress that is still on its way when the job ends must not start it again. */
function withFixShare(host: InspectorState | null, progress: StudyShare): InspectorState | null {
  if (host?.fix.job.status !== 'running') return host;
  return { ...host, fix: { ...host.fix, job: { ...host.fix.job, progress } } };
}

/** An event tells of newly finished samples only. */
function joined(before: Progress, now: Progress): Progress {
  return { ...now, finished: [...before.finished, ...now.finished] };
}

/** The one store: a state, what changes it, and who wants to know. */
export class Store {
  #state: AppState;
  readonly #listeners = new Set<() => void>();
  readonly #save: (view: ViewState) => void;

  /** @param save is told of every change of the part that outlives the page */
  constructor(saved: unknown, save: (view: ViewState) => void) {
    this.#state = initialState(saved);
    this.#save = save;
  }

  get state(): AppState {
    return this.#state;
  }

  dispatch(action: Action): void {
    const before = this.#state;
    this.#state = reduce(before, action);
    if (this.#state === before) return;
    if (this.#state.view !== before.view) this.#save(this.#state.view);
    for (const listener of this.#listeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
