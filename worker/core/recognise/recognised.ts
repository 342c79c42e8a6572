import type { Gate } from '../lstm/signals';
import type { SequenceInput } from './sequence';

/** A recurrent cell that a file has in small operators: unrolled step by step, or as a loop over one step. */
export interface RecognisedLstm {
  readonly kind: 'lstm' | 'gru';
  readonly form: 'unrolled' | 'loop';
  /** The graph that the cell is part of; for a loop, the one with the WHILE. */
  readonly subgraph: number;
  /** Operators of that graph which compute it, ascending: all its steps, or the WHILE. */
  readonly operators: readonly number[];
  /** A loop's step. */
  readonly body: { readonly subgraph: number; readonly operators: readonly number[] } | null;
  /** A short name for people, from the name of its hidden value. */
  readonly name: string;
  readonly steps: number;
  readonly batch: number;
  readonly sizes: { readonly input: number; readonly cell: number };
  readonly direction: 'forward' | 'backward';
  readonly sigmoid: 'logistic' | 'hard';
  /** How it is stored: weights and values float; int8 weights and float values; all int8. */
  readonly numbers: 'float' | 'hybrid' | 'int8';
  /** Scales of the int8 form over all steps; null in the other forms. */
  readonly scales: RecognisedScales | null;
  readonly input: SequenceInput;
  readonly initialHidden: InitialState;
  /** Of a GRU: as the hidden one. */
  readonly initialCell: InitialState;
  /** Unrolled: tensors of h and c after each step, in the order of the steps. Empty for a loop. */
  readonly hidden: readonly number[];
  readonly cells: readonly number[];
  /** A loop: outputs of the WHILE by what they hold. */
  readonly loop: LoopOutputs | null;
  /** Why it cannot become one operator; null where nothing in its making is against it. Which operators a file can hold: `noFileReason`. */
  readonly reason: string | null;
  /** Weights per gate, dequantized where they are integers. Null where there is a reason that leaves none to give. */
  readonly weights: () => LstmWeights | null;
  /** Unrolled: where each signal of the cell is computed, step by step. */
  readonly signals?: readonly StepSignal[];
  /** What of a hybrid cell's int8 weights the fused operator can keep; absent for the other cells. */
  readonly hybrid?: () => HybridWeights;
}

export type InitialState = { readonly kind: 'zero' } | { readonly kind: 'given'; readonly tensor: number; readonly root: number };

/** Signals of a cell that small operators compute: `sum` holds the gates before their activations, all in one, or one each. */
export type StepSignalName = 'sum' | 'i' | 'f' | 'g' | 'o' | 'c' | 'tanh_c' | 'h';

export interface StepSignal {
  readonly signal: StepSignalName;
  /** Operators of the graph that compute it, in the order of the steps; a step that does without it has none. */
  readonly operators: readonly (readonly number[])[];
}

/** [smallest, largest] scale over the steps. */
export interface RecognisedScales {
  readonly input: readonly [number, number];
  readonly cell: readonly [number, number];
  readonly hidden: readonly [number, number];
  /** Of the sums before the gates' activations. */
  readonly gates: readonly [number, number];
}

/** What the outputs of a WHILE hold, by their tensor indices. */
export interface LoopOutputs {
  /** Hidden values [steps, batch, cell] of all steps; null where it gives none. */
  readonly sequence: number | null;
  /** Tensors with the last hidden value; [1, batch, cell] or [batch, cell]. */
  readonly last: readonly number[];
  readonly cell: number | null;
  /** The others: counters, the sequence read. */
  readonly others: readonly number[];
}

/** Row-major. */
export interface GateWeights {
  /** [cell, input]. */
  readonly input: Float32Array;
  /** [cell, cell]. */
  readonly recurrent: Float32Array;
  /** [cell]; 0 where the file has none. */
  readonly bias: Float32Array;
}

export type LstmWeights = Readonly<Record<Gate, GateWeights>>;

/** Whether a hybrid cell's int8 matrices are such as UNIDIRECTIONAL_SEQUENCE_LSTM takes: symmetric, with one scale each. */
export type HybridWeights =
  | {
      readonly kind: 'kept';
      readonly gates: Readonly<Record<Gate, { readonly input: Int8Matrix; readonly recurrent: Int8Matrix }>>;
      /** The small operators quantize their data with a zero point. */
      readonly isAsymmetric: boolean;
    }
  /** They become floats of the same values; the data is no longer rounded to 8 bits. */
  | { readonly kind: 'widened'; readonly why: string };

/** Row-major, real = scale * code. */
export interface Int8Matrix {
  readonly codes: Int8Array;
  readonly scale: number;
}
