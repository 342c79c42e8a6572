import type { FixState, OpenedRecipe, QuantizedState } from '../extension/protocol/fix';
import type { RunChoice } from '../extension/protocol/messages';
import type { Candidate } from '../worker/core/fix/candidates';
import { settingsOf } from '../worker/core/fix/editRecipe';
import type { ObservedValue } from '../worker/core/fix/observedValue';
import type { Recipe } from '../worker/core/recipe/recipe';
import { chosenData } from './derived';
import type { Host } from './host';
import type { Store } from './state';

/** What can be done about quantizing: requests to the host, whose outcome arrives in its state. */
export class FixActions {
  constructor(
    private readonly host: Host,
    private readonly store: Store,
    private readonly attempt: (action: () => Promise<unknown>) => Promise<void>,
  ) {}

  async quantize(calibrationId: string, recipe: Recipe, label: string): Promise<void> {
    await this.measured((choice) => this.host.request('quantize', { ...choice, calibrationId, recipe, label }));
  }

  async apply(label: string, recipe: Recipe): Promise<void> {
    await this.measured((choice) => this.host.request('applyRecipe', { ...choice, recipe, label }));
  }

  /** @param by −1 undoes, 1 redoes @returns whether there is such a step */
  move(by: -1 | 1): boolean {
    const { quantized } = this;
    const step = (quantized?.step ?? 0) + by;
    if (quantized?.steps[step] === undefined) return false;
    void this.goTo(step);
    return true;
  }

  async goTo(step: number): Promise<void> {
    await this.measured((choice) => this.host.request('goToStep', { ...choice, step }));
  }

  /** What was done before the window was loaded anew. */
  async restore(): Promise<void> {
    await this.measured((choice) => this.host.request('restoreHistory', choice));
  }

  /** Measures without applying. */
  async tryOut(candidates: readonly Pick<Candidate, 'id' | 'recipe'>[]): Promise<void> {
    const recipes = candidates.map(({ id, recipe }) => ({ id, recipe }));
    await this.measured((choice) => this.host.request('tryRecipes', { ...choice, recipes }));
  }

  async show(shown: boolean): Promise<void> {
    await this.attempt(() => this.host.request('showQuantized', { shown }));
  }

  /** Fails with a HostError when it cannot be answered. */
  observed(row: string, bits: 8 | 16): Promise<ObservedValue | null> {
    return this.host.request('observed', { row, bits });
  }

  async chooseCalibration(): Promise<void> {
    await this.attempt(async () => {
      const chosen = await this.host.request('chooseCalibration', null);
      if (chosen === null) return;
      const settings = this.store.state.view.quantize?.settings ?? settingsOf(this.recipe);
      this.store.dispatch({ type: 'view', change: { quantize: { calibrationId: chosen.id, settings } } });
    });
  }

  /** @param calibrationId what ranges are taken from, where nothing was quantized yet */
  async openRecipe(calibrationId: string): Promise<void> {
    let opened: OpenedRecipe | null = null;
    await this.attempt(async () => {
      opened = await this.host.request('openRecipe', null);
    });
    if (opened === null) return;
    const { name, recipe } = opened as OpenedRecipe;
    this.store.dispatch({ type: 'view', change: { quantize: { calibrationId, settings: settingsOf(recipe) } } });
    await this.quantize(calibrationId, recipe, `Recipe ${name}`);
  }

  /** The editor itself says where it was saved. */
  async saveRecipe(): Promise<void> {
    await this.attempt(async () => {
      const path = await this.host.request('saveRecipe', null);
      if (path !== null) this.store.dispatch({ type: 'notice', notice: { kind: 'info', text: `Recipe saved: ${path}` } });
    });
  }

  async saveQuantized(): Promise<void> {
    await this.attempt(() => this.host.request('saveQuantized', null));
  }

  private get quantized(): QuantizedState | null {
    return this.fix?.quantized ?? null;
  }

  private get fix(): FixState | null {
    return this.store.state.host?.fix ?? null;
  }

  private get recipe(): Recipe {
    const { quantized } = this;
    return quantized?.steps[quantized.step]?.recipe ?? { schema: 'gatescope.recipe/1' };
  }

  /** Everything that ends in a measurement takes the data, persona and states that are chosen for runs. */
  private async measured(ask: (choice: RunChoice) => Promise<unknown>): Promise<void> {
    const { view } = this.store.state;
    const data = chosenData(this.store.state);
    if (data === null || this.fix?.job.status === 'running') return;
    this.store.dispatch({ type: 'notice', notice: null });
    const { persona, quirks, states } = view;
    await this.attempt(() => ask({ dataId: data.id, persona, quirks, state: states }));
  }
}
