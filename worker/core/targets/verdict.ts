import type { TargetEffects, TargetSummary } from './effects/effects';
import type { Fix } from './fix';

/** What a hardware target or runtime does with an operator. `unverified` is an honest answer where no source says. */
export type Verdict = 'native' | 'conditional' | 'fallback' | 'rejected' | 'unverified';

/** Targets that come with the product, in the order in which people see them. A user can add others at run time. */
export const TARGET_NAMES = [
  'tflite-cpu',
  'xnnpack',
  'tflm',
  'cmsis-nn',
  'ethos-u55',
  'ethos-u65',
  'ethos-u85',
  'edge-tpu',
  'hexagon-delegate',
  'qnn-htp',
  'nnapi',
  'gpu-delegate',
  'esp-nn',
  'esp-dl',
  'ort-cpu',
  'ort-qnn',
] as const;

export type TargetName = (typeof TARGET_NAMES)[number];

export interface Reason {
  /** The rule that decided, in the target's own terms. */
  readonly rule: string;
  /** The value seen in the model. */
  readonly seen: string;
  /** What it means for the user, or the tool's own message. */
  readonly message: string;
  /** Document or tool and its version. */
  readonly source: string;
  /** The smallest change that would make the rule hold, where one is known. */
  readonly fix?: Fix;
}

export interface OperatorPlacement {
  /** Graph (subgraph) and operator index in the file. */
  readonly subgraph: number;
  readonly index: number;
  readonly op: string;
  readonly verdict: Verdict;
  /** False where the verdict is not the operator's own: something else in the model makes the target refuse it as a whole. */
  readonly reached: boolean;
  readonly reasons: readonly Reason[];
}

export interface TargetPlacement {
  /** Name for people, such as "Ethos-U55". */
  readonly label: string;
  readonly version: string;
  readonly source: string;
  /** File format that the target reads; absent in reports of earlier versions, which know `tflite` only. */
  readonly reads?: 'tflite' | 'onnx';
  /** `rejected`: the model as a whole does not load or compile. */
  readonly result: 'runs' | 'rejected' | 'unverified';
  /** Why `result` is not `runs`, where no single operator is to blame. */
  readonly reasons: readonly Reason[];
  readonly ops: readonly OperatorPlacement[];
  /** What a user must know of the target beside its verdicts. */
  readonly notes?: readonly string[];
  /** Partitions, hand-overs, conversions and unrolling; absent in reports of earlier versions. */
  readonly effects?: TargetEffects;
  readonly summary?: TargetSummary;
  /** The same model on the target's variants (instruction sets), by the variant's name. */
  readonly variants?: Readonly<Record<string, VariantPlacement>>;
}

export interface VariantPlacement {
  /** Such as "Cortex-M55, M85 (MVE)". */
  readonly label: string;
  readonly result: TargetPlacement['result'];
  /** Verdicts in the order of the target's `ops`. */
  readonly verdicts: readonly Verdict[];
}

/** By target name: the built-in ones, and a user's own. Reports of earlier versions have fewer. */
export type TargetMap = Readonly<Record<string, TargetPlacement>>;
