import Papa from 'papaparse';
import type { NamedBytes } from '../formats/namedBytes';
import type { Value } from '../run/value';
import type { DataArray } from './dataArray';
import { DataFormatError } from './dataFormatError';

/**
 * A table of numbers, [rows, columns]. A first line that is not numeric is taken for a header; empty lines are passed over.
 * The delimiter is found out.
 */
export function openCsv(bytes: Uint8Array, file: string): DataArray[] {
  return openCsvFile({ name: file, bytes });
}

/** The same of a file whose bytes need not be kept: they are asked for and read again whenever its values have been dropped. */
export function openCsvFile(source: NamedBytes): DataArray[] {
  const read = () => readTable(source.bytes, source.name);
  const first = read();
  const { shape } = first;
  let kept = new WeakRef(first);
  const load = () => {
    const value = kept.deref() ?? read();
    kept = new WeakRef(value);
    return value;
  };
  return [{ key: null, shape, load }];
}

function readTable(bytes: Uint8Array, file: string): Value {
  const { data, errors } = Papa.parse<string[]>(new TextDecoder().decode(bytes), { skipEmptyLines: 'greedy' });
  const problem = errors.find((error) => error.type !== 'Delimiter');
  if (problem !== undefined) {
    throw new DataFormatError('CSV_DAMAGED', file, `line ${(problem.row ?? 0) + 1}: ${problem.message}`);
  }
  const first = data[0] ?? [];
  const hasHeader = first.some((cell) => !isNumber(cell));
  const rows = hasHeader ? data.slice(1) : data;
  const columns = rows[0]?.length ?? 0;
  if (columns === 0) throw new DataFormatError('CSV_EMPTY', file, 'holds no numbers');
  const values = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    const line = `row ${index + 1}${hasHeader ? ' after the header' : ''}`;
    if (row.length !== columns) {
      throw new DataFormatError('CSV_RAGGED', file, `${line} has ${row.length} values`, null, `${columns} values, as in row 1`);
    }
    row.forEach((cell, column) => {
      if (!isNumber(cell)) throw new DataFormatError('CSV_NOT_A_NUMBER', file, `${line}, column ${column + 1} is "${cell.slice(0, 40)}"`); // prettier-ignore
      values[index * columns + column] = Number(cell);
    });
  });
  const shape = [rows.length, columns];
  return { dtype: 'float32', shape, data: values };
}

function isNumber(cell: string): boolean {
  const text = cell.trim();
  return text !== '' && (Number.isFinite(Number(text)) || /^[+-]?(nan|inf(inity)?)$/i.test(text));
}
