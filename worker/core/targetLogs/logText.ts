import Papa from 'papaparse';
import { grouped } from '../wording';
import { TargetLogError } from './targetLogError';

const MAX_CHARACTERS = 64 * 2 ** 20;
const MAX_ENTRIES = 200_000;

/** Lines without the marks that loggers put in front of them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => line.replace(LOGGER, ''));
}

/** Android's logcat (date, time, process, thread, level, tag), and the level of TensorFlow Lite's tools. */
const LOGGER =
  /^(?:\d\d-\d\d \d\d:\d\d:\d\d\.\d+ +\d+ +\d+ [VDIWEF] [^:]{0,60}: |[VDIWEF] [\w.]{1,30} *: )?(?:(?:INFO|WARNING|ERROR|VERBOSE): )?/;

export function checkSize(text: string): void {
  if (text.length <= MAX_CHARACTERS) return;
  const message = `The log has ${grouped(text.length)} characters.`;
  throw new TargetLogError('LOG_TOO_LARGE', message, null, `at most ${grouped(MAX_CHARACTERS)} characters`);
}

export function checkEntries(count: number, line: number): void {
  if (count <= MAX_ENTRIES) return;
  throw new TargetLogError('LOG_TOO_LONG', `The log tells of more than ${grouped(MAX_ENTRIES)} operators.`, line, `at most ${grouped(MAX_ENTRIES)} operators`); // prettier-ignore
}

export interface LogTable {
  readonly rows: readonly LogRow[];
}

export interface LogRow {
  /** From 1, in the log. */
  readonly line: number;
  /** Empty where the row has no such column. */
  readonly text: (column: string) => string;
  /** @throws TargetLogError where it is not a number */
  readonly number: (column: string) => number;
}

/**
 * A table in comma-separated values with a header.
 * @param firstLine of the header in the log
 * @param columns that must be there
 * @throws TargetLogError when a column is missing, or rows have more cells than the header
 */
export function readTable(text: string, firstLine: number, columns: readonly string[]): LogTable {
  const { data } = Papa.parse<string[]>(text, { delimiter: ',', skipEmptyLines: false });
  const [header = [], ...body] = data;
  const places = new Map(header.map((name, place) => [name.trim(), place]));
  const missing = columns.find((column) => !places.has(column));
  if (missing !== undefined) {
    const message = `The table has no column "${missing}".`;
    throw new TargetLogError('LOG_COLUMN_MISSING', message, firstLine, `columns ${columns.join(', ')}`);
  }
  const rows = body.flatMap((cells, position): LogRow[] => {
    const line = firstLine + 1 + position;
    if (cells.length <= 1 && (cells[0] ?? '').trim() === '') return [];
    checkEntries(position, line);
    if (cells.length > header.length) {
      const message = `The row has ${grouped(cells.length)} cells.`;
      throw new TargetLogError('LOG_ROW_TOO_LONG', message, line, `${grouped(header.length)} cells, as in the header`);
    }
    const cell = (column: string) => (cells[places.get(column) ?? -1] ?? '').trim();
    return [{ line, text: cell, number: (column) => numberOf(cell(column), column, line) }];
  });
  return { rows };
}

function numberOf(text: string, column: string, line: number): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw new TargetLogError('LOG_NOT_A_NUMBER', `Column "${column}" holds "${text.slice(0, 40)}".`, line, 'a number');
}
