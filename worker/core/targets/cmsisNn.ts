import { LSTM_OPERANDS } from '../model/lstmOperands';
import { FIX } from './fix';
import { BIASES, GATE_WEIGHTS } from './interpreter/lstmChecks';
import { broadcasts, hasKernel, moreThan4Dimensions, type OptimisedKernel } from './micro/optimisedKernels';
import { inputOf, isConstant, labelOf } from './operands';
import type { OperatorContext, Rule, Target } from './target';
import { tflm } from './tflm';

const LIBRARY = 'ARM-software/CMSIS-NN 99f736a, README (operators by instruction set)';
const WRAPPERS = 'tensorflow/tflite-micro 90b983c, kernels/cmsis_nn';
const SOURCE = `${LIBRARY}; ${WRAPPERS}`;

const INT8 = ['int8'] as const;
const INT8_16 = ['int8', 'int16'] as const;

const CONVOLUTIONS: readonly (readonly [string, OptimisedKernel])[] = [
  ['BATCH_MATMUL', { selector: 0, types: INT8_16 }],
  ['CONV_2D', { selector: 0, types: INT8_16 }],
  ['DEPTHWISE_CONV_2D', { selector: 0, types: INT8_16 }],
  ['FULLY_CONNECTED', { selector: 0, types: INT8_16 }],
  ['SVDF', { selector: 0, types: INT8 }],
  ['TRANSPOSE_CONV', { selector: 2, types: INT8 }],
  ['UNIDIRECTIONAL_SEQUENCE_LSTM', { selector: LSTM_OPERANDS.input, types: INT8_16 }],
];

const ELEMENTWISE: readonly (readonly [string, OptimisedKernel])[] = [
  ['ADD', { selector: -1, types: INT8_16, except: broadcasts }],
  ['AVERAGE_POOL_2D', { selector: 0, types: INT8_16 }],
  ['MAX_POOL_2D', { selector: 0, types: INT8_16 }],
  ['MUL', { selector: 0, types: INT8_16, except: broadcasts }],
];

/** Kernels that exist in plain C and with MVE, but not with the DSP extension. */
const WITHOUT_DSP: readonly (readonly [string, OptimisedKernel])[] = [
  ['MAXIMUM', { selector: -1, types: INT8 }],
  ['MINIMUM', { selector: -1, types: INT8 }],
  ['PAD', { selector: 0, types: INT8, except: moreThan4Dimensions }],
  ['PADV2', { selector: 0, types: INT8, except: moreThan4Dimensions }],
  ['TRANSPOSE', { selector: 0, types: INT8 }],
];

const COMMON = [...CONVOLUTIONS, ...ELEMENTWISE];
const C_KERNELS = new Map([...COMMON, ...WITHOUT_DSP, ['SOFTMAX', { selector: 0, types: INT8_16 }] as const]);
const DSP_KERNELS = new Map([...COMMON, ['SOFTMAX', { selector: 0, types: INT8_16 }] as const]);
const MVE_KERNELS = new Map([...COMMON, ...WITHOUT_DSP, ['SOFTMAX', { selector: 0, types: INT8 }] as const]);

const constantLstm: Rule = {
  rule: 'LSTM weights and biases are constant',
  verdict: 'rejected',
  message: 'The model does not load: sums over the weights are computed once, when it does.',
  source: WRAPPERS,
  fix: FIX.constantWeights,
  broken: (context) => {
    if (context.operator.name !== 'UNIDIRECTIONAL_SEQUENCE_LSTM') return null;
    const tensors = [...GATE_WEIGHTS, ...BIASES].flatMap((operand) => inputOf(context, operand) ?? []);
    const odd = tensors.find((tensor) => !isConstant(tensor));
    return odd === undefined ? null : { seen: `${labelOf(odd)} is computed at run time` };
  },
};

const transposeRank: Rule = {
  rule: 'TRANSPOSE of int8 has at most 4 dimensions',
  verdict: 'rejected',
  message: 'The model loads, and its first inference fails.',
  source: WRAPPERS,
  fix: FIX.lowerRank,
  broken: (context) => {
    if (context.operator.name !== 'TRANSPOSE' || inputOf(context, 0)?.dtype !== 'int8') return null;
    return moreThan4Dimensions(context);
  },
};

const restartingState: Rule = {
  rule: 'states live on from one inference to the next',
  verdict: 'conditional',
  message:
    "The wrapper gives the kernel no hidden state, so that states restart at every inference; TFLite Micro's own kernel keeps them. A model that is fed piece by piece gives other results.",
  source: `${WRAPPERS}/unidirectional_sequence_lstm.cc; arm_lstm_unidirectional_s8.c`,
  broken: (context) => {
    const input = inputOf(context, LSTM_OPERANDS.input);
    const runs =
      context.operator.name === 'UNIDIRECTIONAL_SEQUENCE_LSTM' && (input?.dtype === 'int8' || input?.dtype === 'int16');
    return runs ? { seen: `${input.dtype} LSTM` } : null;
  },
};

const kernelOfAny = hasKernel(C_KERNELS, 'CMSIS-NN', SOURCE);

function ownRules(context: OperatorContext): readonly Rule[] {
  return [...tflm.rulesFor(context), constantLstm, transposeRank, kernelOfAny, restartingState];
}

/** The library on one instruction set: what it has in plain C only still runs, without the core's own instructions. */
function variant(name: string, label: string, kernels: ReadonlyMap<string, OptimisedKernel>): Target {
  const optimised: Rule = {
    ...hasKernel(kernels, 'CMSIS-NN', LIBRARY),
    rule: `${label} has a kernel of its own for the operator and its type`,
    verdict: 'conditional',
    message: "The library's plain C kernel runs, without the instructions of this core.",
  };
  return {
    ...cmsis,
    name: `cmsis-nn:${name}`,
    label: `CMSIS-NN, ${label}`,
    rulesFor: (context) => [...ownRules(context), optimised],
  };
}

const cmsis: Target = {
  name: 'cmsis-nn',
  label: 'CMSIS-NN',
  version: '99f736a',
  source: SOURCE,
  modelRules: tflm.modelRules,
  execution: { kind: 'interpreter' },
  notes: ["Runs inside TFLite Micro, with its results bit for bit, and on every Cortex-M. TFLite's own kernels can differ."],
  rulesFor: ownRules,
};

export const cmsisNn: Target = {
  ...cmsis,
  variants: [
    variant('c', 'Cortex-M0, M3 (plain C)', C_KERNELS),
    variant('dsp', 'Cortex-M4, M7, M33 (DSP)', DSP_KERNELS),
    variant('mve', 'Cortex-M55, M85 (MVE)', MVE_KERNELS),
  ],
};
