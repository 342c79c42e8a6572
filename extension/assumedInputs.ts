/** By the input's name: a whole number. */
export type Assumed = Readonly<Record<string, number>>;

/** Where the values outlive the window. */
export interface AssumedStore {
  load(): Assumed;
  save(values: Assumed): void;
}

/**
 * Values that the user wants inputs of one ONNX model to be taken to have, where they decide which of its graphs runs. What is not
 * chosen is as the reader has it.
 */
export class AssumedInputs {
  private values: Assumed;

  constructor(private readonly store: AssumedStore | undefined) {
    this.values = store?.load() ?? {};
  }

  /** For the reader; nothing where nothing was chosen. */
  get forReader(): { readonly assumed?: Assumed } {
    return Object.keys(this.values).length === 0 ? {} : { assumed: this.values };
  }

  /** @returns false where they are chosen already */
  choose(values: Assumed): boolean {
    if (sameAssumed(values, this.values)) return false;
    this.values = values;
    this.store?.save(values);
    return true;
  }
}

/** Whether both read the same graphs. */
export function sameAssumed(a: Assumed = {}, b: Assumed = {}): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}

const MOST_INPUTS = 16;
const LONGEST_NAME = 256;

/** Whether a value from outside is a set of assumptions. */
export function isAssumed(value: unknown): value is Assumed {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  const isInput = ([name, one]: [string, unknown]) => name.length <= LONGEST_NAME && Number.isSafeInteger(one);
  return entries.length <= MOST_INPUTS && entries.every(isInput);
}
