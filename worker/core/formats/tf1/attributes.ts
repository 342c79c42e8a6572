import type { WireField, WireMessage } from '../onnx/proto/wire';

/** Fields of AttrValue, its ListValue, and TensorShapeProto (tensorflow/core/framework/attr_value.proto, tensor_shape.proto). */
const VALUE = { list: 1, text: 2, integer: 3, float: 4, boolean: 5, type: 6, shape: 7, tensor: 8 } as const;
const LIST = { integers: 3 } as const;
const SHAPE = { dimension: 2, unknownRank: 3 } as const;
const DIMENSION = { size: 1 } as const;

/** Attributes of a node by name. Each is decoded when it is asked for; one that is not there, or of another kind, is the default. */
export class Attributes {
  constructor(
    private readonly node: string,
    private readonly stored: ReadonlyMap<string, WireMessage>,
  ) {}

  integer(name: string, otherwise: number): number {
    return this.read(name, VALUE.integer, (value, field) => value.integer(field)) ?? otherwise;
  }

  float(name: string, otherwise: number): number {
    return this.read(name, VALUE.float, (value, field) => value.float(field)) ?? otherwise;
  }

  boolean(name: string): boolean {
    return this.read(name, VALUE.boolean, (value, field) => value.integer(field) !== 0) ?? false;
  }

  text(name: string, otherwise: string): string {
    return this.read(name, VALUE.text, (value, field) => value.text(field)) ?? otherwise;
  }

  /** Code of a DataType; 0 where there is none. */
  type(name: string): number {
    return this.read(name, VALUE.type, (value, field) => value.integer(field)) ?? 0;
  }

  /** Sizes with -1 where an axis is open; null where not even the rank is known. */
  shape(name: string): readonly number[] | null {
    return this.read(name, VALUE.shape, (value, field) => readShape(value.message(field, `the shape of ${this.node}`)));
  }

  integers(name: string): readonly number[] {
    const list = this.read(name, VALUE.list, (value, field) => value.message(field, `${name} of ${this.node}`));
    const values: number[] = [];
    if (list !== null) for (const field of list.fields()) if (field.number === LIST.integers) list.integers(field, values);
    return values;
  }

  /** A TensorProto. */
  tensor(name: string): WireMessage | null {
    return this.read(name, VALUE.tensor, (value, field) => value.message(field, `the values of ${this.node}`));
  }

  private read<T>(name: string, number: number, decode: (value: WireMessage, field: WireField) => T): T | null {
    const value = this.stored.get(name);
    if (value === undefined) return null;
    for (const field of value.fields()) if (field.number === number) return decode(value, field);
    return null;
  }
}

/** Sizes of a TensorShapeProto, -1 where one is open; null where the rank is unknown. */
export function readShape(message: WireMessage): readonly number[] | null {
  const sizes: number[] = [];
  for (const field of message.fields()) {
    if (field.number === SHAPE.unknownRank && message.integer(field) !== 0) return null;
    if (field.number !== SHAPE.dimension) continue;
    const dimension = message.message(field, 'a dimension');
    let size = 0;
    for (const inner of dimension.fields()) if (inner.number === DIMENSION.size) size = dimension.integer(inner);
    sizes.push(size);
  }
  return sizes;
}
