import type { Activations } from './activations';
import type { Constants } from './constants';
import type { Draft } from './draft';
import type { NoteBook } from './notes';
import type { Overrides } from './overrides';
import type { Recipe } from './recipe';

/** What the steps of quantizing one graph share. */
export interface Rewriting {
  readonly draft: Draft;
  readonly recipe: Recipe;
  readonly overrides: Overrides;
  readonly constants: Constants;
  readonly activations: Activations;
  readonly notes: NoteBook;
}
