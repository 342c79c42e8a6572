import type { DataOptions } from '../data/dataOptions';
import type { QuirkSwitches } from '../compare/quirks';
import type { ForeignOperator } from '../analysis/foreignOperators';
import type { Finding } from '../findings/finding';
import type { RecurrentFormula } from '../formula/recurrentFormula';
import type { RealLstmFormula } from '../lstm/float/realFormula';
import type { LstmFormula } from '../lstm/integer/integerFormula';
import type { PersonaName } from '../lstm/persona';
import type { Gate, GruGate, GruGateLetter, SignalName } from '../lstm/signals';
import type { DType } from '../model/dtype';
import type { ModelFormat, Scheme } from '../model/model';
import type { StepSignal } from '../recognise/recognised';
import type { TargetMap } from '../targets/verdict';
import type { StepSeries, UnitError } from './detail';
import type { AudioReport } from './audioReport';
import type { LostAtRails } from './lostAtRails';
import type { LstmInfo, QuantizationInfo, RecurrentInfo } from './overview';
import type { TaskReport } from './task/taskReport';

export type { TaskReport } from './task/taskReport';

/**
 * The one truth about a run. Views, exports and the command line are projections of this object; nothing is computed twice.
 * It is plain JSON: no NaN, no Infinity, no typed arrays. `null` means "not measured".
 */
export interface Report {
  readonly schema: 'gatescope.report/1';
  readonly generator: string;
  readonly model: ModelIdentity;
  /** Where the float path's weights come from; null when the model itself is float and nothing is compared. */
  readonly floatModel: FloatModelIdentity | null;
  /** What `quantized` path stands beside float: null for a float model. */
  readonly quantizedPath: 'int8' | 'hybrid' | null;
  readonly persona: PersonaName;
  /** Quirks of the persona that were switched; absent: as its runtime has them. */
  readonly quirks?: QuirkSwitches;
  readonly state: 'reset' | 'carry';
  readonly data: DataIdentity;
  /** Samples and time steps that the figures cover. */
  readonly samples: number;
  readonly steps: number;
  /** False when the run was stopped before all samples were seen. */
  readonly complete: boolean;
  readonly requestedSamples: number;
  /** One sentence per line, most important first: the answer. */
  readonly headline: readonly string[];
  readonly inputs: readonly LayerReport[];
  readonly layers: readonly LayerReport[];
  /** Place among `layers` of what computes the model's output, states that it gives back apart; absent where nothing does. */
  readonly mainLayer?: number;
  /** Operators that another runtime computes, or nobody; absent where this engine computes all. */
  readonly foreign?: readonly ForeignOperator[];
  readonly lstms: readonly LstmInfo[];
  /** Of the graph that was run; absent where there are none, and in reports of older versions. */
  readonly recurrent?: readonly RecurrentInfo[];
  /** LSTMs in small operators, by the file's own values: what their operators say of each signal. Absent where there are none. */
  readonly cells?: readonly CellReport[];
  /** Accuracy on the user's own task, where labels were found beside the data. */
  readonly task: TaskReport | null;
  /** Outputs that are sound; absent where there are none. */
  readonly audio?: readonly AudioReport[];
  readonly perSample: readonly SampleReport[];
  readonly findings: readonly Finding[];
  readonly targets: TargetMap;
  /** Only of a report over a share of a run: `gatescope merge` makes one of them all. */
  readonly shard?: ShardInfo;
}

export interface ShardInfo {
  /** From 1. */
  readonly index: number;
  readonly of: number;
  /** Samples of the whole run, and those that are this shard's: from `first` up to `end`. */
  readonly samples: number;
  readonly first: number;
  readonly end: number;
  /** All that was counted (`ShardCounts`), as JSON, compressed by gzip, in base64. For this program alone. */
  readonly counts: string;
}

export interface ModelIdentity {
  readonly fileName: string;
  readonly byteLength: number;
  readonly sha256: string;
  readonly format: ModelFormat;
  readonly scheme: Scheme;
  /** Values that inputs were taken to have, which decide what graph was run; absent where none does. */
  readonly assumed?: Readonly<Record<string, number>>;
}

export interface FloatModelIdentity {
  /** `dequantized`: the model's own weights as reals. `file`: a float partner. */
  readonly source: 'dequantized' | 'file';
  readonly fileName: string | null;
  readonly sha256: string | null;
  readonly matching: FloatMatching;
}

/** How operators found their float counterparts. */
export interface OperatorName {
  readonly index: number;
  readonly op: string;
  /** Of its (first) output tensor. */
  readonly name: string;
}

export interface FloatMatching {
  /** What found most of them. `self`: the model's own operators; `name` of the output tensor; `order` of the operators; `weights` that are the same. */
  readonly by: 'self' | 'name' | 'order' | 'weights';
  readonly matched: number;
  readonly operators: number;
  /** Operators without a counterpart (the first 20): nothing is compared there. */
  readonly unmatched: readonly OperatorName[];
  /** Matched operators whose weights are unlike their counterpart's: another training, not a rounded copy. Absent: none. */
  readonly unrelated?: { readonly count: number; readonly first: OperatorName };
}

export interface DataIdentity {
  /** For people: file or folder name. */
  readonly label: string;
  readonly files: readonly string[];
  /** Seeded random values from the inputs' own ranges: ranges only, not accuracy. */
  readonly synthetic: boolean;
  /** How it became samples, as the user chose; absent: as was guessed. */
  readonly options?: DataOptions;
  /** What was guessed, filled in or left out. */
  readonly notes?: readonly string[];
}

/** An LSTM that is unrolled into small operators, with the figures of those operators by the signal that they compute. */
export interface CellReport {
  readonly name: string;
  readonly subgraph: number;
  readonly steps: number;
  readonly signals: readonly CellSignalReport[];
}

export interface CellSignalReport extends StepSignal {
  /** Of all steps together; each operator's own are in `layers`. */
  readonly values: number;
  readonly atRails: number;
  readonly lostAtRails: number;
  readonly local: CellError | null;
  readonly accumulated: CellError | null;
}

export interface CellError {
  /** Over all steps; null when not finite: then look at `exact`. */
  readonly sqnrDb: number | null;
  readonly exact: boolean;
  readonly rmse: number;
  readonly maxAbs: number;
  /** The step of the largest RMS error, from 0; null where no value differs. */
  readonly worstStep: number | null;
}

/** Of quantized minus float, over every value. */
export interface ErrorStats {
  /** Values compared. */
  readonly values: number;
  /** 10 log10(sum float^2 / sum error^2); null when not finite: then look at `exact`. */
  readonly sqnrDb: number | null;
  /** No value differs. */
  readonly exact: boolean;
  readonly rmse: number;
  readonly maxAbs: number;
  /** Cosine of the angle between both; null when one is all zero. */
  readonly cosine: number | null;
  readonly meanError: number;
}

export interface LayerReport {
  readonly subgraph: number;
  /** Operator index in the file; for model inputs the index of the input. */
  readonly index: number;
  /** Operator name; `INPUT` for model inputs. */
  readonly op: string;
  /** Name of the (first) output tensor. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly quantization: QuantizationInfo | null;
  /** Fed with the float path's own values, quantized (an LSTM's states before every step among them): the error that this operator alone adds. */
  readonly local: ErrorStats | null;
  /** Fed with what the quantized path computed before it: the error so far. */
  readonly accumulated: ErrorStats | null;
  /** Values of the output at a rail of its integer type; several outputs count together where they share the first's parameters. */
  readonly saturation: { readonly total: number; readonly values: number };
  /** Of `saturation.total`, the values that are lost (see `SignalReport.lostAtRails`). */
  readonly lostAtRails: number;
  /** Recurrent layers: every signal of every gate; other operators: `out`. */
  readonly signals: readonly SignalReport[];
  /** LSTMs, GRUs and simple recurrent layers only: where values are lost, and what it costs. */
  readonly lstm: LstmReport | null;
  /** Samples of the largest RMS error of the output, at most 5; absent where nothing is compared. */
  readonly worstSamples?: readonly SampleError[];
}

export interface SignalReport {
  readonly signal: SignalName | 'out';
  /** Which cell of a bidirectional operator; absent elsewhere. */
  readonly direction?: 'forward' | 'backward';
  readonly gate: Gate | GruGate | null;
  readonly dtype: DType;
  readonly quantization: QuantizationInfo | null;
  /** Values seen on the quantized path (float path for a float model). */
  readonly values: number;
  /** Lowest and highest real value on the quantized path; null where there is none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly floatMin: number;
  readonly floatMax: number;
  /** Values that are NaN or infinite, on either path, where there are any; no other figure covers them. */
  readonly nonFinite?: number;
  /** Codes and counts at the ends of the integer type; null for float signals. What of it is lost says `lostAtRails`. */
  readonly rails: RailCounts | null;
  /**
   * Values at the rails that are lost: at each rail that the float path goes beyond by more than one code, all of them; 0 at the
   * others and at an activation's ends (rule and reasons: `lostAtRails`). Null where there are no rails.
   */
  readonly lostAtRails: LostAtRails | null;
  /** Values of the float path more than half a code beyond the rails: what the integer type cannot hold. Absent where there are no rails. */
  readonly beyond?: { readonly low: number; readonly high: number };
  /** Share of values at a rail, 0..1. */
  readonly share: number;
  /**
   * Activated gates and tanh(c): values at the activation's end (sigmoid 0 or 1, tanh -1 or 1, to within half a Q0.15 step).
   * Nothing is lost by itself.
   */
  readonly flat: { readonly low: number; readonly high: number } | null;
  /** Significant bits: log2 of the span of codes in use, out of `bits`. */
  readonly effectiveBits: { readonly used: number; readonly bits: number } | null;
  readonly local: ErrorStats | null;
  readonly accumulated: ErrorStats | null;
  readonly histogram: Histogram;
  /**
   * Where the error lies over steps, units and samples (of other operators than LSTMs: along the axes of `outputAxes`). Absent where
   * nothing is compared, and where the values are those of the signal before (after a peephole that is not there).
   */
  readonly located?: LocatedError;
  /** Absent where nothing is compared. */
  readonly noiseFloor?: NoiseFloor;
}

/** Step n of one sample with step n of the others; where states are carried over, steps count on from sample to sample. */
export interface LocatedError {
  /**
   * How many samples `series` and `worstUnits` cover: the first ones of the run, up to some four million values of a cell or an output,
   * of cells at least 16.
   * `worstSamples` and `largest` cover all.
   */
  readonly samples: number;
  /** Plain arrays of at most 64 points (16 of other operators than LSTMs), three significant digits; steps, samples and units in full are answered on demand. */
  readonly series: StepSeries;
  /** At most 8 (5 of other operators), the largest RMS error first. */
  readonly worstUnits: readonly UnitError[];
  /** At most 5, the largest RMS error first. */
  readonly worstSamples: readonly SampleError[];
  /** The one value that is furthest from float; null where none differs. */
  readonly largest: LargestError | null;
}

export interface SampleError {
  /** As `SampleReport.index`. */
  readonly sample: number;
  readonly rmse: number;
  readonly maxAbs: number;
}

export interface LargestError {
  readonly sample: number;
  /** Counted on from sample to sample where states are carried over. */
  readonly step: number;
  readonly batch: number;
  readonly unit: number;
  readonly float: number;
  readonly quantized: number;
  /** Whether the quantized value is at a rail. */
  readonly atRail: boolean;
}

/**
 * RMS error at most that rounding the float path's own values of this signal to half or single precision alone makes, as a
 * reference: a bound from their RMS (2^-11 and 2^-24 of it), not measured.
 */
export interface NoiseFloor {
  readonly float16Rmse: number;
  readonly float32Rmse: number;
}

export interface RailCounts {
  readonly lowCode: number;
  readonly highCode: number;
  /** The reals these codes stand for. */
  readonly lowReal: number;
  readonly highReal: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Float over the quantized path on one real axis; counts are exact. The rails' own codes are inside the bins too. At most 150
 * bins (50 below 5,000 values) over all values seen on either path; a whole number of codes per bin, edges half-way between codes.
 */
export interface Histogram {
  /** n + 1 ascending reals. */
  readonly edges: readonly number[];
  /** n counts. */
  readonly float: readonly number[];
  /** n counts; null where there is no quantized path. Named int8 by the schema, whatever the signal's width. */
  readonly int8: readonly number[] | null;
}

/** Of an LSTM, a GRU or a simple recurrent layer. */
export interface LstmReport {
  /** Absent of LSTMs. */
  readonly kind?: RecurrentInfo['kind'];
  readonly name: string;
  readonly ledger: readonly LedgerRow[];
  /** What the output gains, in dB of SQNR, when one part is put back to float; gains overlap and do not add up. Null: not measured. */
  readonly costs: readonly PartCost[] | null;
  /** Steps (times batch rows) that `costs` cover: the first ones of the first samples. Null where costs were not measured. */
  readonly costSteps: number | null;
  /** Its integer arithmetic with its own numbers, as the report's persona has it; null where it is not integer. */
  readonly formula: LstmFormula | null;
  /** How it computes in reals (float, hybrid, dynamic), one per cell; absent where its arithmetic is integer. */
  readonly realFormulas?: readonly RealLstmFormula[];
  /** Of a GRU or a simple recurrent layer: its arithmetic, integer or real; absent of LSTMs. */
  readonly recurrentFormula?: RecurrentFormula;
  /** One per cell (two when bidirectional); null where it never diverges. Absent where nothing is compared. */
  readonly divergence?: readonly (Divergence | null)[];
}

/**
 * Where a cell's own state begins to matter: the first step at which the RMS error of h, accumulated, is more than twice the larger
 * of its local RMS error and its floor. The floor is what rounding to codes makes, one code / sqrt(12), so that the rule holds
 * where the local error is 0; for reals it is 2^-24 of the float RMS.
 */
export interface Divergence {
  readonly step: number;
  /** Steps are told in groups of this many. */
  readonly stepsPerPoint: number;
  readonly accumulatedRmse: number;
  readonly localRmse: number;
  /**
   * The activated gate that diverges by the same rule first, at this step or before; of several the one that is further beyond its
   * local error. Null where none does.
   */
  readonly gate: { readonly gate: Gate | GruGate; readonly step: number } | null;
}

export type LossCause =
  | 'int8-rails'
  | 'weight-rails'
  | 'after-input'
  | 'after-recurrent'
  | 'recurrent-alone'
  | 'after-peephole'
  | 'after-layer-norm'
  | 'flat'
  | 'cell-add'
  | 'cell-clip'
  | 'hidden-rails'
  | 'projection-clip'
  | 'layer-norm-overflow';

export interface LedgerRow {
  readonly cause: LossCause;
  readonly label: string;
  /** Whether a value is really lost (rails, clips, overflow) or only at an activation's end. */
  readonly loss: boolean;
  /** Why the row does not apply: `not in this cell`, `inert`; null where it does. */
  readonly absent: string | null;
  readonly entries: readonly LedgerEntry[];
}

export interface LedgerEntry {
  readonly part: LstmPart;
  /** Null for weights. */
  readonly signal: SignalName | null;
  readonly count: number;
  /** Of `count`, the values that are lost: at rails as `SignalReport.lostAtRails` has it, by a clip or an overflow all. */
  readonly lost: number;
  readonly values: number;
  /** Where most of `count` is; absent where it is 0 or cannot be told from the values (weights, clips, overflow). */
  readonly where?: LedgerPlaces;
}

/** Over the samples that `LocatedError.samples` tells of. At most three of each, the most first; `step` is the first of `stepsPerPoint`. All of them: `signalDetail` with `ledgerFilter`. */
export interface LedgerPlaces {
  readonly stepsPerPoint: number;
  readonly steps: readonly { readonly step: number; readonly count: number }[];
  readonly units: readonly { readonly unit: number; readonly count: number }[];
}

/** Columns of the ledger and things that can be put back to float. `z r n`: of a GRU; `a`: what a simple recurrent layer activates. */
export type LstmPart = 'W' | 'x' | 'i' | 'f' | 'g' | 'o' | GruGateLetter | 'a' | 'c' | 'm' | 'h';

export interface PartCost {
  readonly part: LstmPart;
  readonly gainDb: number;
}

export interface SampleReport {
  /** Place among the requested samples, from 0. When a run was stopped, the samples it covers need not be the first ones. */
  readonly index: number;
  readonly name: string;
  readonly steps: number;
  /** Of the model's output that is computed last. */
  readonly sqnrDb: number | null;
  readonly expected: string | null;
  readonly float: string | null;
  readonly quantized: string | null;
  /** Classification only: how far the answer's class is ahead of the next, in reals of the output. */
  readonly margin?: { readonly float: number | null; readonly quantized: number | null };
}
