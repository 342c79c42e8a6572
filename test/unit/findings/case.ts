import type { Model } from '../../../worker/core/model/model';

/** A model in which a rule fires, what its message must hold, and the nearest model in which it does not. */
export interface Case {
  readonly fires: Model;
  readonly says: readonly string[];
  readonly silent: Model;
}
