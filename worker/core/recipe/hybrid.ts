import { GRU_OPERANDS, RNN_OPERANDS } from '../model/gruOperands';
import { BIDIRECTIONAL_OPERANDS, type CellOperands, LSTM_OPERANDS, lstmOperatorOf } from '../model/lstmOperands';
import { ABSENT } from '../model/model';
import { grouped } from '../wording';
import { isConstant } from './activations';
import { Constants } from './constants';
import { HYBRID_WEIGHTS } from './constantFormats';
import type { Draft, DraftOperator } from './draft';
import type { NoteBook } from './notes';
import type { Overrides } from './overrides';
import type { Recipe } from './recipe';

interface HybridKernel {
  readonly weights: readonly number[];
  /** First version of the operator that takes int8 weights with float data. */
  readonly version: number;
  /** The kernel takes all of its weights as int8 or none: the recipe's least size does not hold for them. */
  readonly together?: boolean;
}

const KERNELS: Readonly<Record<string, HybridKernel>> = {
  FULLY_CONNECTED: { weights: [1], version: 3 },
  CONV_2D: { weights: [1], version: 2 },
  BATCH_MATMUL: { weights: [1], version: 1 },
  SVDF: { weights: [1, 2], version: 2, together: true },
  RNN: { weights: [1, 2], version: 2, together: true },
  UNIDIRECTIONAL_SEQUENCE_RNN: { weights: [1, 2], version: 2, together: true },
  GRU: {
    weights: [...Object.values(GRU_OPERANDS.inputToGate), ...Object.values(GRU_OPERANDS.recurrentToGate)],
    version: 1,
    together: true,
  },
  VANILLA_RNN: { weights: [RNN_OPERANDS.inputWeights, RNN_OPERANDS.recurrentWeights], version: 1, together: true },
  BIDIRECTIONAL_SEQUENCE_RNN: { weights: [1, 2, 4, 5, 6, 8, 9, 10, 11], version: 2, together: true },
};

/**
 * Dynamic range quantization (quantize_weights.cc): int8 weights with one scale each, all else float; the kernels quantize
 * their data on the fly. An LSTM's matrices and peepholes are quantized all together, however small.
 */
export function quantizeHybrid(draft: Draft, overrides: Overrides, recipe: Recipe, notes: NoteBook): void {
  const least = recipe.hybridMinimum ?? 0;
  const kernels = draft.operators.map((operator) => {
    const kernel = kernelOf(operator);
    if (kernel === null) return null;
    const reason = overrides.keepFloat.has(operator.stands ?? -1)
      ? 'The recipe keeps it float.'
      : staysFloat(draft, operator, kernel, least);
    if (reason === null) return kernel;
    const name = draft.tensors[operator.outputs[0] ?? ABSENT]?.name ?? '';
    notes.add({ kind: 'kept-float', op: operator.stands, tensor: null, name, text: reason });
    return null;
  });
  const constants = new Constants(draft, notes, floatConstants(draft, kernels));
  for (const [place, operator] of draft.operators.entries()) {
    const kernel = kernels[place] ?? null;
    if (kernel === null) continue;
    for (const position of kernel.weights) {
      const index = draft.operand(operator, position);
      if (index !== ABSENT) operator.inputs[position] = constants.quantize(index, HYBRID_WEIGHTS);
    }
    operator.version = Math.max(operator.version, kernel.version);
    // A hybrid LSTM has none; with five of them it would be taken for an integer one.
    if (lstmOperatorOf(operator) !== null) operator.intermediates = [];
  }
}

function kernelOf(operator: DraftOperator): HybridKernel | null {
  switch (lstmOperatorOf(operator)) {
    case 'sequence':
      return { weights: lstmWeights(LSTM_OPERANDS), version: 2, together: true };
    case 'step':
      return { weights: lstmWeights(LSTM_OPERANDS), version: 3, together: true };
    case 'bidirectional': {
      const { forward, backward } = BIDIRECTIONAL_OPERANDS;
      const aux = [forward, backward].flatMap((cell) => Object.values(cell.auxInputToGate));
      return { weights: [...lstmWeights(forward), ...lstmWeights(backward), ...aux], version: 3, together: true };
    }
    default:
      return KERNELS[operator.name] ?? null;
  }
}

function lstmWeights(cell: Pick<CellOperands, 'inputToGate' | 'recurrentToGate' | 'cellToGate' | 'projectionWeights'>): number[] {
  const groups = [cell.inputToGate, cell.recurrentToGate, cell.cellToGate].flatMap((group) => Object.values(group));
  return [...groups, cell.projectionWeights];
}

/** Why an operator's weights stay float; null where they do not. */
function staysFloat(draft: Draft, operator: DraftOperator, { weights, together }: HybridKernel, least: number): string | null {
  for (const position of weights) {
    const tensor = draft.tensors[draft.operand(operator, position)];
    if (tensor === undefined) continue;
    if (!isConstant(tensor) || tensor.dtype !== 'float32') return `Its operand ${position} is no float constant.`;
    const elements = tensor.shape.reduce((product, size) => product * size, 1);
    if (together !== true && elements < least)
      return `Its weights have ${grouped(elements)} values; below ${grouped(least)} they stay float.`;
  }
  return null;
}

/** Constants that are read as reals by some operand. */
function floatConstants(draft: Draft, kernels: readonly (HybridKernel | null)[]): ReadonlySet<number> {
  const reads = draft.operators.flatMap((operator, place) =>
    operator.inputs.filter((_, position) => kernels[place]?.weights.includes(position) !== true),
  );
  return new Set([...reads, ...draft.outputs]);
}
