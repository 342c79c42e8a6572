import type { EventMessage, RequestName, Requests, ResponseMessage } from '../extension/protocol/messages';

/** The part of the editor's webview interface that is used here. */
export interface WebviewApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** Where messages from the host arrive: the window, or a stand-in. */
export interface MessageSource {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** How long the host may take, in ms; null: as long as a person or a run takes. */
export const TIMEOUT_MS: Readonly<Record<RequestName, number | null>> = {
  init: 30_000,
  run: null,
  cancel: 10_000,
  chooseData: null,
  setDataOptions: 10_000,
  chooseNormalisation: null,
  chooseAssumed: null,
  chooseInput: null,
  exportReport: null,
  showProblems: 10_000,
  openAsHex: 30_000,
  reopenWith: null,
  copyText: 10_000,
  copyLink: 10_000,
  addData: 60_000,
  signalDetail: null,
  tensorDetail: null,
  audioDetail: null,
  chooseRecording: null,
  operatorDetail: null,
  tensorInfos: null,
  layoutGraph: null,
  cancelDetail: 10_000,
  blame: null,
  chooseOther: null,
  compare: null,
  quantize: 10_000,
  applyRecipe: 10_000,
  goToStep: 10_000,
  restoreHistory: 10_000,
  tryRecipes: 10_000,
  showQuantized: 10_000,
  observed: 60_000,
  chooseCalibration: null,
  openRecipe: null,
  saveRecipe: null,
  saveQuantized: null,
  showCells: 60_000,
  showFile: 60_000,
  saveFused: null,
  importTargetLog: null,
  dropTargetLog: 10_000,
  restart: 60_000,
};

/** The host answered with an error, or not at all. */
export class HostError extends Error {
  override readonly name = 'HostError';

  constructor(
    readonly request: RequestName,
    message: string,
  ) {
    super(message);
  }
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: HostError) => void;
  readonly name: RequestName;
  readonly timer: ReturnType<typeof setTimeout> | null;
}

/** The webview's end of the protocol: numbered requests that settle exactly once, and events. */
export class Host {
  readonly #api: WebviewApi;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: EventMessage) => void>();
  #nextId = 1;

  constructor(api: WebviewApi, source: MessageSource) {
    this.#api = api;
    source.addEventListener('message', (event) => {
      this.#receive(event.data);
    });
  }

  request<N extends RequestName>(name: N, params: Requests[N]['params']): Promise<Requests[N]['result']> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const limit = TIMEOUT_MS[name];
      const timer =
        limit === null
          ? null
          : setTimeout(() => {
              this.#pending.delete(id);
              reject(new HostError(name, `The editor did not answer within ${limit / 1000} seconds (${name}).`));
            }, limit);
      // The answer's type follows from the name: both ends derive it from the same map.
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject, name, timer });
      this.#api.postMessage({ kind: 'request', id, name, params });
    });
  }

  /** Returns what ends the subscription. */
  onEvent(listener: (event: EventMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What was kept when this editor was hidden or the window reloaded. */
  loadState(): unknown {
    return this.#api.getState();
  }

  saveState(state: unknown): void {
    this.#api.setState(state);
  }

  #receive(data: unknown): void {
    const message = parseMessage(data);
    if (message === null) return;
    if (message.kind === 'event') for (const listener of this.#listeners) listener(message);
    else this.#settle(message);
  }

  #settle(message: ResponseMessage): void {
    const pending = this.#pending.get(message.id);
    // Unknown ids belong to requests that ran out of time.
    if (!pending) return;
    this.#pending.delete(message.id);
    if (pending.timer !== null) clearTimeout(pending.timer);
    if (message.ok) pending.resolve(message.result);
    else pending.reject(new HostError(pending.name, message.error));
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

function unpacked(json: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(json));
  } catch {
    return null;
  }
}

/** The message, or null for anything else that arrives in a window. */
export function parseMessage(data: unknown): EventMessage | ResponseMessage | null {
  if (!isObject(data)) return null;
  if (data.kind === 'packed') return data.json instanceof Uint8Array ? parseMessage(unpacked(data.json)) : null;
  if (data.kind === 'response') {
    const valid = Number.isInteger(data.id) && (data.ok === true || (data.ok === false && typeof data.error === 'string'));
    return valid ? (data as unknown as ResponseMessage) : null;
  }
  if (data.kind !== 'event') return null;
  const valid =
    (data.name === 'state' && isObject(data.state)) ||
    (data.name === 'progress' && isObject(data.progress)) ||
    (data.name === 'studyProgress' && typeof data.id === 'string' && isObject(data.progress)) ||
    (data.name === 'place' && isObject(data.place)) ||
    (data.name === 'other' && isObject(data.other) && typeof data.other.id === 'string') ||
    (data.name === 'fixProgress' && isObject(data.progress)) ||
    (data.name === 'targets' && (data.mapped === null || isObject(data.mapped))) ||
    (data.name === 'command' && typeof data.command === 'string');
  return valid ? (data as unknown as EventMessage) : null;
}
