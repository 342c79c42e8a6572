import type { Operator } from '../../../model/model';
import { builtinNamed } from '../operators';
import { defaultOptions } from '../readOperator';
import { OPERATOR } from '../schema';
import { declaredOptions, optionChanges } from './editOptions';
import { EMPTY_NODE, type FlatNode, type FlatValue, withValues } from './flatNode';
import { bytesValue, listValue, numberOf, numbersOf, scalarValue } from './flatValues';
import { sameBytes, sameNumbers } from './sameValues';

/** An operator as it was read, and its table. */
export interface OperatorOrigin {
  readonly node: FlatNode;
  readonly operator: Operator;
}

/** The operator's table: the one that it comes from, with the fields set that read otherwise. Its code is `withCode`'s. */
export function editOperator(origin: OperatorOrigin | null, operator: Operator): FlatNode {
  const node = withCustomOptions(withLists(origin, operator), origin?.operator.customOptions, operator.customOptions);
  if (origin !== null && isSameKind(origin.operator, operator)) {
    return withValues(node, optionChanges(node, origin.operator.options, operator));
  }
  const declared = withValues(node, declaredOptions(operator));
  const defaults = defaultOptions(builtinNamed(operator.name)?.options ?? {});
  return withValues(declared, optionChanges(declared, defaults, operator));
}

export function isSameKind(a: Operator, b: Operator): boolean {
  return a.name === b.name && a.customCode === b.customCode;
}

function withLists(origin: OperatorOrigin | null, operator: Operator): FlatNode {
  const node = origin?.node ?? EMPTY_NODE;
  const changes: [number, FlatValue][] = [];
  for (const list of ['inputs', 'outputs', 'intermediates'] as const) {
    const field = OPERATOR[list];
    const naming = () => `One of the ${list} of operator ${operator.index}, ${operator.customCode ?? operator.name},`;
    if (!sameNumbers(operator[list], origin?.operator[list] ?? [])) {
      changes.push([field.id, listValue(field, operator[list], naming)]);
    }
  }
  // One entry for each input, or none at all.
  const field = OPERATOR.mutating_variable_inputs;
  const mutating = numbersOf(node.values.get(field.id), field);
  if (mutating.length > 0 && mutating.length !== operator.inputs.length) {
    const entries = operator.inputs.map((_, i) => mutating[i] ?? 0);
    changes.push([field.id, listValue(field, entries, () => 'An entry')]);
  }
  return withValues(node, changes);
}

function withCustomOptions(node: FlatNode, before: Uint8Array | undefined, after: Uint8Array | undefined): FlatNode {
  if (before === after || (before !== undefined && after !== undefined && sameBytes(before, after))) return node;
  const { values } = withValues(node, [[OPERATOR.custom_options.id, after === undefined ? null : bytesValue(after)]]);
  return { values };
}

/** The table with its code's place in the list. */
export function withCode(node: FlatNode, code: number): FlatNode {
  const field = OPERATOR.opcode_index;
  if (numberOf(node.values.get(field.id), field, 0) === code) return node;
  return withValues(node, [[field.id, scalarValue(field, code, () => 'An operator code')]]);
}
