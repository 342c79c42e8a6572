import type { InspectorState, RequestMessage, ToWebview } from '../../../extension/protocol/messages';
import type { ModelOverview } from '../../../worker/core/report/overview';
import type { Report } from '../../../worker/core/report/report';
import { Host } from '../../../webview/host';
import { Inspector } from '../../../webview/inspector';
import { Store } from '../../../webview/state';

/** A window and an editor without either: what was asked, and a way to answer. */
export class TestWindow {
  readonly requests: RequestMessage[] = [];
  saved: unknown = undefined;
  #listener: ((event: { readonly data: unknown }) => void) | null = null;

  readonly api = {
    postMessage: (message: unknown) => {
      this.requests.push(message as RequestMessage);
    },
    getState: () => this.saved,
    setState: (state: unknown) => {
      this.saved = state;
    },
  };

  readonly source = {
    addEventListener: (_: 'message', listener: (event: { readonly data: unknown }) => void) => {
      this.#listener = listener;
    },
  };

  /** Anything may arrive in a window. */
  receive(data: unknown): void {
    this.#listener?.({ data });
  }

  send(message: ToWebview): void {
    this.receive(message);
  }

  /** Answers the last request. */
  answer(result: unknown): void {
    this.send({ kind: 'response', id: this.last.id, ok: true, result });
  }

  get last(): RequestMessage {
    const request = this.requests.at(-1);
    if (!request) throw new Error('Nothing was asked.');
    return request;
  }
}

export function inspectorOn(window: TestWindow): { readonly inspector: Inspector; readonly store: Store } {
  const host = new Host(window.api, window.source);
  const store = new Store(host.loadState(), (view) => {
    host.saveState(view);
  });
  return { inspector: new Inspector(host, store), store };
}

const DATA: InspectorState['data'] = [
  { id: 'folder:inputs', label: 'inputs/', detail: '8 .npy files', synthetic: false },
  { id: 'synthetic', label: 'Synthetic', detail: 'ranges only', synthetic: true },
];

export function openState(overview: ModelOverview, report: Report | null = null): InspectorState {
  return {
    fileName: overview.fileName,
    model: { status: 'open', overview },
    data: DATA,
    floatPartner: null,
    run: { status: 'idle' },
    report,
    fix: { source: null, calibrations: [], job: { status: 'idle' }, quantized: null, former: null },
  };
}
