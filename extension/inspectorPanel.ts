import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { addData } from './addData';
import { saveFused } from './cells/saveFused';
import { showCells, showFile } from './cells/showCells';
import { chooseAssumed } from './chooseAssumed';
import { chooseData } from './chooseData';
import { chooseInput, chooseNormalisation } from './chooseInput';
import { chooseOther } from './chooseOther';
import { chooseRecording } from './chooseRecording';
import { copyLink } from './copyLink';
import { exportReport } from './exportReport';
import { importTargetLog } from './importTargetLog';
import type { ModelDocument } from './modelDocument';
import { openAsHex } from './openAsHex';
import { packed } from './packed';
import { PageState } from './pageState';
import { parseRequest } from './parseRequest';
import { openRecipe, saveRecipe } from './recipeFiles';
import { saveQuantized } from './saveQuantized';
import type {
  EventMessage,
  InspectorState,
  OtherModel,
  Place,
  RequestMessage,
  RequestName,
  Requests,
  StudyShare,
  ToWebview,
  WebviewCommand,
} from './protocol/messages';
import type { MappedState } from './protocol/targets';
import { showProblems } from './showProblems';
import { webviewHtml } from './webviewHtml';

/** As in package.json: `publisher.name`. */
const EXTENSION_ID = 'gatescope.gatescope';

type Handlers = { readonly [N in RequestName]: (params: Requests[N]['params']) => Promise<Requests[N]['result']> };

/** One view of a document: a webview, and the answers to its requests. All state is the document's. */
export class InspectorPanel {
  private readonly handlers: Handlers;
  /** What the page has; null until it has asked. */
  private page: PageState | null = null;
  /** What to tell the page as soon as it is there, in order. */
  private readonly waiting: EventMessage[] = [];

  constructor(
    readonly document: ModelDocument,
    readonly panel: vscode.WebviewPanel,
    dist: vscode.Uri,
    hasStyles: boolean,
  ) {
    const { session } = document;
    this.handlers = {
      init: () => Promise.resolve(this.begin()),
      run: (choice) => Promise.resolve(session.start(choice)).then(() => null),
      cancel: () => Promise.resolve(session.cancel()).then(() => null),
      chooseData: () => chooseData(document),
      setDataOptions: ({ options }) => done(() => session.setDataOptions(options)),
      chooseNormalisation: () => chooseNormalisation(document),
      chooseAssumed: ({ input }) => chooseAssumed(document, input),
      chooseInput: ({ input }) => chooseInput(document, input),
      exportReport: ({ format }) => exportReport(document, format),
      showProblems: () => showProblems().then(() => null),
      openAsHex: () => openAsHex(document).then(() => null),
      reopenWith: () => Promise.resolve(vscode.commands.executeCommand('workbench.action.reopenWithEditor')).then(() => null),
      copyText: ({ text }) => Promise.resolve(vscode.env.clipboard.writeText(text)).then(() => null),
      copyLink: ({ place }) => copyLink(document, place, EXTENSION_ID).then(() => null),
      addData: ({ uris }) => addData(document, uris),
      signalDetail: ({ id, request }) => session.details.signalDetail(id, request),
      tensorDetail: ({ id, request }) => session.details.tensorDetail(id, request),
      audioDetail: ({ id, request }) => session.details.audioDetail(id, request),
      chooseRecording: () => chooseRecording(document),
      operatorDetail: ({ request }) => session.details.operatorDetail(request),
      tensorInfos: ({ request }) => session.details.tensorInfos(request),
      layoutGraph: ({ id, request }) => session.details.layoutGraph(id, request),
      cancelDetail: ({ id }) => session.cancelDetail(id).then(() => null),
      blame: (choice) => session.studies.blame(choice, (progress) => this.studyProgress(choice.id, progress)),
      chooseOther: () => chooseOther(document),
      compare: (choice) => session.studies.compare(choice, (progress) => this.studyProgress(choice.id, progress)),
      quantize: (choice) => done(() => session.fix.start(choice)),
      applyRecipe: (choice) => done(() => session.fix.apply(choice)),
      goToStep: (choice) => done(() => session.fix.goTo(choice)),
      restoreHistory: (choice) => done(() => session.fix.restore(choice)),
      tryRecipes: (choice) => done(() => session.fix.tryOut(choice)),
      showQuantized: ({ shown }) => done(() => session.fix.showQuantized(shown)),
      observed: ({ row, bits }) => session.fix.observed(row, bits),
      chooseCalibration: () => chooseData(document),
      openRecipe: () => openRecipe(document),
      saveRecipe: () => saveRecipe(document),
      saveQuantized: () => saveQuantized(document, panel.viewType),
      showCells: ({ asFloat }) => showCells(document, asFloat, panel.viewType).then(() => null),
      showFile: () => showFile(document, panel.viewType).then(() => null),
      saveFused: ({ asFloat }) => saveFused(document, asFloat, panel.viewType),
      importTargetLog: () => importTargetLog(document),
      dropTargetLog: () => Promise.resolve(session.targets.dropLog()).then(() => null),
      restart: () => session.reload().then(() => null),
    };

    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    const listeners = [
      webview.onDidReceiveMessage((message: unknown) => this.receive(message)),
      document.onDidChangeState((state) => this.tell(state)),
      document.onDidMap((mapped) => this.tellMapped(mapped)),
      document.onDidProgress((progress) => this.send({ kind: 'event', name: 'progress', progress })),
      document.onDidFixProgress((progress) => this.send({ kind: 'event', name: 'fixProgress', progress })),
    ];
    // The page of a hidden panel is gone; another one asks for everything when the panel is back.
    listeners.push(panel.onDidChangeViewState(() => (this.page = panel.visible ? this.page : null)));
    panel.onDidDispose(() => listeners.forEach((listener) => void listener.dispose()));
    webview.html = webviewHtml({
      cspSource: webview.cspSource,
      scriptNonce: randomBytes(16).toString('base64url'),
      styleNonce: randomBytes(16).toString('base64url'),
      script: resource('webview.js'),
      styles: ['codicon.css', ...(hasStyles ? ['webview.css'] : [])].map(resource),
    });
  }

  command(command: WebviewCommand): void {
    this.send({ kind: 'event', name: 'command', command });
  }

  /** Shows a place, once the page is there. */
  reveal(place: Place): void {
    this.show({ kind: 'event', name: 'place', place });
  }

  /** Puts another model, which the session offers, beside this one on the Compare screen. */
  compareWith(other: OtherModel): void {
    this.show({ kind: 'event', name: 'other', other });
  }

  private show(event: EventMessage): void {
    if (this.page !== null) this.send(event);
    else this.waiting.push(event);
    this.panel.reveal();
  }

  private begin(): InspectorState {
    // After the answer, which the page waits for.
    setTimeout(() => {
      if (this.page === null) return;
      this.tellMapped(this.document.session.targets.state);
      for (const event of this.waiting.splice(0)) this.send(event);
    }, 0);
    this.page = new PageState();
    return this.page.whole(this.document.session.state);
  }

  /** A page that has not asked yet gets all of it then. */
  private tell(state: InspectorState): void {
    const change = this.page?.change(state) ?? null;
    if (change !== null) this.send(packed({ kind: 'event', name: 'state', state: change }));
  }

  private tellMapped(mapped: MappedState | null): void {
    if (this.page !== null) this.send(packed({ kind: 'event', name: 'targets', mapped }));
  }

  private studyProgress(id: string, progress: StudyShare): void {
    this.send({ kind: 'event', name: 'studyProgress', id, progress });
  }

  private async receive(message: unknown): Promise<void> {
    const request = parseRequest(message);
    if (request === null) return;
    const { id } = request;
    try {
      const answer = { kind: 'response', id, ok: true, result: await this.answer(request) } as const;
      this.send(request.name === 'init' ? packed(answer) : answer);
    } catch (error) {
      this.send({ kind: 'response', id, ok: false, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private answer<N extends RequestName>(request: RequestMessage & { name: N }): Promise<Requests[N]['result']> {
    const handler = this.handlers[request.name] as (params: unknown) => Promise<Requests[N]['result']>;
    return handler(request.params);
  }

  /** A hidden webview drops messages. */
  private send(message: ToWebview): void {
    void this.panel.webview.postMessage(message);
  }
}

/** What starts at once and ends later; what is wrong with it is told at once. */
function done(start: () => void): Promise<null> {
  start();
  return Promise.resolve(null);
}
