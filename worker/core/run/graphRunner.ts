import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import type { Graph, Operator } from '../model/model';
import type { RuntimeSource } from './operatorRuntime';
import type { LstmProbe, PreparedOp } from './preparedOp';
import type { Value } from './value';

/**
 * Which arithmetic a graph is run in. `float`: float throughout, integer weights dequantized, QUANTIZE and DEQUANTIZE pass
 * through. `hybrid` and `int8`: the file's own arithmetic, as the persona's runtime computes it.
 */
export type Path = 'float' | 'hybrid' | 'int8';

/**
 * Order in which float LSTMs and fully connected layers take their sums. Both are float32 without fused multiply-add, and as exact;
 * a run has one order throughout, whatever the batch and the number of threads, so that its float values compare bit for bit.
 * `calibrator`: as TensorFlow Lite's calibrator takes them, so that calibrated ranges equal its to the last bit.
 * `streamed`: in the order of the columns, which lets the weights stream through the kernels: up to a third faster.
 */
export type FloatSums = 'calibrator' | 'streamed';

export interface GraphOptions {
  readonly path: Path;
  readonly persona: PersonaName;
  /** How reals for an integer input are rounded where they lie halfway between two codes: to the even one unless said otherwise. */
  readonly inputRounding?: InputRounding;
  /** Decisions of integer LSTMs to take otherwise than the persona's runtime does: what a quirk of it costs. */
  readonly personaOverrides?: PersonaOverrides;
  /** `streamed` unless said otherwise. */
  readonly floatSums?: FloatSums;
  /** Computes operators that this engine does not; absent: nobody does. */
  readonly runtime?: RuntimeSource;
  /** Which of the two computes what both can, LSTMs apart: this engine, as the persona does (default), or the runtime. */
  readonly preferred?: 'engine' | 'runtime';
  /**
   * An operator that nobody computes: the graph is refused (default), or it and all that needs its values are left out (see
   * `PreparedOp.notComputed`), and the rest runs.
   */
  readonly whenRefused?: 'throw' | 'leave-out';
}

export type InputRounding = 'half-away' | 'half-even';

/** Told of every operator as soon as it has run; values are not kept by the runner. */
export type OperatorObserver = (
  operator: Operator,
  outputs: readonly Value[],
  /** One per LSTM cell of the operator; empty for other operators and when nothing was probed. */
  probes: readonly LstmProbe[],
) => void;

/** A graph whose operators are all prepared; variable state lives inside and runs on from call to call. */
export interface GraphRunner {
  readonly graph: Graph;
  readonly options: GraphOptions;
  /** In file order, one per operator. */
  readonly operators: readonly PreparedOp[];
  /**
   * Runs one sample. `probe` asks every LSTM for all its signals. Returns the graph's outputs.
   * @throws UnsupportedOperatorError when one of them is not computed
   */
  run(inputs: readonly Value[], observe?: OperatorObserver, probe?: boolean): Value[];
  /** The same with null for outputs that are not computed. */
  runWhatCan(inputs: readonly Value[], observe?: OperatorObserver, probe?: boolean): (Value | null)[];
  /** Puts every state (LSTM h and c, variable tensors) back to real zero. */
  resetState(): void;
}
