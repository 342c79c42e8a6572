import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import type { Gate, GruGate, SignalName } from '../lstm/signals';
import type { DType } from '../model/dtype';
import type { Scheme } from '../model/model';
import type { LstmInfo, QuantizationInfo } from '../report/overview';
import type { DataIdentity } from '../report/report';
import type { QuirkName } from './quirks';

/**
 * Two models, or one under two runtimes' arithmetic: what differs in the files, and what in every value when both are run.
 * Plain JSON: no NaN, no Infinity.
 */
export interface Comparison {
  readonly schema: 'gatescope.compare/1';
  readonly generator: string;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  /** Both sides are the same file, byte for byte. */
  readonly sameFile: boolean;
  readonly statics: StaticDifferences;
  /** Null where there is no data, or nothing that both sides compute. */
  readonly run: RunDifferences | null;
  /** Where one file is run in two ways: the decisions in which the two differ and that matter in this model. */
  readonly causes: readonly DifferenceCause[];
  /** One sentence per line, most important first. */
  readonly headline: readonly string[];
}

export interface ComparedSide {
  /** For people: `digits-int8.tflite`, `TFLite, peephole quirk off`. */
  readonly label: string;
  readonly fileName: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly scheme: Scheme;
  readonly path: 'float' | 'hybrid' | 'int8';
  readonly persona: PersonaName;
  readonly personaOverrides: PersonaOverrides;
}

export interface DifferenceCause {
  readonly quirk: QuirkName;
  readonly label: string;
  /** Which side has it. */
  readonly on: 'a' | 'b';
  readonly explanation: string;
  /** Operator indices of the LSTMs that it matters to. */
  readonly ops: readonly number[];
}

export interface StaticDifferences {
  /** `same`: both graphs have the same operators in the same order. */
  readonly by: 'same' | 'name' | 'order' | 'weights';
  readonly operators: { readonly a: number; readonly b: number; readonly matched: number };
  /** Operators that only one side has (the first 50 of each). */
  readonly onlyA: readonly OperatorPlace[];
  readonly onlyB: readonly OperatorPlace[];
  /** Matched operators whose options differ (the first 200). */
  readonly options: readonly OptionDifference[];
  readonly tensors: { readonly a: number; readonly b: number; readonly matched: number; readonly differing: number };
  /** Matched tensors that differ (the first 1,000). */
  readonly differing: readonly TensorDifference[];
}

export interface OperatorPlace {
  readonly index: number;
  readonly op: string;
  /** Name of the first output. */
  readonly name: string;
}

export interface OptionDifference {
  readonly a: OperatorPlace;
  readonly b: OperatorPlace;
  readonly option: string;
  /** As text; `none` where a side has no such option. */
  readonly valueA: string;
  readonly valueB: string;
}

export type TensorAspect = 'dtype' | 'shape' | 'scale' | 'zero point' | 'values' | 'constant';

export interface TensorDifference {
  readonly name: string;
  readonly a: ComparedTensor;
  readonly b: ComparedTensor;
  /** Matched by name, or by their places in matched operators. */
  readonly by: 'name' | 'place';
  readonly aspects: readonly TensorAspect[];
  /** Constants of the same shape: values that differ. Codes are compared where both have the same type, else reals. */
  readonly values: {
    readonly count: number;
    readonly differing: number;
    readonly largest: number;
    readonly unit: 'codes' | 'reals';
  } | null;
}

export interface ComparedTensor {
  readonly index: number;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly quantization: QuantizationInfo | null;
}

export interface RunDifferences {
  readonly data: DataIdentity;
  readonly state: 'reset' | 'carry';
  readonly samples: number;
  /** Time steps, and the same times batch rows. */
  readonly steps: number;
  /** Of samples with more calls, the first ones that are compared; absent where all are. */
  readonly callsOfLongSamples?: number;
  readonly complete: boolean;
  readonly requestedSamples: number;
  /** What both sides are held against: a float model, the side that is float, or each side's own weights as reals. */
  readonly float: 'file' | 'a' | 'b' | 'own';
  /** First in the order of samples, layers, steps and of what a step computes; null where nothing differs. */
  readonly first: FirstDifference | null;
  /** Position among `layers` of the one that computes the last output of A; null where it has no counterpart. */
  readonly mainLayer: number | null;
  readonly layers: readonly LayerDifference[];
  readonly task: TaskDifference | null;
}

export interface FirstDifference extends SignalFirst {
  readonly layer: number;
  readonly signal: DifferenceSignal;
}

export interface SignalFirst {
  readonly sample: number;
  readonly sampleName: string;
  /** Of the time axis; null where the value has none. */
  readonly step: number | null;
  readonly row: number;
  readonly unit: number;
  /** Units that differ in that step, over all its rows, out of `ofUnits`. */
  readonly units: number;
  readonly ofUnits: number;
}

export type DifferenceSignal = SignalName | 'out';

export interface LayerDifference {
  readonly a: OperatorPlace;
  readonly b: OperatorPlace;
  /** Topology of A's LSTM; null for other operators. */
  readonly lstm: LstmInfo | null;
  /** LSTMs: every signal of every gate as a step computes them; other operators: `out`. */
  readonly signals: readonly SignalDifference[];
}

export interface SignalDifference {
  readonly signal: DifferenceSignal;
  readonly direction: 'forward' | 'backward' | null;
  readonly gate: Gate | GruGate | null;
  readonly dtypeA: DType;
  readonly dtypeB: DType;
  /** Same type, scale and zero point: integers compare. */
  readonly sameFormat: boolean;
  readonly values: number;
  /** Integers that differ where types are the same, else reals. */
  readonly differing: number;
  /** Largest difference in codes; null where the types differ or are real. */
  readonly maxCodes: number | null;
  /** Largest difference as reals. */
  readonly maxAbs: number;
  readonly first: SignalFirst | null;
  /** Against float; null where not finite (see `exact`) or not compared. */
  readonly sqnrDbA: number | null;
  readonly sqnrDbB: number | null;
  readonly maxErrorA: number | null;
  readonly maxErrorB: number | null;
  /** Along the time axis. Null where there is none. */
  readonly steps: StepDifferences | null;
}

/** Entry k covers steps k * perEntry up to (k + 1) * perEntry; at most 256 entries. */
export interface StepDifferences {
  readonly perEntry: number;
  readonly values: readonly number[];
  readonly differing: readonly number[];
  /** Root mean square error against float; null where not compared. */
  readonly rmsA: readonly (number | null)[];
  readonly rmsB: readonly (number | null)[];
}

export interface TaskDifference {
  readonly kind: 'ctc-greedy' | 'classification';
  readonly unit: string;
  readonly total: number;
  readonly samples: number;
  readonly errorsA: number;
  readonly errorsB: number;
  /** Samples whose answers differ (the first 100). */
  readonly changed: readonly { readonly sample: string; readonly expected: string; readonly a: string; readonly b: string }[];
}
