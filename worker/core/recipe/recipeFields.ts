import { observerNamed } from '../calibration/observers';
import type { ObserverName } from './recipe';
import { RecipeError } from './recipeError';

/** A value at a place of a recipe's JSON, and how to read it; every reader throws a RecipeError that names the place. */
export class RecipeField {
  readonly #value: unknown;
  readonly #path: string;
  readonly #file: string;

  constructor(value: unknown, path: string, file: string) {
    this.#value = value;
    this.#path = path;
    this.#file = file;
  }

  /** An object's fields, read by their names; other names are refused. */
  object<T extends object>(readers: { readonly [K in keyof T]-?: (field: RecipeField) => Exclude<T[K], undefined> }): T {
    const known = Object.keys(readers) as (keyof T & string)[];
    const read: Partial<T> = {};
    for (const [name, value] of this.#entries()) {
      const key = known.find((other) => other === name);
      if (key === undefined) throw this.#at(name, value).#refusal('UNKNOWN_FIELD', 'is no field of a recipe', known.join(', '));
      read[key] = readers[key](this.#at(name, value));
    }
    return read as T;
  }

  /** An object whose names are the user's. */
  record<T>(read: (field: RecipeField) => T): Record<string, T> {
    return Object.fromEntries(
      this.#entries().map(([name, value]) => [name, read(new RecipeField(value, `${this.#path}["${name}"]`, this.#file))]),
    );
  }

  list<T>(read: (field: RecipeField) => T, length: number | null = null): T[] {
    const value = this.#value;
    const limit = length === null ? 'a list' : `a list of ${length}`;
    if (!Array.isArray(value) || (length !== null && value.length !== length)) throw this.#wrong(limit);
    return value.map((entry: unknown, i) => read(new RecipeField(entry, `${this.#path}[${i}]`, this.#file)));
  }

  oneOf<T extends string | number>(allowed: readonly T[]): T {
    const found = allowed.find((value) => value === this.#value);
    if (found === undefined) throw this.#wrong(allowed.map((value) => JSON.stringify(value)).join(', '));
    return found;
  }

  text(): string {
    if (typeof this.#value !== 'string') throw this.#wrong('a text');
    return this.#value;
  }

  flag(): boolean {
    if (typeof this.#value !== 'boolean') throw this.#wrong('true or false');
    return this.#value;
  }

  /** A number that float32 holds. */
  number(): number {
    if (typeof this.#value !== 'number' || !Number.isFinite(Math.fround(this.#value))) throw this.#wrong('a finite number');
    return this.#value;
  }

  wholeNumber(low: number, high: number): number {
    const value = this.#value;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high)
      throw this.#wrong(`a whole number from ${low} to ${high}`);
    return value;
  }

  range(): readonly [number, number] {
    const [min = 0, max = 0] = this.list((field) => field.number(), 2);
    if (min > max) throw this.#wrong('[min, max] with min not above max');
    return [min, max];
  }

  observer(): ObserverName {
    const observer = observerNamed(this.text());
    if (observer !== null) return observer;
    throw this.#wrong('min-max, percentile=99.9 (above 50, up to 100), mse, entropy, moving-average');
  }

  #entries(): [string, unknown][] {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.#wrong('an object');
    return Object.entries(value);
  }

  #at(name: string, value: unknown): RecipeField {
    return new RecipeField(value, this.#path === '' ? name : `${this.#path}.${name}`, this.#file);
  }

  #wrong(limit: string): RecipeError {
    const shown = JSON.stringify(this.#value) ?? 'nothing';
    const short = shown.length > 40 ? `${shown.slice(0, 37)}...` : shown;
    return this.#refusal('WRONG_VALUE', `is ${short}`, limit);
  }

  #refusal(code: string, problem: string, limit: string): RecipeError {
    const place = this.#path === '' ? 'The recipe' : this.#path;
    return new RecipeError(code, `${this.#file}: ${place} ${problem}. Allowed: ${limit}.`, this.#path, limit);
  }
}
