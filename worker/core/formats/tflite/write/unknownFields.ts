import { ModelFormatError } from '../../modelFormatError';
import type { Coverage } from './coverage';
import type { FlatObject } from './flatNode';
import { FreeBytes } from './freeBytes';
import type { UnknownField } from './readNodes';
import { type Finder, ListFinder, ReferencesFinder, TableFinder, TextFinder } from './unknownFinders';

/** As deep as FlatBuffers' own verifier lets tables be in tables. */
const MAX_ROUNDS = 64;
/** Longer lists hold no buffer numbers. */
const MAX_NUMBERS = 65_536;

/** What there is to know of fields that the schema does not have, once they are carried over. */
export interface CarriedFields {
  /** Numbers that they hold: each may be a buffer's. */
  readonly numbers: ReadonlySet<number>;
  /** Behind the last byte of the file that is accounted for. */
  readonly end: number;
}

/**
 * Gives each unknown field a value in its table, by what its bytes can be.
 *
 * A number is carried over as the bytes that it has, of any width, and so is a struct. An offset must be found out, because it
 * changes when things move. What it leads to is in bytes of the file that nothing known takes. So a field is a number when, in
 * one table of its type at least, it leads into something known, into its own table, or to where neither a table nor a list has
 * room. It is an offset when it leads to a whole table, text or list in all of them, of the same kind, which no other field
 * leads to. Tables are taken apart in the same way; of a list the element size need not be known, because all bytes up to the
 * next thing are copied. In the end every byte must be accounted for, but for zeros, and a zip archive behind all else.
 *
 * Where neither is so, the file is refused: of a number that is a multiple of 4, and by chance leads to unknown bytes that
 * could be a list; of an offset to nothing but an empty list, to a known field's text or to another unknown field's list; and
 * of lists with gaps of 16 bytes or more behind them; and of bytes that nothing leads to. What goes wrong unseen: an offset to a table or list that a known field
 * leads to as well, and a number that leads to unknown bytes which no field needs and which look like a table, text or list.
 * Numbers of tensors, operators and operator codes in unknown fields are not renumbered; buffers keep their numbers.
 * @throws ModelFormatError where it cannot be told what a field is
 */
export function carryUnknownFields(bytes: Uint8Array, fields: readonly UnknownField[], coverage: Coverage): CarriedFields {
  const carrier = new Carrier(new FreeBytes(bytes, coverage), coverage.texts);
  return carrier.run(fields);
}

/** All fields of one id in tables of one type. */
interface FieldGroup {
  readonly fields: UnknownField[];
  readonly isTable: boolean;
}

/** Where unknown fields lead. */
class Carrier {
  private readonly numbers = new Set<number>();
  private readonly groups = new Map<string, FieldGroup>();
  private hasFound = false;

  constructor(
    private readonly free: FreeBytes,
    private readonly texts: ReadonlyMap<number, FlatObject>,
  ) {}

  run(fields: readonly UnknownField[]): CarriedFields {
    fields.forEach((field) => this.meet(field));
    for (let rounds = 0; this.decideSome() || this.decideLists(); rounds++) {
      if (rounds === MAX_ROUNDS) throw this.unclear();
    }
    if (this.groups.size > 0) throw this.unclear();
    if (this.hasFound) this.checkAllFound();
    return { numbers: this.numbers, end: this.free.end };
  }

  private meet(field: UnknownField): void {
    const key = `${field.type}.${field.id}`;
    const group = this.groups.get(key) ?? { fields: [], isTable: field.isTable };
    group.fields.push(field);
    this.groups.set(key, group);
  }

  /** Decides all fields that can be decided alone. Tables that are found bring new ones. */
  private decideSome(): boolean {
    return this.decideEach(({ fields, isTable }) => {
      if (!isTable && fields.some((field) => this.isNumber(field))) {
        fields.forEach((field) => this.carryBytes(field));
        return true;
      }
      // A text is hardly ever a table by chance; a table's zeros make it no text.
      const finders = isTable ? [TableFinder] : [TextFinder, TableFinder, ReferencesFinder];
      return finders.some((Finder) => this.carry(fields, new Finder(this.free)));
    });
  }

  /** Decides fields that lead to lists of numbers: each ends where the next thing starts. */
  private decideLists(): boolean {
    const starts = [...this.groups.values()].flatMap(({ fields }) => fields.map(({ start }) => this.free.target(start) ?? 0));
    const sorted = Float64Array.from(starts).sort();
    return this.decideEach(({ fields, isTable }) => !isTable && this.carry(fields, new ListFinder(this.free, sorted)));
  }

  private decideEach(decide: (group: FieldGroup) => boolean): boolean {
    const decided = [...this.groups].filter(([key, group]) => {
      // Before it brings new fields of its own type.
      this.groups.delete(key);
      if (decide(group)) return true;
      this.groups.set(key, group);
      return false;
    });
    return decided.length > 0;
  }

  /** Whether the field can be no offset, whatever else is found. */
  private isNumber({ start, end, owner }: UnknownField): boolean {
    const target = this.free.target(start);
    if (target === null || end - start < 4) return true;
    if (this.free.bytes.subarray(start + 4, end).some((byte) => byte !== 0)) return true;
    for (let table = owner; table !== null; table = table.owner) {
      if (target >= table.start && target < table.end) return true;
    }
    return !this.texts.has(target) && !this.free.hasRoom(target);
  }

  private carryBytes({ id, start, end, values }: UnknownField): void {
    const size = end - start;
    const align = [8, 4, 2, 1].find((width) => start % width === 0 && width <= size) ?? 1;
    const bytes = this.free.bytes.subarray(start, end);
    values.set(id, { kind: 'inline', bytes, align });
    if (size >= 4) this.noteNumbers(bytes, 1);
  }

  /**
   * Gives all fields the values that the finder finds; none where one has none, or where nothing but empty lists is there.
   * What another group's field leads to is taken: one of the two may be a number.
   */
  private carry(fields: readonly UnknownField[], finder: Finder): boolean {
    const values: FlatObject[] = [];
    const met = new Map<number, FlatObject>();
    let isCertain = false;
    const isFound = this.free.orGiveBack(() => {
      for (const field of fields) {
        const target = this.free.target(field.start);
        if (target === null) return false;
        const known = met.get(target);
        const text = known === undefined && finder.kind === 'list' ? this.texts.get(target) : undefined;
        const value = known ?? text ?? finder.emptyAt(target) ?? finder.valueAt(target, field);
        const isVague = value === text || (value?.kind === 'list' && value.count === 0);
        if (value === null || (value.kind !== finder.kind && !(isVague && finder.kind !== 'table'))) return false;
        isCertain ||= !isVague;
        met.set(target, value);
        values.push(value);
      }
      return isCertain;
    });
    if (!isFound) return false;
    fields.forEach(({ values: table, id }, i) => {
      const value = values[i];
      if (value !== undefined) table.set(id, value);
    });
    this.hasFound = true;
    for (const value of met.values()) if (value.kind === 'list') this.noteNumbers(value.bytes, value.count);
    finder.opened.forEach((field) => this.meet(field));
    return true;
  }

  private noteNumbers(bytes: Uint8Array, count: number): void {
    if (count > MAX_NUMBERS || 4 * count > bytes.length) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let i = 0; i < count; i++) this.numbers.add(view.getUint32(4 * i, true));
  }

  /** What no field leads to, one that was mistaken for a number or for a shorter list may have led to. */
  private checkAllFound(): void {
    const left = this.free.firstLeft();
    if (left === null) return;
    const message =
      'The file has fields that the format did not have when this program was made, and bytes that nothing leads to, perhaps one of these. It cannot be written anew without damage to it.';
    throw new ModelFormatError('UNKNOWN_BYTES_LEFT', message, left, 'a field that leads to them');
  }

  private unclear(): ModelFormatError {
    const [field] = [...this.groups.values()].flatMap(({ fields }) => fields);
    const message = `${field?.path ?? 'The file'} has a field, number ${field?.id ?? 0}, that the format did not have when this program was made, and it cannot be told what it is. The file cannot be written anew without damage to it.`;
    return new ModelFormatError(
      'UNKNOWN_FIELD_UNCLEAR',
      message,
      field?.start ?? null,
      'fields that are known, numbers, or offsets beyond doubt',
    );
  }
}
