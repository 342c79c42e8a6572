/** What a hardware target or runtime does with an operator. `unverified` is an honest answer where no source says. */
export type Verdict = 'native' | 'conditional' | 'fallback' | 'rejected' | 'unverified';

export type TargetName = 'tflite-cpu' | 'xnnpack' | 'tflm' | 'ethos-u55' | 'ethos-u65' | 'ethos-u85';

export interface Reason {
  /** The rule that decided, in the target's own terms. */
  readonly rule: string;
  /** The value seen in the model. */
  readonly seen: string;
  /** What it means for the user, or the tool's own message. */
  readonly message: string;
  /** Document or tool and its version. */
  readonly source: string;
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
  /** `rejected`: the model as a whole does not load or compile. */
  readonly result: 'runs' | 'rejected' | 'unverified';
  /** Why `result` is not `runs`, where no single operator is to blame. */
  readonly reasons: readonly Reason[];
  readonly ops: readonly OperatorPlacement[];
}

export type TargetMap = Readonly<Record<TargetName, TargetPlacement>>;
