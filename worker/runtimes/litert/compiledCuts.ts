import type { Operator } from '../../core/model/model';
import type { Cut } from './cutOperator';
import type { LitertModel, LitertModule } from './litertModule';

/** A sub-model in LiteRT's memory, and the shapes that its outputs have. */
export interface CompiledCut extends Omit<Cut, 'bytes'> {
  readonly model: LitertModel;
  readonly outputShapes: readonly (readonly number[])[];
}

interface Entry {
  readonly cut: CompiledCut;
  readonly bytes: number;
}

/** LiteRT's memory is never given back, so that what is kept there is bounded. Compiling again takes about a millisecond. */
const MOST_MODELS = 1024;
const MOST_BYTES = 192e6;

/** Sub-models by operator and by the shapes that they were made for: paths that compute the same operator share them. */
export class CompiledCuts {
  private readonly entries = new Map<string, Entry>();
  private readonly numbers = new WeakMap<Operator, number>();
  private next = 0;
  private bytes = 0;

  constructor(readonly module: LitertModule) {}

  /** @param key what the sub-model depends on beside its operator */
  get(operator: Operator, key: string, make: () => Omit<CompiledCut, 'model'> & { readonly file: Uint8Array }): CompiledCut {
    const full = `${this.numberOf(operator)} ${key}`;
    const known = this.entries.get(full);
    if (known !== undefined) {
      // The one that was used last is the last to go.
      this.entries.delete(full);
      this.entries.set(full, known);
      return known.cut;
    }
    const { file, ...made } = make();
    this.makeRoom(file.length);
    const cut = { ...made, model: this.module.compile(file) };
    this.entries.set(full, { cut, bytes: file.length });
    this.bytes += file.length;
    return cut;
  }

  /** Forgets a sub-model that does not fit after all. */
  drop(operator: Operator, key: string): void {
    this.remove(`${this.numberOf(operator)} ${key}`);
  }

  private makeRoom(bytes: number): void {
    for (const key of this.entries.keys()) {
      if (this.entries.size < MOST_MODELS && this.bytes + bytes <= MOST_BYTES) return;
      this.remove(key);
    }
  }

  private remove(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    this.entries.delete(key);
    this.bytes -= entry.bytes;
    entry.cut.model.delete();
  }

  private numberOf(operator: Operator): number {
    const known = this.numbers.get(operator) ?? this.next++;
    this.numbers.set(operator, known);
    return known;
  }
}
