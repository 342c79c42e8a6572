import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import type { Graph, Operator } from '../model/model';
import type { LstmProbe, PreparedOp } from './preparedOp';
import type { Value } from './value';

/**
 * Which arithmetic a graph is run in. `float`: float throughout, integer weights dequantized, QUANTIZE and DEQUANTIZE pass
 * through. `hybrid` and `int8`: the file's own arithmetic, as the persona's runtime computes it.
 */
export type Path = 'float' | 'hybrid' | 'int8';

export interface GraphOptions {
  readonly path: Path;
  readonly persona: PersonaName;
  /** How reals for an integer input are rounded where they lie halfway between two codes: to the even one unless said otherwise. */
  readonly inputRounding?: InputRounding;
  /** Decisions of integer LSTMs to take otherwise than the persona's runtime does: what a quirk of it costs. */
  readonly personaOverrides?: PersonaOverrides;
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
  /** Runs one sample. `probe` asks every LSTM for all its signals. Returns the graph's outputs. */
  run(inputs: readonly Value[], observe?: OperatorObserver, probe?: boolean): Value[];
  /** Puts every state (LSTM h and c, variable tensors) back to real zero. */
  resetState(): void;
}
