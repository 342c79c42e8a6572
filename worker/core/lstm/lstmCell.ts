import { constantValues, realConstant } from '../model/constants';
import type { Tensor } from '../model/model';
import type { NumericArray } from '../run/value';
import type { Gate } from './signals';

/** The four gates' operands of one kind; null where the topology has none. */
export type PerGate<T> = Readonly<Record<Gate, T>>;

/** A constant operand of an LSTM. */
export interface Weights {
  /** The operand itself: its type decides the arithmetic. */
  readonly tensor: Tensor;
  /** Where its bytes are: the operand itself, or the constant that a DEQUANTIZE in front of the LSTM expands (half floats). */
  readonly stored: Tensor;
}

/** Activations of i, f and o, of g, and of c on its way to m. TensorFlow Lite's are SIGMOID, and one for g and c. */
export interface LstmActivations {
  readonly gates: string;
  readonly cell: string;
  readonly hidden: string;
}

/** Sizes of an LSTM cell, in values. */
export interface LstmSizes {
  readonly input: number;
  /** Of the auxiliary input that bidirectional operators may have; 0 without. */
  readonly auxInput: number;
  readonly cell: number;
  readonly output: number;
}

/** One LSTM cell as an operator describes it, its operands by role and checked against each other. */
export interface LstmCell {
  readonly sizes: LstmSizes;
  readonly cifg: boolean;
  readonly peephole: boolean;
  readonly projection: boolean;
  readonly layerNorm: boolean;
  readonly input: Tensor;
  /** [cell, input] */
  readonly inputToGate: PerGate<Weights | null>;
  /** [cell, auxInput] */
  readonly auxInputToGate: PerGate<Weights | null>;
  /** [cell, output] */
  readonly recurrentToGate: PerGate<Weights | null>;
  /** [cell] */
  readonly cellToGate: PerGate<Weights | null>;
  /** [cell] */
  readonly gateBias: PerGate<Weights | null>;
  /** [cell] */
  readonly layerNormCoefficients: PerGate<Weights | null>;
  /** [output, cell] */
  readonly projectionWeights: Weights | null;
  /** [output] */
  readonly projectionBias: Weights | null;
  readonly outputState: Tensor;
  readonly cellState: Tensor;
  readonly output: Tensor;
  /** Results of the gates' matmuls; null where the operator has no such tensor. */
  readonly gateIntermediate: PerGate<Tensor | null>;
  /** m before the projection. */
  readonly hiddenIntermediate: Tensor | null;
  /** Real values; 0 = off. */
  readonly cellClip: number;
  readonly projectionClip: number;
  /** Gates' results are clamped to +-this before their activation; real, 0 = off. */
  readonly gateClip: number;
  /** By name (float/namedActivations.ts); the integer kernels know SIGMOID, TANH and TANH only. */
  readonly activations: LstmActivations;
  readonly asymmetricQuantizeInputs: boolean;
  /** Integer weights with float inputs: x of a whole call, and h of every step, become uint8 (ONNX Runtime), not each row int8. */
  readonly dynamicQuantize: boolean;
  /** All batch rows go through a step in one call (time-major, or a single step), not one row after the other. */
  readonly rowsTogether: boolean;
}

/** The gates that have weights, in the order of TensorFlow Lite's operands: all four, or forget, cell and output with CIFG. */
export function computedGates(cell: Pick<LstmCell, 'cifg'>): readonly Gate[] {
  return cell.cifg ? ['forget', 'cell', 'output'] : ['input', 'forget', 'cell', 'output'];
}

/** Values as reals, dequantized where they are integers. */
export function realValues(weights: Weights): Float32Array {
  return realConstant(weights.stored);
}

/** Values as stored. */
export function storedValues(weights: Weights): NumericArray {
  return constantValues(weights.stored);
}

/** The activations where they are not those that integer kernels have, as text; null where they are. */
export function otherActivations({ activations: { gates, cell, hidden } }: Pick<LstmCell, 'activations'>): string | null {
  if (gates === 'SIGMOID' && cell === 'TANH' && hidden === 'TANH') return null;
  return gates === 'SIGMOID' && cell === hidden ? cell : `${gates}, ${cell}, ${hidden}`;
}
