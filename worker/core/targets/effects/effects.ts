import type { Verdict } from '../verdict';

/** What a target does with the graph, beyond its verdicts on single operators. */
export interface TargetEffects {
  /** Operators that the target runs as one, in the order in which they start. Empty where an interpreter runs them singly. */
  readonly partitions: readonly Partition[];
  /** Tensors inside the model that one side writes and another reads. The model's own inputs and outputs are none. */
  readonly handOvers: readonly HandOver[];
  /** Conversions of types at the edges of partitions. */
  readonly conversions: readonly Conversion[];
  /** LSTMs that the target runs as a chain of operators: its commands grow with the steps. */
  readonly unrolled: readonly UnrolledLstm[];
}

export interface Partition {
  readonly subgraph: number;
  /** Operator indices in the file, ascending. */
  readonly ops: readonly number[];
  /** Bytes that go in and come out in one run; the model's inputs and outputs included, constants not. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface HandOver {
  readonly subgraph: number;
  /** Tensor index and name. */
  readonly tensor: number;
  readonly name: string;
  readonly bytes: number;
  /** Index into `partitions`; null: whatever runs the rest of the model. */
  readonly from: number | null;
  readonly to: number | null;
}

export interface Conversion {
  readonly op: 'QUANTIZE' | 'DEQUANTIZE' | 'CAST';
  readonly subgraph: number;
  /** The tensor that crosses, and its bytes on the partition's outer side. */
  readonly tensor: number;
  readonly bytes: number;
  /** The operator in the file that converts outside the partition; null where the target inserts the conversion. */
  readonly index: number | null;
  readonly partition: number;
}

export interface UnrolledLstm {
  readonly subgraph: number;
  readonly index: number;
  /** Steps, over time and, where the target unrolls it, batch. */
  readonly steps: number;
  /** Operators of the target that the LSTM becomes. */
  readonly operators: number;
  readonly source: string;
}

/** One target in figures. Dynamic axes count as 1, every operator of every graph once. */
export interface TargetSummary {
  readonly ops: Readonly<Record<Verdict, number>>;
  readonly macs: Split;
  /** Constants that operators read (weights, biases, parameters), each counted once: on the target where an operator there reads it. */
  readonly weightBytes: Split;
  /** Largest sum of the values alive at one operator, and where; of the whole model, and of what operators on the target touch. */
  readonly peakActivation: Peak;
  readonly peakOnTarget: Peak;
  /** Sum over all hand-overs. */
  readonly handOverBytes: number;
}

/** On the target (native or conditional), and elsewhere. */
export interface Split {
  readonly onTarget: number;
  readonly elsewhere: number;
}

export interface Peak {
  readonly bytes: number;
  /** Null where no operator holds anything. */
  readonly subgraph: number | null;
  readonly op: number | null;
}
