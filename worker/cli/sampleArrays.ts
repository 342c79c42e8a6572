import { elementCount, formatShape } from '../core/run/arrays';
import type { NumericArray, Value } from '../core/run/value';

/** Arrays of one name, one per sample. */
export class SampleArrays {
  private readonly perKey = new Map<string, { readonly sample: string; readonly value: Value }[]>();

  add(sample: string, key: string, value: Value): void {
    const list = this.perKey.get(key) ?? [];
    list.push({ sample, value });
    this.perKey.set(key, list);
  }

  /** Two shapes that differ under one name; null where all samples agree. */
  difference(): readonly [string, string] | null {
    for (const list of this.perKey.values()) {
      const shapes = new Set(list.map(({ value }) => formatShape(value.shape)));
      const [first, second] = shapes;
      if (first !== undefined && second !== undefined) return [first, second];
    }
    return null;
  }

  /** Name -> [samples, ...shape]. All samples must agree. */
  stacked(): Map<string, Value> {
    return new Map([...this.perKey].map(([key, list]) => [key, stack(list.map(({ value }) => value))]));
  }

  /** `sample/name`, or the sample alone where there is one name only -> one sample's array. */
  separate(): Map<string, Value> {
    const single = this.perKey.size === 1;
    const entries = [...this.perKey].flatMap(([key, list]) =>
      list.map(({ sample, value }) => [single ? sample : `${sample}/${key}`, value] as const),
    );
    return new Map(entries);
  }
}

/** Values of one shape along a new first axis. */
function stack(values: readonly Value[]): Value {
  const first = values[0];
  if (first === undefined) throw new RangeError('There is nothing to stack.');
  const size = elementCount(first.shape);
  const Constructor = first.data.constructor as new (length: number) => NumericArray;
  const data = new Constructor(size * values.length);
  values.forEach((value, index) => (data as Float32Array).set(value.data as Float32Array, index * size));
  return { dtype: first.dtype, shape: [values.length, ...first.shape], data };
}
