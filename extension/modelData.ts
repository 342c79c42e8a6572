import type { AssumedStore } from './assumedInputs';
import {
  asMisfit,
  discoverCalibration,
  discoverData,
  fitsInput,
  mayFitInput,
  pickedData,
  SYNTHETIC,
  type DataPick,
  type DataSet,
} from './dataDiscovery';
import type { FileAccess } from './fileAccess';
import { floatPartner } from './floatPartner';
import type { FixHistory } from './fixHistory';
import type { DataOptions } from '../worker/core/data/dataOptions';
import type { DataChoice } from './protocol/messages';

/** What the user picked as data for one model, newest first; kept over a reload of the window. */
export interface PickStore {
  load(): readonly DataPick[];
  save(picks: readonly DataPick[]): void;
  /** How data becomes samples. */
  readonly options?: { load(): DataOptions; save(options: DataOptions): void };
  /** What was quantized. */
  readonly history?: FixHistory;
  /** What inputs are taken to be. */
  readonly assumed?: AssumedStore;
}

export interface DataHost {
  /** URI of the model. */
  readonly model: string;
  readonly files: FileAccess;
  readonly picks: PickStore;
}

const MAX_PICKS = 5;
/** Longer lists of picked files are not kept over a reload of the window; a folder can be picked instead. */
const MAX_KEPT_FILES = 256;

/** Data and the float partner that lie beside a model, and what the user picked for it. */
export class ModelData {
  private found: readonly DataSet[] = [SYNTHETIC];
  private picks: readonly DataPick[];
  private picked: readonly DataSet[] = [];
  private partnerFile: string | null = null;
  private chosenOptions: DataOptions;
  /** Counts looks for data, so that the last one started wins. */
  private looking = 0;

  constructor(private readonly host: DataHost) {
    this.picks = host.picks.load();
    this.chosenOptions = host.picks.options?.load() ?? {};
  }

  /** URI of the float partner; null where there is none. */
  get partner(): string | null {
    return this.partnerFile;
  }

  /** How data becomes samples, as the user chose. */
  get options(): DataOptions {
    return this.chosenOptions;
  }

  setOptions(options: DataOptions): void {
    this.chosenOptions = options;
    this.host.picks.options?.save(options);
  }

  /** Keeps a file for one of several inputs, beside those picked for the others last. @throws Error when it is not there */
  keepForInput(input: string, file: string): Promise<DataChoice> {
    const last = this.picks.find((pick) => 'inputs' in pick && pick.inputs !== undefined);
    const before =
      last !== undefined && 'files' in last ? last.files.map((one, place) => [last.inputs?.[place] ?? '', one] as const) : [];
    const after = [...before.filter(([name]) => name !== input), [input, file] as const];
    if (last !== undefined) this.picks = this.picks.filter((pick) => pick !== last);
    return this.keep({ files: after.map(([, one]) => one), inputs: after.map(([name]) => name) });
  }

  /** Looks again beside the model. @returns false where a later look has begun meanwhile */
  async look(): Promise<boolean> {
    const { files, model } = this.host;
    const looking = ++this.looking;
    const [found, picked, names] = await Promise.all([
      discoverData(files, model),
      Promise.all(this.picks.map((pick) => pickedData(files, pick))),
      this.siblings(),
    ]);
    if (looking !== this.looking) return false;
    this.found = found;
    this.picked = picked.filter((set) => set !== null);
    const partner = floatPartner(files.name(model), names);
    this.partnerFile = partner === null ? null : files.join(files.parent(model), partner);
    return true;
  }

  /** Keeps a pick before all others; `look` then finds it. @throws Error when there is no data in it */
  async keep(pick: DataPick): Promise<DataChoice> {
    const set = await pickedData(this.host.files, pick);
    if (set === null) throw new Error('There is no .npy, .npz, .csv, .json or .wav file in this folder.');
    const others = this.picks.filter((other) => JSON.stringify(other) !== JSON.stringify(pick));
    this.picks = [pick, ...others].slice(0, MAX_PICKS);
    this.host.picks.save(this.picks.filter((one) => 'folder' in one || one.files.length <= MAX_KEPT_FILES));
    return set.choice;
  }

  /** What the user picked, then what was found and fits an input of this shape, then arrays that do not; null: whatever its shape. */
  sets(shape: readonly number[] | null): readonly DataSet[] {
    const picked = new Set(this.picked.map((set) => set.choice.id));
    const raw = this.found.filter((set) => shape === null || fitsInput(set, shape));
    // Recordings become features where nothing lies there that is the input already.
    const hasData = raw.some(({ choice }) => !choice.synthetic);
    const fitting = hasData || shape === null ? raw : this.found.filter((set) => mayFitInput(set, shape));
    const misfits = this.found.filter((set) => shape !== null && set.shape !== undefined && !fitsInput(set, shape)).map(asMisfit);
    return [...this.picked, ...[...fitting, ...misfits].filter((set) => !picked.has(set.choice.id))];
  }

  /** What the model can be calibrated with. */
  calibration(shape: readonly number[] | null): Promise<readonly DataSet[]> {
    return discoverCalibration(this.host.files, this.host.model, this.sets(shape));
  }

  private async siblings(): Promise<readonly string[]> {
    const { files, model } = this.host;
    try {
      return (await files.list(files.parent(model))).filter((entry) => entry.kind === 'file').map((entry) => entry.name);
    } catch {
      return [];
    }
  }
}
