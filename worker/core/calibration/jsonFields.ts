import { DataFormatError } from '../data/dataFormatError';
import type { CalibratedRange } from './calibratedRanges';

type Json = Readonly<Record<string, unknown>>;

/** An object of a JSON document that others may have written; every field is checked when it is read, and errors say where it is. */
export class JsonFields {
  private constructor(
    private readonly fields: Json,
    private readonly file: string,
    private readonly path: string,
  ) {}

  /** @throws DataFormatError */
  static parse(text: string, file: string): JsonFields {
    let root: unknown;
    try {
      root = JSON.parse(text);
    } catch (cause) {
      throw new DataFormatError('JSON_SYNTAX', file, `is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
    if (!isObject(root)) throw new DataFormatError('JSON_FIELD', file, 'is no JSON object');
    return new JsonFields(root, file, '');
  }

  text(name: string): string {
    const value = this.fields[name];
    if (typeof value === 'string') return value;
    throw this.wrong(name, 'is no text');
  }

  flag(name: string): boolean {
    const value = this.fields[name];
    if (typeof value === 'boolean') return value;
    throw this.wrong(name, 'is neither true nor false');
  }

  integer(name: string, least: number, most: number): number {
    const value = this.fields[name];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw this.wrong(name, `is ${JSON.stringify(value) ?? 'missing'}`, `a whole number from ${least} to ${most}`);
  }

  count(name: string, most = Number.MAX_SAFE_INTEGER): number {
    return this.integer(name, 0, most);
  }

  isNull(name: string): boolean {
    return this.fields[name] === null;
  }

  object(name: string): JsonFields {
    const value = this.fields[name];
    if (isObject(value)) return new JsonFields(value, this.file, this.at(name));
    throw this.wrong(name, 'is no object');
  }

  list(name: string): JsonFields[] {
    const value = this.fields[name];
    if (!Array.isArray(value)) throw this.wrong(name, 'is no list');
    return value.map((entry: unknown, index) => {
      if (isObject(entry)) return new JsonFields(entry, this.file, `${this.at(name)}[${index}]`);
      throw this.wrong(`${name}[${index}]`, 'is no object');
    });
  }

  /** `[min, max]`, or null. */
  range(name: string): CalibratedRange | null {
    const value = this.fields[name];
    if (value === null) return null;
    const [min, max] = Array.isArray(value) && value.length === 2 ? (value as unknown[]) : [];
    if (isFiniteNumber(min) && isFiniteNumber(max) && min <= max) return { min, max };
    throw this.wrong(name, 'is no range', '[smallest, largest] or null');
  }

  /** Counts of at least one and at most `most` bins. */
  counts(name: string, most: number): Float64Array {
    const value = this.fields[name];
    const isList = Array.isArray(value) && value.length > 0 && value.length <= most;
    if (isList && value.every((count) => Number.isSafeInteger(count) && count >= 0)) return Float64Array.from(value as number[]);
    throw this.wrong(name, 'is no list of counts', `1 to ${most} whole numbers`);
  }

  wrong(name: string, problem: string, limit: string | null = null): DataFormatError {
    return new DataFormatError('JSON_FIELD', this.file, `${this.at(name)} ${problem}`, null, limit);
  }

  private at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
