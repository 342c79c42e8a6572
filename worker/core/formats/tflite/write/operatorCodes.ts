import type { Operator } from '../../../model/model';
import { ModelFormatError } from '../../modelFormatError';
import { builtinNamed, CUSTOM_CODE } from '../operators';
import { OPERATOR_CODE } from '../schema';
import { EMPTY_NODE, type FlatNode, withValues } from './flatNode';
import { scalarValue, textValue } from './flatValues';

/** Codes above it do not fit the old field for them, which then holds it. */
const PLACEHOLDER_CODE = 127;

/**
 * The file's list of operator codes. Those that no operator uses any more are left out, because runtimes look for a kernel of
 * each one; codes that the source lists without using them stay.
 */
export class OperatorCodes {
  private readonly entries: FlatNode[];
  /** Entries by operator, for new operators. */
  private readonly byOperator = new Map<string, FlatNode>();
  private readonly used = new Set<FlatNode>();
  private readonly usedBefore = new Set<FlatNode>();

  constructor(private readonly source: readonly FlatNode[]) {
    this.entries = [...source];
  }

  /** Remembers that an operator of the source has this entry. */
  useBefore(index: number, operator: Operator): void {
    const entry = this.source[index];
    if (entry === undefined) return;
    this.usedBefore.add(entry);
    const key = keyOf(operator);
    if (!this.byOperator.has(key)) this.byOperator.set(key, entry);
  }

  /** The entry at this place of the source, for an operator that is still what it was. */
  keep(index: number): FlatNode {
    const entry = this.source[index] ?? EMPTY_NODE;
    this.used.add(entry);
    return entry;
  }

  /** The entry of an operator that is new, or another one now. */
  entryOf(operator: Operator): FlatNode {
    const known = this.byOperator.get(keyOf(operator));
    const entry = known ?? makeEntry(operator);
    if (known === undefined) {
      this.byOperator.set(keyOf(operator), entry);
      this.entries.push(entry);
    }
    this.used.add(entry);
    return entry;
  }

  finish(): readonly FlatNode[] {
    return this.entries.filter((entry) => this.used.has(entry) || !this.usedBefore.has(entry));
  }
}

function keyOf({ name, customCode, version }: Operator): string {
  return JSON.stringify([name, customCode, version]);
}

function makeEntry({ index, name, customCode, version }: Operator): FlatNode {
  const label = () => `Operator ${index}, ${name},`;
  const code = builtinNamed(name)?.code;
  if (code === undefined) {
    const message = `${label()} is no operator of the format.`;
    throw new ModelFormatError('OPERATOR_NOT_WRITABLE', message, null, 'a builtin operator, or CUSTOM');
  }
  const node = withValues(EMPTY_NODE, [
    [
      OPERATOR_CODE.deprecated_builtin_code.id,
      scalarValue(OPERATOR_CODE.deprecated_builtin_code, Math.min(code, PLACEHOLDER_CODE), label),
    ],
    [OPERATOR_CODE.version.id, scalarValue(OPERATOR_CODE.version, version, () => `The version of operator ${index}, ${name},`)],
    [OPERATOR_CODE.builtin_code.id, scalarValue(OPERATOR_CODE.builtin_code, code, label)],
  ]);
  return code === CUSTOM_CODE ? withValues(node, [[OPERATOR_CODE.custom_code.id, textValue(customCode ?? '')]]) : node;
}
