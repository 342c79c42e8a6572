import type { Operator, OptionValue } from '../../../model/model';
import { ModelFormatError } from '../../modelFormatError';
import type { Field, TableSchema } from '../flatTable';
import { builtinNamed } from '../operators';
import { BUILTIN_OPTIONS, BUILTIN_OPTIONS_2 } from '../optionTables';
import { OPERATOR } from '../schema';
import { EMPTY_NODE, type FlatNode, type FlatValue, idsOf, nodeOf, withValues } from './flatNode';
import { listValue, numberOf, scalarValue, tableValue, textValue } from './flatValues';
import { sameParts } from './sameValues';

type Changes = [id: number, value: FlatValue | null][];
type Options = Readonly<Record<string, OptionValue>>;

const UNIONS = { builtin_options: BUILTIN_OPTIONS, builtin_options_2: BUILTIN_OPTIONS_2 } as const;
type UnionName = keyof typeof UNIONS;
const CODE = { type: 'uint8' } as const;

interface OptionUnion {
  readonly name: UnionName;
  readonly code: number;
  readonly schema: TableSchema;
}

/** What must change in an operator's table so that its options read as they should; `before` as they read now. */
export function optionChanges(node: FlatNode, before: Options, operator: Operator): Changes {
  const changed = Object.entries(operator.options).filter(([name, value]) => !sameParts(value, before[name]));
  const edited = new Map<UnionName, { readonly code: number; readonly table: FlatNode }>();
  for (const [option, value] of changed) {
    const { name, code, schema } = unionWith(node, option, operator);
    const table = edited.get(name)?.table ?? nodeOf(node, OPERATOR[name].id + 1) ?? EMPTY_NODE;
    const field = schema[option];
    if (field === undefined) continue;
    edited.set(name, { code, table: withValues(table, [[field.id, optionValue(field, value, operator, option)]]) });
  }
  return [...edited].flatMap(([name, { code, table }]): Changes => unionValues(OPERATOR[name].id, code, table, operator));
}

function unionValues(id: number, code: number, table: FlatNode, { name }: Operator): Changes {
  return [
    [id, scalarValue(CODE, code, () => name)],
    [id + 1, tableValue(table)],
  ];
}

/** An operator's table without its options, but with an empty table of the options that it is declared with. */
export function declaredOptions(operator: Operator): Changes {
  const changes: Changes = [OPERATOR.builtin_options, OPERATOR.builtin_options_2].flatMap((field) =>
    idsOf(field).map((id): Changes[number] => [id, null]),
  );
  const place = builtinNamed(operator.name)?.optionPlace ?? null;
  return place === null ? changes : [...changes, ...unionValues(OPERATOR[place.union].id, place.code, EMPTY_NODE, operator)];
}

/** The table that an option is stored in: one that is there, or the one that the operator is declared with. */
function unionWith(node: FlatNode, option: string, operator: Operator): OptionUnion {
  for (const name of ['builtin_options', 'builtin_options_2'] as const) {
    const code = numberOf(node.values.get(OPERATOR[name].id), CODE, 0);
    const schema = UNIONS[name][code - 1];
    if (schema?.[option] !== undefined && nodeOf(node, OPERATOR[name].id + 1) !== null) return { name, code, schema };
  }
  const declared = builtinNamed(operator.name);
  const place = declared?.optionPlace ?? null;
  if (
    declared !== null &&
    place !== null &&
    declared.options[option] !== undefined &&
    nodeOf(node, OPERATOR[place.union].id + 1) === null
  )
    return { name: place.union, code: place.code, schema: declared.options };
  const message = `Operator ${operator.index}, ${operator.customCode ?? operator.name}, has no option ${option} in this file.`;
  throw new ModelFormatError('OPTION_UNKNOWN', message, null, `an option of ${operator.name}`);
}

function optionValue(field: Field, value: OptionValue, { index, name }: Operator, option: string): FlatValue {
  const label = () => `The option ${option} of operator ${index}, ${name},`;
  switch (field.kind) {
    case 'scalar':
      if (typeof value === 'number' || typeof value === 'boolean') return scalarValue(field, Number(value), label);
      break;
    case 'enum': {
      const code = field.names.indexOf(String(value));
      if (code !== -1 || /^-?\d+$/.test(String(value))) return scalarValue(field, code === -1 ? Number(value) : code, label);
      break;
    }
    case 'string':
      if (typeof value === 'string') return textValue(value);
      break;
    case 'vector':
      if (typeof value === 'object') return listValue(field, value, label);
      break;
    default:
  }
  const limit = field.kind === 'enum' ? `one of ${field.names.join(', ')}` : `a value of its type`;
  throw new ModelFormatError('OPTION_VALUE', `${label()} cannot be ${JSON.stringify(value)}.`, null, limit);
}
