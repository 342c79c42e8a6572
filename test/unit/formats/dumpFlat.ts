import { rootTable, type FlatTable, type TableSchema } from '../../../worker/core/formats/tflite/flatTable';

/** All that a schema knows of a file, as plain objects; texts and lists as they are, unions by their code. */
export function dumpFlat(bytes: Uint8Array, schema: TableSchema): unknown {
  return dumpTable(rootTable(bytes, schema, 'root'));
}

type Name = Parameters<FlatTable<TableSchema>['tables']>[0];

function dumpTable(table: FlatTable<TableSchema>): unknown {
  const entries = table.names().map((name) => {
    const field = table.schema[name];
    switch (field?.kind) {
      case 'tables':
        return [name, table.tables(name as Name).map((child) => dumpTable(child))];
      case 'table': {
        const child: FlatTable<TableSchema> | null = table.table(name as Name);
        return [name, child === null ? null : dumpTable(child)];
      }
      case 'union': {
        const { code, table: child } = table.union(name as Name);
        return [name, code, child === null ? null : dumpTable(child)];
      }
      default:
        return [name, table.value(name)];
    }
  });
  return Object.fromEntries(entries.map(([name, ...value]) => [name, value]));
}
