import type { Finding } from '../findings/finding';
import type { DType } from '../model/dtype';
import type { ModelFormat, Scheme } from '../model/model';
import type { StepSignal } from '../recognise/recognised';
import type { TargetMap } from '../targets/verdict';

/** What can be said of a model without running it: the first screen, and `inspect --json`. */
export interface ModelOverview {
  readonly schema: 'gatescope.inspect/1';
  readonly format: ModelFormat;
  readonly formatVersion: number;
  readonly fileName: string;
  readonly byteLength: number;
  /** Why no file can hold the model, which was made in memory; absent where it was read from one. */
  readonly inMemoryOnly?: string;
  readonly description: string;
  /** Values that inputs were taken to have, which decide what graph this is; absent where none does. */
  readonly assumed?: Readonly<Record<string, number>>;
  readonly scheme: Scheme;
  /** Constant elements that are weights or biases. */
  readonly params: number;
  /** Multiply-accumulates of one inference at the file's static shapes; dynamic axes count as 1. */
  readonly macs: number;
  readonly bytesByType: readonly { readonly label: string; readonly dtype: DType | null; readonly bytes: number }[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly ops: readonly OperatorInfo[];
  readonly tensorCount: number;
  /** Whether the main graph keeps states from one call to the next. */
  readonly keepsStates: boolean;
  /** Empty in an overview that was opened by the editor's worker, which tells them on demand (`WorkerApi.tensorInfos`). */
  readonly tensors: readonly TensorInfo[];
  readonly lstms: readonly LstmInfo[];
  /** GRUs and simple recurrent layers that are one operator each; absent where there are none. */
  readonly recurrent?: readonly RecurrentInfo[];
  /** LSTMs and GRUs in small operators; absent where there are none. */
  readonly recognised?: readonly RecognisedInfo[];
  readonly signatures: readonly {
    readonly key: string;
    readonly subgraph: number;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
  }[];
  readonly metadata: readonly { readonly name: string; readonly byteLength: number; readonly text: string | null }[];
  readonly findings: readonly Finding[];
  /** Empty in an overview that was opened by the editor's worker, which maps on demand (`WorkerApi.targets`). */
  readonly targets: TargetMap;
}

export interface TensorInfo {
  readonly subgraph: number;
  readonly index: number;
  readonly name: string;
  /** Static shape with -1 on dynamic axes. */
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly isVariable: boolean;
  /** Size of the constant in bytes; 0 when computed. */
  readonly constantBytes: number;
  readonly quantization: QuantizationInfo | null;
}

/** real = scale * (q - zeroPoint). */
export interface QuantizationInfo {
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis: number;
  /** Reals that the lowest and highest code stand for; null when there is more than one scale. */
  readonly range: readonly [min: number, max: number] | null;
  /** Blockwise quantization only: elements per block along `axis`; `scales` may then be empty, they are in another tensor. */
  readonly blockSize?: number;
}

export interface OperatorInfo {
  readonly subgraph: number;
  readonly index: number;
  /** Builtin name, or the custom code of a custom operator. */
  readonly op: string;
  readonly isCustom: boolean;
  readonly version: number;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  readonly intermediates: readonly number[];
  /** Types of the first input and first output, such as `int8` or `int8 > float32`; what a table shows. */
  readonly dtypes: string;
  /** Name of the first output. */
  readonly name: string;
  readonly outputShape: readonly number[];
  readonly macs: number;
  readonly params: number;
  readonly options: Readonly<Record<string, number | boolean | string | readonly number[]>>;
}

/** An LSTM or GRU that several operators, or a loop, compute together: to be shown as one cell. */
export interface RecognisedInfo {
  readonly kind: 'lstm' | 'gru';
  readonly form: 'unrolled' | 'loop';
  readonly subgraph: number;
  /** Operators of that subgraph which compute it, ascending; a loop's is the WHILE. */
  readonly ops: readonly number[];
  /** A loop's step. */
  readonly body: { readonly subgraph: number; readonly ops: readonly number[] } | null;
  readonly name: string;
  readonly steps: number;
  readonly input: number;
  readonly cell: number;
  readonly direction: 'forward' | 'backward';
  readonly sigmoid: 'logistic' | 'hard';
  readonly scheme: 'float' | 'hybrid' | 'int8';
  /** Smallest and largest scale over the steps; null where values are float. */
  readonly scales: Readonly<Record<'input' | 'cell' | 'hidden' | 'gates', readonly [number, number]>> | null;
  /** Whether `gatescope fuse` makes it a fused LSTM, and what becomes of it or why it stays. */
  readonly isFusable: boolean;
  readonly text: string;
  /** Unrolled LSTMs: where each signal is computed, step by step. */
  readonly signals?: readonly StepSignal[];
  /** The same of the editor's view of the cells, which keeps states inside and makes int8 cells float. */
  readonly shown: {
    readonly isShown: boolean;
    readonly text: string;
    /** Why what is shown cannot be saved as a fused .tflite; absent where it can. */
    readonly noFile?: string;
  };
}

/** A GRU, or a simple recurrent layer. */
export interface RecurrentInfo {
  readonly kind: 'gru' | 'rnn';
  readonly subgraph: number;
  readonly op: number;
  /** As an LSTM's: its node's name, what its tensors' names share, or `GRU 3`. */
  readonly name: string;
  readonly scheme: 'float' | 'hybrid' | 'int8';
  /** Sizes. */
  readonly input: number;
  readonly hidden: number;
  /** Whether r multiplies h before the candidate's recurrent product, or that product; null: an RNN has no r. */
  readonly reset: 'before' | 'after' | null;
  readonly direction: 'forward' | 'backward';
  /** Of z and r; null: an RNN has neither. Names as in the operator's options: `SIGMOID`, `HardSigmoid(0.2, 0.5)`. */
  readonly gateActivation: string | null;
  /** Of the candidate, or of an RNN. */
  readonly activation: string;
  /** Of what is activated; 0 = off. */
  readonly gateClip: number;
}

export interface LstmInfo {
  readonly subgraph: number;
  readonly op: number;
  /** Short name for people: the common prefix of its tensors' names (`lstm0`), or `LSTM 3`. */
  readonly name: string;
  readonly layerNorm: boolean;
  readonly projection: boolean;
  readonly peephole: boolean;
  readonly cifg: boolean;
  readonly bidirectional: boolean;
  readonly timeMajor: boolean;
  readonly scheme: 'float' | 'hybrid' | 'int8' | '16x8';
  /** Sizes. */
  readonly input: number;
  readonly cell: number;
  readonly output: number;
  /** 0 = off. */
  readonly cellClip: number;
  readonly projectionClip: number;
  /** k of the cell's format Qk.(15-k), log2(scale) + 15; null where the cell is float or its scale no power of two. */
  readonly cellIntegerBits: number | null;
}
