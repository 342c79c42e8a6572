import type { InspectorState, Progress } from '../extension/protocol/messages';
import { changedView, parseView, type ViewState } from './viewState';

/** A sentence that stays until it is dismissed or replaced. */
export interface Notice {
  readonly kind: 'info' | 'error';
  readonly text: string;
}

export interface AppState {
  /** What the host last said; null until it first answered. */
  readonly host: InspectorState | null;
  readonly view: ViewState;
  readonly notice: Notice | null;
  readonly exporting: boolean;
  readonly keysShown: boolean;
}

export type Action =
  | { readonly type: 'host'; readonly state: InspectorState }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'view'; readonly change: Partial<ViewState> }
  | { readonly type: 'notice'; readonly notice: Notice | null }
  | { readonly type: 'exporting'; readonly exporting: boolean }
  | { readonly type: 'keys'; readonly shown: boolean };

export function initialState(saved: unknown): AppState {
  return { host: null, view: parseView(saved), notice: null, exporting: false, keysShown: false };
}

export function reduce(state: AppState, action: Action): AppState {
  switch (action.type) {
    case 'host':
      return { ...state, host: action.state };
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
  }
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
