import * as element from './ethosU/elementRules';
import { ethosU } from './ethosU/family';
import * as generic from './ethosU/genericRules';
import * as kernel from './ethosU/kernelRules';
import { FAMILY_OPERATORS } from './ethosU/operators';
import type { Rule } from './target';

/** Operators that Ethos-U85 takes beyond the family's, by the compiler's report. */
const MORE_OPERATORS: readonly string[] = [
  'ASSIGN_VARIABLE',
  'CAST',
  'DIV',
  'EQUAL',
  'GATHER',
  'GREATER',
  'GREATER_EQUAL',
  'LESS',
  'LESS_EQUAL',
  'LOGICAL_AND',
  'LOGICAL_NOT',
  'LOGICAL_OR',
  'NOT_EQUAL',
  'READ_VARIABLE',
  'REDUCE_ALL',
  'REDUCE_ANY',
  'SCATTER_ND',
  'SELECT',
  'SELECT_V2',
];

const ANY_ZERO_POINT: ReadonlySet<string> = new Set([
  'AVERAGE_POOL_2D',
  'DIV',
  'RESIZE_BILINEAR',
  'RESIZE_NEAREST_NEIGHBOR',
  'UNIDIRECTIONAL_SEQUENCE_LSTM',
]);

const BY_OPERATOR: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['GATHER', [element.gatherAxis]],
  ['RESIZE_BILINEAR', [kernel.resizeOptions, kernel.resizeLimit, kernel.resizePowerOfTwo]],
  ['RESIZE_NEAREST_NEIGHBOR', [kernel.resizeOptions, kernel.resizeLimit]],
  ['SCATTER_ND', [element.scatterIndices]],
]);

export const ethosU85 = ethosU({
  name: 'ethos-u85',
  label: 'Ethos-U85',
  configuration: 'ethos-u85-256',
  operators: new Set([...FAMILY_OPERATORS, ...MORE_OPERATORS]),
  featureMapTypes: new Set(['int8', 'uint8', 'int16', 'int32', 'int64', 'bool']),
  weightSums: [127 * 65536, 127 * 2 ** 24],
  biasBits: 48,
  operatorsPerStep: 16,
  ownRules: (operator) => [
    ...(ANY_ZERO_POINT.has(operator) ? [] : [generic.inputZeroPoints, generic.outputZeroPoints]),
    ...(BY_OPERATOR.get(operator) ?? []),
  ],
});
