import type { Model } from '../../model/model';
import { fuseLstms, type FusionNote } from './fuseLstms';

const KNOWN = new WeakMap<Model, readonly FusionNote[]>();

/** What `fuseLstms` would make of each cell of a model as it is. Worked out once, for all who tell of it. */
export function fusionNotes(model: Model): readonly FusionNote[] {
  let notes = KNOWN.get(model);
  if (notes === undefined) KNOWN.set(model, (notes = fuseLstms(model).notes));
  return notes;
}
