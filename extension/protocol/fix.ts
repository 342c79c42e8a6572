import type { Effect } from '../../worker/core/fix/effect';
import type { FixRow } from '../../worker/core/fix/fixRows';
import type { RecipeNote } from '../../worker/core/recipe/notes';
import type { CalibrationState, Recipe } from '../../worker/core/recipe/recipe';
import type { DataChoice, RunChoice, StudyShare } from './messages';

/** Quantizing in memory: what there is to start from, what is under way, and what was made. */
export interface FixState {
  /** Name of the float model that is quantized: the open one, or the float partner. Null where there is none. */
  readonly source: string | null;
  /** What ranges can be taken from, best first. */
  readonly calibrations: readonly CalibrationChoice[];
  readonly job: FixJob;
  readonly quantized: QuantizedState | null;
  /** What was quantized of this model before the window was loaded anew; null where there is nothing, or while something is quantized. */
  readonly former: FormerFix | null;
}

/** A history that is kept: it can be made anew, from the same data. */
export interface FormerFix {
  readonly schema: 'gatescope.history/1';
  /** Name of the float model. */
  readonly source: string;
  /** Of that model: another size is another model. */
  readonly sourceBytes: number;
  readonly calibration: UsedCalibration;
  /** Without effects: what they were measured on may have changed. */
  readonly steps: readonly FixStep[];
  readonly step: number;
  /** When it was changed last, in ms since 1970. */
  readonly at: number;
}

/** `file`: ranges that the float model keeps. */
export interface CalibrationChoice extends DataChoice {
  readonly source: 'data' | 'synthetic' | 'file';
}

/** Its progress arrives as `fixProgress` events. */
export type FixJob =
  | { readonly status: 'idle' }
  | { readonly status: 'running'; readonly stage: FixStage; readonly progress: StudyShare | null }
  | { readonly status: 'failed'; readonly message: string };

export type FixStage = 'reading' | 'calibrating' | 'quantizing' | 'trying';

/** The quantized model in memory, and how it came about. */
export interface QuantizedState {
  /** `model` and `report` of the state are those of the quantized model, not of the file. */
  readonly shown: boolean;
  readonly byteLength: number;
  /** Of the float model. */
  readonly sourceBytes: number;
  readonly calibration: UsedCalibration;
  readonly rows: readonly FixRow[];
  /** What the quantizer decided where. */
  readonly notes: readonly RecipeNote[];
  /** All recipes so far; those after `step` were undone. */
  readonly steps: readonly FixStep[];
  readonly step: number;
  /** The file itself, where it is quantized and was run: what all steps stand beside. */
  readonly file: Effect | null;
  /** Measured for the recipe of this step, by the asker's own ids. */
  readonly tried: readonly TriedRecipe[];
}

export interface UsedCalibration {
  readonly id: string;
  /** For people; for ranges that the file keeps, `ranges in the file`. */
  readonly label: string;
  readonly source: CalibrationChoice['source'] | 'none';
  readonly samples: number;
  readonly steps: number;
  readonly state: CalibrationState;
  readonly notes: readonly string[];
}

export interface FixStep {
  /** What was changed, such as `Cell of lstm0 Q4.11`. */
  readonly label: string;
  readonly recipe: Recipe;
  readonly byteLength: number;
  /** Null until it was measured. */
  readonly effect: Effect | null;
}

export type TriedRecipe =
  | { readonly id: string; readonly effect: Effect; readonly byteLength: number }
  /** The recipe cannot be used. */
  | { readonly id: string; readonly effect: null; readonly reason: string };

/** `RunChoice`: what the result is measured with. */
export interface QuantizeChoice extends RunChoice {
  readonly calibrationId: string;
  readonly recipe: Recipe;
  /** Of the step. */
  readonly label: string;
}

export interface RecipeChoice extends RunChoice {
  readonly recipe: Recipe;
  readonly label: string;
}

export interface StepChoice extends RunChoice {
  readonly step: number;
}

export interface TryChoice extends RunChoice {
  readonly recipes: readonly { readonly id: string; readonly recipe: Recipe }[];
}

export interface OpenedRecipe {
  /** The file's name. */
  readonly name: string;
  readonly recipe: Recipe;
}
