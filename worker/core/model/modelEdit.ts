import type { Graph, Model } from './model';

/**
 * A model as it shall be written, made from one that was read: its tensors and operators may be changed, new or gone.
 * What is not named here (metadata, signatures, unknown fields, buffers that nothing known refers to) stays as it is in the source file.
 */
export interface ModelEdit {
  /** The model that was read. */
  readonly source: Model;
  /** One for each graph of the source, in its order. */
  readonly graphs: readonly GraphEdit[];
  /** Entries to add to the file's metadata; an entry of the same name replaces the old one. */
  readonly metadata: readonly { readonly name: string; readonly text: string }[];
}

/** A graph whose tensors and operators are numbered anew: `index` of each is its place here. */
export interface GraphEdit {
  readonly graph: Graph;
  /** For each tensor of `graph`: the tensor of the source graph that it was made from, null for a new one. */
  readonly tensorOrigins: readonly (number | null)[];
  /** For each operator of `graph`: the operator of the source graph that it was made from, null for a new one. */
  readonly operatorOrigins: readonly (number | null)[];
}
