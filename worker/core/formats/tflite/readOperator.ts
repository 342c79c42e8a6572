import type { Operator, OptionValue } from '../../model/model';
import { ModelFormatError } from '../modelFormatError';
import type { FlatTable, TableSchema } from './flatTable';
import { builtinOperator, CUSTOM_CODE, type BuiltinOperator } from './operators';
import { sliceOfFile } from './readBuffers';
import type { OPERATOR, OPERATOR_CODE } from './schema';
import { counted, grouped } from '../../wording';

export interface OperatorCode {
  readonly builtin: BuiltinOperator;
  readonly customCode: string | null;
  readonly version: number;
}

/** Codes above 127 do not fit the old byte field, which then holds a placeholder: the larger of both fields is the code. */
export function readOperatorCode(table: FlatTable<typeof OPERATOR_CODE>): OperatorCode {
  const code = Math.max(table.number('deprecated_builtin_code'), table.number('builtin_code'));
  return {
    builtin: builtinOperator(code),
    customCode: code === CUSTOM_CODE ? table.text('custom_code') : null,
    version: table.number('version'),
  };
}

export function readOperator(
  table: FlatTable<typeof OPERATOR>,
  index: number,
  codes: readonly OperatorCode[],
  file: Uint8Array,
): Operator {
  const codeIndex = table.number('opcode_index');
  const code = codes[codeIndex];
  if (code === undefined) {
    throw new ModelFormatError(
      'OPERATOR_CODE_OUT_OF_RANGE',
      `Operator ${index} refers to operator code ${grouped(codeIndex)}. The file has ${counted(codes.length, 'operator code')}.`,
      table.offsetOf('opcode_index'),
      `operator code index below ${grouped(codes.length)}`,
    );
  }
  const customOptions = readCustomOptions(table, file);
  return {
    index,
    name: code.builtin.name,
    customCode: code.customCode,
    version: code.version,
    inputs: table.numbers('inputs'),
    outputs: table.numbers('outputs'),
    intermediates: table.numbers('intermediates'),
    options: {
      ...defaultOptions(code.builtin.options),
      ...storedOptions(table.union('builtin_options').table),
      ...storedOptions(table.union('builtin_options_2').table),
    },
    ...(customOptions === null ? {} : { customOptions }),
  };
}

function readCustomOptions(table: FlatTable<typeof OPERATOR>, file: Uint8Array): Uint8Array | null {
  const offset = table.number('large_custom_options_offset');
  if (offset <= 1) return table.bytes('custom_options');
  const position = table.offsetOf('large_custom_options_offset');
  return sliceOfFile(file, offset, table.number('large_custom_options_size'), position, table.path);
}

function storedOptions(table: FlatTable<TableSchema> | null): Record<string, OptionValue> {
  const options: Record<string, OptionValue> = {};
  for (const name of table?.names() ?? []) options[name] = table?.value(name) ?? 0;
  return options;
}

const defaults = new WeakMap<TableSchema, Record<string, OptionValue>>();

/** What a table of options without any field reads as. */
export function defaultOptions(schema: TableSchema): Readonly<Record<string, OptionValue>> {
  const known = defaults.get(schema);
  if (known !== undefined) return known;
  const made: Record<string, OptionValue> = {};
  for (const [name, field] of Object.entries(schema)) {
    if (field.kind === 'scalar') made[name] = field.type === 'bool' ? field.default !== 0 : field.default;
    else if (field.kind === 'enum') made[name] = field.names[field.default] ?? String(field.default);
    else if (field.kind !== 'deprecated') made[name] = field.kind === 'string' ? '' : [];
  }
  defaults.set(schema, made);
  return made;
}
