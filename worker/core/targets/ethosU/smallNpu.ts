import * as element from './elementRules';
import type { EthosU } from './family';
import * as generic from './genericRules';
import * as kernel from './kernelRules';
import { FAMILY_OPERATORS } from './operators';
import * as slice from './sliceRules';
import * as weight from './weightRules';
import type { Rule } from '../target';

/** Operators that take 32-bit feature maps. */
const WIDE: ReadonlySet<string> = new Set(
  ['ADD', 'ARG_MAX', 'BATCH_MATMUL', 'EXPAND_DIMS', 'FULLY_CONNECTED', 'MIRROR_PAD', 'MUL', 'NEG', 'RESHAPE', 'SQUEEZE'].concat([
    'SUB',
    'SUM',
    'TRANSPOSE',
  ]),
);

const ANY_ZERO_POINT: ReadonlySet<string> = new Set([
  'AVERAGE_POOL_2D',
  'RESIZE_BILINEAR',
  'RESIZE_NEAREST_NEIGHBOR',
  'UNIDIRECTIONAL_SEQUENCE_LSTM',
]);

const MATMUL = [weight.matmulReducedAxis, weight.matmulOutputDepth, weight.matmulInputType];

const BY_OPERATOR: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['ARG_MAX', [element.argMaxDepth, element.argMaxAxis]],
  ['AVERAGE_POOL_2D', [kernel.largeStride]],
  ['BATCH_MATMUL', MATMUL],
  ['CONV_2D', [kernel.largeStride]],
  ['DEPTHWISE_CONV_2D', [kernel.strideUpTo3]],
  ['FULLY_CONNECTED', MATMUL],
  ['MAX_POOL_2D', [kernel.largeStride]],
  ['RESIZE_BILINEAR', [kernel.resizeScale]],
  ['RESIZE_NEAREST_NEIGHBOR', [kernel.resizeScale]],
  ['REVERSE_V2', [element.reverseAxis]],
  ['TRANSPOSE', [slice.transposeOf32Bit, slice.transposeOf8And16Bit]],
  ['TRANSPOSE_CONV', [kernel.transposeConvolutionStride]],
]);

const no32Bit = generic.noFeatureMapsOf(32);
const no64Bit = generic.noFeatureMapsOf(64);

/** What Ethos-U55 and U65 have in common: everything but their name. */
export const SMALL_NPU: Omit<EthosU, 'name' | 'label' | 'configuration'> = {
  operators: new Set(FAMILY_OPERATORS),
  featureMapTypes: new Set(['int8', 'uint8', 'int16', 'int32', 'int64']),
  weightSums: [127 * 65536, 127 * 65536],
  biasBits: 40,
  operatorsPerStep: 21,
  ownRules: (operator) => [
    ...(ANY_ZERO_POINT.has(operator) ? [] : [generic.zeroPointsOfWideTypes]),
    ...(WIDE.has(operator) ? [] : [no32Bit]),
    ...(operator === 'ARG_MAX' ? [] : [no64Bit]),
    ...(BY_OPERATOR.get(operator) ?? []),
  ],
};
