import type { QuirkName } from '../compare/quirks';
import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import type { Gate } from '../lstm/signals';
import type { DataIdentity, FloatModelIdentity, LstmPart, ModelIdentity } from '../report/report';
import type { SubjectKind } from './subjectKinds';

/**
 * What the model's main output gains when one thing alone is put back to float, for every gate and part of its LSTMs, every
 * tensor, all weights and every layer. Plain JSON: no NaN, no Infinity. Gains overlap and do not add up.
 */
export interface BlameReport {
  readonly schema: 'gatescope.blame/1';
  readonly generator: string;
  readonly model: ModelIdentity;
  readonly floatModel: FloatModelIdentity;
  readonly quantizedPath: 'int8' | 'hybrid';
  readonly persona: PersonaName;
  readonly personaOverrides: PersonaOverrides;
  readonly state: 'reset' | 'carry';
  readonly data: DataIdentity;
  /** Samples and time steps that the figures cover. */
  readonly samples: number;
  readonly steps: number;
  /** Samples of many calls that only the first `calls` calls were measured of; absent where all were measured whole. */
  readonly cut?: { readonly samples: number; readonly calls: number };
  /** False when it was stopped before all samples were measured. */
  readonly complete: boolean;
  readonly requestedSamples: number;
  /** What everything is measured at: the model's output that is computed last. */
  readonly output: { readonly tensor: number; readonly name: string; readonly op: number };
  /** The file's own arithmetic throughout. */
  readonly quantized: BlameMeasure;
  /** Null where there are no labels. */
  readonly task: BlameTask | null;
  /** Ranked: the largest gain first. */
  readonly subjects: readonly BlameSubject[];
  /** Subjects beyond the most that are measured, which were left out. */
  readonly leftOut: number;
  /** One sentence per line: the answer. */
  readonly headline: readonly string[];
}

export interface BlameTask {
  readonly kind: 'ctc-greedy' | 'classification';
  readonly unit: string;
  /** Labelled units in the samples covered. */
  readonly total: number;
  readonly samples: number;
  readonly floatErrors: number;
  readonly floatRight: number;
}

/** Main output against the float path's. */
export interface BlameMeasure {
  /** Null when not finite: then look at `exact`. */
  readonly sqnrDb: number | null;
  readonly exact: boolean;
  readonly rmse: number;
  readonly maxAbs: number;
  /** Wrong units over the labelled samples, and samples entirely right; null without labels. */
  readonly taskErrors: number | null;
  readonly right: number | null;
}

export interface BlameSubject {
  /** Stable: `layer 1`, `layer 1 real`, `part 0 g`, `weights 2 17`, `tensor 33`, `quirk 0 peephole-width`. */
  readonly id: string;
  readonly kind: SubjectKind;
  /** For people: `gate g of lstm0`. */
  readonly label: string;
  /** Operator index in the file, and its name; null for inputs of the model. */
  readonly op: number | null;
  readonly opName: string | null;
  /** Name of the LSTM that it belongs to. */
  readonly lstm: string | null;
  readonly tensor: number | null;
  readonly tensorName: string | null;
  readonly part: LstmPart | null;
  /** What the runtime does otherwise than the recipe; `back` is then without it, and all stays integer. */
  readonly quirk: QuirkName | null;
  readonly gate: Gate | null;
  /** Layers: `grid` keeps the output on its tensor's grid; with `real`, what reads the output sees reals as well. */
  readonly output: 'grid' | 'real' | null;
  /** Weights come from a float model, not from the file itself. */
  readonly otherWeights: boolean;
  /**
   * `exact`: all that stays quantized is the runtime's own arithmetic, to the bit. `emulated`: the operators listed read or hold reals
   * and are therefore computed as reals that are rounded where the file rounds; multipliers and activation tables are exact
   * there. The gain is then measured against the same emulation with nothing put back, whose figures are `control`.
   */
  readonly arithmetic: 'exact' | 'emulated';
  readonly emulatedOps: readonly number[];
  readonly back: BlameMeasure;
  readonly control: BlameMeasure;
  /** dB of SQNR: `back` over `control`, an exact output counting as 140 dB. Null where nothing could be measured. */
  readonly gainDb: number | null;
  /** Errors fewer on the task; null without labels. */
  readonly taskGain: number | null;
  /** Only this quantized, all else float: what it costs by itself. Null where it is not measured. */
  readonly alone: BlameMeasure | null;
  /** From 1; subjects without a gain come last. */
  readonly rank: number;
}
