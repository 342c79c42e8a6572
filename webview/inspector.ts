import type { InspectorState, OtherModel, Place, Requests, WebviewCommand } from '../extension/protocol/messages';
import type { Host } from './host';
import { chosenData } from './derived';
import { FixActions } from './fixActions';
import type { OperatorDetail, OperatorDetailRequest } from '../worker/core/formula/operatorDetail';
import type { TensorInfo } from '../worker/core/report/overview';
import type { TensorInfosRequest } from '../worker/core/report/tensorInfos';
import type { GraphLayout, LayoutRequest } from '../worker/core/graph/graphLayout';
import type { AudioDetail, AudioDetailRequest } from '../worker/core/report/audioDetail';
import type { ExportFormat } from '../worker/core/report/exportFormats';
import type { SignalDetail, SignalDetailRequest, TensorDetail, TensorDetailRequest } from '../worker/core/report/detail';
import type { AudioState } from './audioState';
import type { LayersState } from './layersState';
import { PLAIN_RECIPE, settingsOf } from '../worker/core/fix/editRecipe';
import type { RecipeFragment } from '../worker/core/targets/fix';
import type { DataOptions } from '../worker/core/data/dataOptions';
import type { Action, Store } from './state';
import { blameChoice, chosenSide, fileSide } from './studyChoices';
import type { Studies, Study, StudyName } from './study';
import type { CopyTarget } from './ui/CopyContext';
import { parseView, placeOf, type OpKey, type Placement, type ViewState } from './viewState';
import type { CellSelection } from './figures/CellFigure';

/** What can be asked beyond the report, and what is answered. */
export interface DetailRequest {
  readonly signalDetail: SignalDetailRequest;
  readonly tensorDetail: TensorDetailRequest;
  readonly audioDetail: AudioDetailRequest;
  readonly operatorDetail: OperatorDetailRequest;
  readonly tensorInfos: TensorInfosRequest;
  readonly layoutGraph: LayoutRequest;
}

export interface Detail {
  readonly signalDetail: SignalDetail;
  readonly tensorDetail: TensorDetail;
  readonly audioDetail: AudioDetail;
  readonly operatorDetail: OperatorDetail;
  readonly tensorInfos: readonly TensorInfo[];
  readonly layoutGraph: GraphLayout;
}

/** `marked`: where the lanes have a mark. `atRails`: where a value is at a rail. */
export interface StepPlaces {
  readonly marked: readonly number[];
  readonly atRails: readonly number[];
}

export const NO_PLACES: StepPlaces = { marked: [], atRails: [] };

/** What can be done in the inspector: requests to the host, and moves between places. */
export class Inspector {
  readonly store: Store;
  /** Quantizing in memory. */
  readonly fix: FixActions;
  /** Steps that keys jump to, in order; set by the steps that are on the screen. */
  stepPlaces: StepPlaces = NO_PLACES;
  readonly #host: Host;
  #nextDetail = 1;

  constructor(host: Host, store: Store) {
    this.#host = host;
    this.store = store;
    this.fix = new FixActions(host, store, (action) => this.#attempt(action));
    host.onEvent((event) => {
      if (event.name === 'state') this.#take(event.state);
      else if (event.name === 'studyProgress') store.dispatch({ type: 'studyShare', id: event.id, share: event.progress });
      else if (event.name === 'progress') store.dispatch({ type: 'progress', progress: event.progress });
      else if (event.name === 'place') this.showPlace(event.place);
      else if (event.name === 'other') this.#compareWith(event.other);
      else if (event.name === 'fixProgress') store.dispatch({ type: 'fixShare', share: event.progress });
      else if (event.name === 'targets') store.dispatch({ type: 'targets', mapped: event.mapped });
      else if (event.name === 'command') this.command(event.command);
    });
  }

  async start(): Promise<void> {
    await this.#attempt(async () => {
      this.store.dispatch({ type: 'host', state: await this.#host.request('init', null) });
    });
  }

  view(change: Partial<ViewState>): void {
    this.store.dispatch({ type: 'view', change });
  }

  layers(change: Partial<LayersState>): void {
    this.view({ layers: { ...this.store.state.view.layers, ...change } });
  }

  audio(change: Partial<AudioState>): void {
    this.view({ audio: { ...this.store.state.view.audio, ...change } });
  }

  /** Lets the user pick what the model's sound is compared with. */
  async chooseRecording(): Promise<void> {
    await this.#attempt(async () => {
      const reference = await this.#host.request('chooseRecording', null);
      if (reference) this.audio({ reference });
    });
  }

  command(command: WebviewCommand): void {
    switch (command) {
      case 'run':
        void this.run();
        break;
      case 'cancel':
        void this.cancel();
        break;
      case 'chooseData':
        void this.chooseData();
        break;
      case 'copyLink':
        void this.copyLink();
        break;
      case 'importTargetLog':
        void this.importTargetLog();
        break;
      case 'showOverview':
        this.view({ tab: 'overview' });
        break;
      case 'showLayers':
        this.view({ tab: 'layers' });
        break;
      case 'showLstm':
        this.view({ tab: 'lstm' });
        break;
      case 'showFix':
        this.view({ tab: 'fix' });
        break;
    }
  }

  /** Runs the chosen data, or the data given, which thereby becomes the chosen one. */
  async run(dataId?: string): Promise<void> {
    if (dataId !== undefined) this.view({ dataId });
    const { host, view } = this.store.state;
    const data = chosenData(this.store.state);
    if (!data || host?.model.status !== 'open' || host.run.status === 'running') return;
    this.dismiss();
    const { persona, quirks, states } = view;
    await this.#attempt(() => this.#host.request('run', { dataId: data.id, persona, quirks, state: states }));
  }

  async cancel(): Promise<void> {
    const { host } = this.store.state;
    if (host?.run.status !== 'running' && host?.fix.job.status !== 'running') return;
    await this.#attempt(() => this.#host.request('cancel', null));
  }

  /** How data becomes samples from the next run on. */
  async setDataOptions(options: DataOptions): Promise<void> {
    await this.#attempt(() => this.#host.request('setDataOptions', { options }));
  }

  async chooseAssumed(input: string): Promise<void> {
    await this.#attempt(() => this.#host.request('chooseAssumed', { input }));
  }

  async chooseNormalisation(): Promise<void> {
    await this.#attempt(() => this.#host.request('chooseNormalisation', null));
  }

  async chooseInput(input: string): Promise<void> {
    await this.#attempt(async () => {
      const chosen = await this.#host.request('chooseInput', { input });
      if (chosen) this.view({ dataId: chosen.id });
    });
  }

  async chooseData(): Promise<void> {
    await this.#attempt(async () => {
      const chosen = await this.#host.request('chooseData', null);
      if (chosen) this.view({ dataId: chosen.id });
    });
  }

  /** Lays a log over the map of targets; the map with it arrives as an event. */
  async importTargetLog(): Promise<void> {
    await this.#attempt(async () => {
      if (!(await this.#host.request('importTargetLog', null))) return;
      this.dismiss();
      this.view({ tab: 'targets' });
    });
  }

  async dropTargetLog(): Promise<void> {
    await this.#attempt(() => this.#host.request('dropTargetLog', null));
    if (this.store.state.view.verdicts === 'log') this.view({ verdicts: 'all' });
  }

  async exportReport(format: ExportFormat): Promise<void> {
    if (this.store.state.exporting) return;
    this.store.dispatch({ type: 'exporting', exporting: true });
    await this.#attempt(async () => {
      // The editor itself says that it was saved, and offers to open it.
      await this.#host.request('exportReport', { format });
    });
    this.store.dispatch({ type: 'exporting', exporting: false });
  }

  /** Goes to a place that another part of the editor names; what of it is not understood is left as it is. */
  showPlace(place: Place): void {
    this.view(parseView({ ...this.store.state.view, ...place }));
  }

  /** A link that opens this model at the screen, layer, signal and steps on show. */
  async copyLink(): Promise<void> {
    await this.#attempt(async () => {
      await this.#host.request('copyLink', { place: placeOf(this.store.state.view) });
      this.#say('info', 'Link copied.');
    });
  }

  /** Takes files or a folder as data, and chooses it. */
  async addData(uris: readonly string[]): Promise<void> {
    if (uris.length === 0) {
      this.#say(
        'error',
        'Only files from the editor’s own lists can be dropped here; hold Shift while you drop. Choose data… takes any.',
      );
      return;
    }
    await this.#attempt(async () => {
      const added = await this.#host.request('addData', { uris });
      if (added) this.view({ dataId: added.id });
    });
  }

  async restart(): Promise<void> {
    await this.#attempt(() => this.#host.request('restart', null));
  }

  /** Opens the model with its LSTMs in small operators as cells. */
  async showCells(asFloat = false): Promise<void> {
    await this.#attempt(() => this.#host.request('showCells', { asFloat }));
  }

  async showFile(): Promise<void> {
    await this.#attempt(() => this.#host.request('showFile', null));
  }

  async saveFused(asFloat = false): Promise<void> {
    await this.#attempt(async () => {
      const path = await this.#host.request('saveFused', { asFloat });
      if (path !== null) this.#say('info', `Saved ${path}.`);
    });
  }

  async showProblems(): Promise<void> {
    await this.#attempt(() => this.#host.request('showProblems', null));
  }

  async openAsHex(): Promise<void> {
    await this.#attempt(() => this.#host.request('openAsHex', null));
  }

  async reopenWith(): Promise<void> {
    await this.#attempt(() => this.#host.request('reopenWith', null));
  }

  /** @param what names the text for the confirmation, such as `Reason` */
  async copy(what: string, text: string): Promise<void> {
    await this.#attempt(async () => {
      await this.#host.request('copyText', { text });
      this.#say('info', `${what} copied.`);
    });
  }

  /** What every copy button of a chart or table writes to. */
  readonly copyTarget: CopyTarget = {
    text: (what, text) => void this.copy(what, text),
    picture: (what, png) =>
      void this.#attempt(async () => {
        // The clipboard takes the promise, so that the click still counts when the picture is ready.
        await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
        this.#say('info', `${what} copied.`);
      }),
  };

  /** Fails with a HostError when it is cancelled, or cannot be answered. */
  detail<K extends keyof Detail>(kind: K, request: DetailRequest[K]): { answer: Promise<Detail[K]>; cancel: () => void } {
    const id = `detail-${this.#nextDetail++}`;
    const params: { id: string; request: DetailRequest[K] } = { id, request };
    return {
      answer: this.#host.request(kind, params as never) as Promise<Detail[K]>,
      cancel: () => {
        // Nothing hangs on it: an answer that comes anyway is not looked at.
        this.#host.request('cancelDetail', { id }).catch(() => undefined);
      },
    };
  }

  /** Puts everything back to float, one at a time, under the settings of the report shown. */
  async blame(): Promise<void> {
    const { host, studies } = this.store.state;
    const choice = host && blameChoice(host);
    if (!choice || host.run.status === 'running' || studies.blame.asked) return;
    const ask = 'problem' in choice ? () => Promise.reject(new Error(choice.problem)) : this.#asking('blame', choice);
    await this.#study('blame', ask);
  }

  /** This model beside what was chosen. */
  async compare(): Promise<void> {
    const { state } = this.store;
    const { host, view, studies } = state;
    const data = chosenData(state);
    const beside = host?.model.status === 'open' ? chosenSide(view, host.model.overview, state.others) : null;
    if (!data || !beside || studies.comparison.asked) return;
    const { persona, states, quirks } = view;
    const { other, persona: personaB, quirks: quirksB } = beside;
    const choice = { dataId: data.id, persona, state: states, quirks, other, personaB, quirksB };
    this.view({ comparedOp: null });
    await this.#study('comparison', this.#asking('compare', choice));
  }

  /** Figures of the samples done stay. */
  stopStudy(name: StudyName): void {
    const { asked } = this.store.state.studies[name];
    if (!asked || asked.stopping) return;
    this.store.dispatch({ type: 'study', name, change: { asked: { ...asked, stopping: true } } });
    this.#host.request('cancelDetail', { id: asked.id }).catch(() => undefined);
  }

  async chooseOther(): Promise<void> {
    await this.#attempt(async () => {
      const other = await this.#host.request('chooseOther', null);
      if (other) this.#compareWith(other);
    });
  }

  #compareWith(other: OtherModel): void {
    this.store.dispatch({ type: 'other', other });
    this.view({ tab: 'compare', compareWith: fileSide(other.id) });
  }

  openLstm(lstm: OpKey, signal: CellSelection | null = null): void {
    this.view({ tab: 'lstm', lstm, ...(signal === null ? {} : { signal }) });
  }

  /** Makes a sample the one that all screens look into. */
  showSample(sample: number): void {
    this.view({ sample, layers: { ...this.store.state.view.layers, sample } });
  }

  openLayer(layer: OpKey): void {
    this.view({ tab: 'layers', layer });
  }

  openPlacement(placement: Placement): void {
    this.view({ tab: 'targets', placement });
  }

  /** Opens the Fix screen with what a recipe asks of the whole model; nothing is quantized yet. */
  tryRecipe(fragment: RecipeFragment): void {
    const { host, view } = this.store.state;
    const { steps, step } = host?.fix.quantized ?? { steps: [], step: 0 };
    const settings = view.quantize?.settings ?? settingsOf(steps[step]?.recipe ?? PLAIN_RECIPE);
    const calibrationId = view.quantize?.calibrationId ?? null;
    this.view({ tab: 'fix', quantize: { calibrationId, settings: settingsOf({ ...PLAIN_RECIPE, ...settings, ...fragment }) } });
  }

  dismiss(): void {
    this.store.dispatch({ type: 'notice', notice: null });
  }

  /** A study that the new state has put an end to is not worth going on with. */
  #take(change: Partial<InspectorState>): void {
    const { host, studies: before } = this.store.state;
    // What comes before the answer to `init` is in it.
    if (host === null) return;
    const state = { ...host, ...change };
    this.store.dispatch({ type: 'host', state });
    for (const name of ['blame', 'comparison'] as const) {
      const id = before[name].asked?.id;
      if (id !== undefined && this.store.state.studies[name].asked?.id !== id)
        this.#host.request('cancelDetail', { id }).catch(() => undefined);
    }
  }

  #asking<N extends 'blame' | 'compare'>(name: N, choice: Omit<Requests[N]['params'], 'id'>) {
    return (id: string) => this.#host.request(name, { ...choice, id } as Requests[N]['params']);
  }

  async #study<N extends StudyName>(name: N, ask: (id: string) => Promise<NonNullable<Studies[N]['answer']>>): Promise<void> {
    const id = `${name}-${this.#nextDetail++}`;
    const isWanted = () => this.store.state.studies[name].asked?.id === id;
    this.#change(name, { asked: { id, share: null, stopping: false }, problem: null });
    try {
      const answer = await ask(id);
      if (isWanted()) this.#change(name, { answer, asked: null });
    } catch (error) {
      if (isWanted()) this.#change(name, { asked: null, problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #change<N extends StudyName>(name: N, change: Partial<Study<Studies[N]['answer']>>): void {
    this.store.dispatch({ type: 'study', name, change } as Action);
  }

  #say(kind: 'info' | 'error', text: string): void {
    this.store.dispatch({ type: 'notice', notice: { kind, text } });
  }

  async #attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#say('error', error instanceof Error ? error.message : String(error));
    }
  }
}
