import type { DType } from '../../model/dtype';
import { FIX } from '../fix';
import type { OperatorContext, Rule, Target } from '../target';
import * as element from './elementRules';
import * as generic from './genericRules';
import * as kernel from './kernelRules';
import * as lstm from './lstmRules';
import * as reduce from './reduceRules';
import { constantsHaveData, finiteScales, hasSubgraphs, semanticRules } from './semanticRules';
import * as slice from './sliceRules';
import { unrolledLstm } from './unrolledLstm';
import { supported, VELA } from './velaRule';
import * as weight from './weightRules';

/** What distinguishes the members of the family. */
export interface EthosU extends Pick<Target, 'label'> {
  readonly name: 'ethos-u55' | 'ethos-u65' | 'ethos-u85';
  /** `--accelerator-config` of the run that the rules were checked against. */
  readonly configuration: string;
  readonly operators: ReadonlySet<string>;
  readonly featureMapTypes: ReadonlySet<DType>;
  /** Largest sums of |weights| for 8-bit and for wider inputs. */
  readonly weightSums: readonly [bits8: number, bits16: number];
  readonly biasBits: 40 | 48;
  /** NPU operators that one step of an LSTM becomes. */
  readonly operatorsPerStep: number;
  /** Rules of this member, by operator, after those of the family. */
  readonly ownRules: (operator: string) => readonly Rule[];
}

/** Rules by operator that all members share. */
const FAMILY: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['AVERAGE_POOL_2D', [kernel.averagePoolKernel]],
  ['ELU', element.tableOperator(['int8'])],
  ['FULLY_CONNECTED', [weight.fullyConnectedWeightShape]],
  ['GELU', element.tableOperator(['int8', 'uint8'])],
  ['LOG', element.tableOperator(['int8', 'int16'])],
  ['MAXIMUM', [element.sameQuantization]],
  ['MAX_POOL_2D', [kernel.maxPoolKernel]],
  [
    'MEAN',
    [element.constantParameters, reduce.meanBatch, reduce.meanDepth, reduce.meanAxis, reduce.meanType, reduce.meanElements],
  ],
  ['MINIMUM', [element.sameQuantization]],
  ['MIRROR_PAD', [element.constantParameters, element.parametersAreIntegers]],
  ['PAD', [element.constantParameters, element.parametersAreIntegers]],
  ['PADV2', [element.constantParameters, element.parametersAreIntegers]],
  ['RSQRT', [element.rsqrtInput]],
  ['SLICE', [element.constantParameters]],
  ['SOFTMAX', [element.softmaxSize]],
  ['SPLIT', [element.splitCount]],
  ['SPLIT_V', [element.splitCount]],
  ['STRIDED_SLICE', [element.constantParameters, slice.stridedSlice]],
  ['TRANSPOSE', [element.constantParameters, slice.transposeRank]],
  ['TRANSPOSE_CONV', [kernel.transposeConvolutionShape]],
  ['UNIDIRECTIONAL_SEQUENCE_LSTM', [lstm.lstmGatesComplete, lstm.lstmPeephole, lstm.lstmProjection, lstm.lstmGateNorm]],
]);

/** Operators that need no quantization parameters. */
const UNQUANTIZED: ReadonlySet<string> = new Set(
  ['ARG_MAX', 'EXPAND_DIMS', 'GATHER', 'GATHER_ND', 'MIRROR_PAD', 'PAD', 'PADV2', 'QUANTIZE', 'REDUCE_ALL', 'REDUCE_ANY'].concat([
    'SCATTER_ND',
    'SELECT',
    'SELECT_V2',
    'SHAPE',
    'TRANSPOSE',
    'READ_VARIABLE',
    'ASSIGN_VARIABLE',
  ]),
);

const WEIGHTED: ReadonlySet<string> = new Set(['CONV_2D', 'DEPTHWISE_CONV_2D', 'FULLY_CONNECTED', 'TRANSPOSE_CONV']);

/** A command stream that Vela itself made. */
const COMPILED = 'ethos-u';

export function ethosU(member: EthosU): Target {
  const known = supported(
    'The operator is one of those that the compiler places.',
    ({ operator }) => (member.operators.has(operator.name) ? null : { seen: operator.customCode ?? operator.name }),
    FIX.replaceOperator,
  );
  const types = generic.featureMapTypes(member.featureMapTypes);
  const weights = [
    weight.eightBitWeights,
    weight.weightSum(...member.weightSums),
    weight.biasAlongChannels,
    weight.constantBias,
    weight.biasType,
    weight.biasRange(member.biasBits),
  ];
  const rulesFor = (context: OperatorContext): readonly Rule[] => {
    const { name, customCode } = context.operator;
    if (customCode === COMPILED) return [];
    return [
      ...semanticRules(context),
      known,
      types,
      generic.hasInput,
      generic.hasOutput,
      generic.constantShape,
      generic.staticAxes,
      ...(UNQUANTIZED.has(name) ? [] : [generic.quantized, generic.positiveScales]),
      ...(WEIGHTED.has(name) ? weights : [generic.perTensorOnly]),
      ...(FAMILY.get(name) ?? []),
      ...member.ownRules(name),
    ];
  };
  return {
    name: member.name,
    label: member.label,
    version: 'Vela 5.2.0',
    source: `${VELA}, ${member.configuration}, its default compiler core`,
    modelRules: [hasSubgraphs, constantsHaveData, finiteScales],
    rulesFor,
    execution: { kind: 'partitions', most: null, least: 1, source: VELA },
    unrolls: (context) => unrolledLstm(context, member.operatorsPerStep),
  };
}
