/** One thing that is wrong with a target file. */
export interface TargetProblem {
  /** Where, such as `$.rules[2].require.dtype[0]`. */
  readonly path: string;
  readonly what: string;
  /** What may stand there. */
  readonly allowed: string;
}

export class TargetFileError extends Error {
  override readonly name = 'TargetFileError';

  /** @param problems in the order in which they stand in the file; at least one */
  constructor(
    readonly fileName: string,
    readonly problems: readonly TargetProblem[],
  ) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super(`${fileName}: ${first === undefined ? 'unusable' : problemText(first)}${more}`);
  }
}

export function problemText({ path, what, allowed }: TargetProblem): string {
  return `${path} ${what}; allowed: ${allowed}`;
}

export type Json = Readonly<Record<string, unknown>>;

/** A value of the file with its place; reads it, and notes what is wrong instead of throwing. */
export class Checked {
  constructor(
    readonly value: unknown,
    readonly path: string,
    private readonly problems: TargetProblem[],
  ) {}

  problem(what: string, allowed: string): void {
    this.problems.push({ path: this.path, what, allowed });
  }

  get isThere(): boolean {
    return this.value !== undefined;
  }

  private at(key: string | number): Checked {
    const inner = typeof this.value === 'object' && this.value !== null ? (this.value as Json)[key] : undefined;
    return new Checked(inner, typeof key === 'number' ? `${this.path}[${key}]` : `${this.path}.${key}`, this.problems);
  }

  /** The fields of an object; null where it is none, or has keys that are not known. */
  object<K extends string>(keys: readonly K[]): Readonly<Record<K, Checked>> | null {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      this.problem(`is ${kindOf(this.value)}`, `an object with ${keys.join(', ')}`);
      return null;
    }
    for (const key of Object.keys(this.value)) {
      if (!(keys as readonly string[]).includes(key)) this.at(key).problem('is not known', keys.join(', '));
    }
    return Object.fromEntries(keys.map((key) => [key, this.at(key)])) as Record<K, Checked>;
  }

  /** @param most more items than that are refused */
  list(most: number, what: string): readonly Checked[] {
    if (!Array.isArray(this.value)) {
      this.problem(`is ${kindOf(this.value)}`, `a list of ${what}`);
      return [];
    }
    if (this.value.length > most) {
      this.problem(`has ${this.value.length} entries`, `at most ${most}`);
      return [];
    }
    return this.value.map((_, index) => this.at(index));
  }

  text(allowed = 'text'): string {
    if (typeof this.value === 'string' && this.value.trim() !== '') return this.value;
    this.problem(`is ${this.value === '' ? 'empty' : kindOf(this.value)}`, allowed);
    return '';
  }

  oneOf<T extends string>(values: readonly T[], what?: string): T | null {
    const found = values.find((value) => value === this.value);
    if (found !== undefined) return found;
    this.problem(`is ${typeof this.value === 'string' ? shown(this.value) : kindOf(this.value)}`, what ?? values.join(', '));
    return null;
  }

  flag(): boolean {
    if (typeof this.value === 'boolean') return this.value;
    this.problem(`is ${kindOf(this.value)}`, 'true or false');
    return false;
  }

  whole(least: number): number {
    if (typeof this.value === 'number' && Number.isInteger(this.value) && this.value >= least) return this.value;
    this.problem(`is ${typeof this.value === 'number' ? this.value : kindOf(this.value)}`, `a whole number from ${least}`);
    return least;
  }

  number(): number {
    if (typeof this.value === 'number' && Number.isFinite(this.value)) return this.value;
    this.problem(`is ${kindOf(this.value)}`, 'a number');
    return 0;
  }
}

const LONGEST_VALUE = 40;

/** A value as it stands in the file, cut where it is long. */
export function shown(value: string | number | boolean): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isScalar ? `the ${typeof value} ${shown(value)}` : 'an object';
}
