/** What kind of decision a note tells of. */
export type NoteKind =
  /** An operator stays float. */
  | 'kept-float'
  /** A range is missing or has no extent; what was taken instead. */
  | 'range'
  /** Constants with many zeros, or with nothing but zeros. */
  | 'zeros'
  /** A defect of TensorFlow Lite's quantizer that the result does not have. */
  | 'mended'
  /** Something that the recipe asked for and that was done. */
  | 'override'
  /** Something that the recipe asked for and that cannot be done. */
  | 'refused'
  /** The graph has other operators than before. */
  | 'rewritten';

/** One decision, in words for people. Indices are those of the source's first graph. */
export interface RecipeNote {
  readonly kind: NoteKind;
  /** The operator it is about; null where it is about a tensor or the model. */
  readonly op: number | null;
  readonly tensor: number | null;
  /** Name of the tensor, or of the operator's first output; '' for the model. */
  readonly name: string;
  readonly text: string;
  /** Share of zeros among the values of a constant, 0 to 1; only with `zeros`. */
  readonly zeroShare?: number;
}

/** Collects notes; one that was made before is not made again. */
export class NoteBook {
  readonly notes: RecipeNote[] = [];
  readonly #made = new Set<string>();

  add(note: RecipeNote): void {
    const key = [note.kind, note.op, note.tensor, note.name, note.text].join('|');
    if (this.#made.has(key)) return;
    this.#made.add(key);
    this.notes.push(note);
  }
}
