import type { Model } from '../../model/model';
import { noFileReason } from '../reasons';
import { recogniseLstms } from '../recogniseLstms';
import { AS_IT_IS, planFusion, type FusionNote, type FusionOptions } from './fuseLstms';

/** What becomes of a model's cells. */
export interface ModelFusion {
  /** By `fuseLstms` without options: the model as it is. */
  readonly notes: readonly FusionNote[];
  /** By `cellOptions`: the cells as the editor shows them. */
  readonly shown: readonly FusionNote[];
}

const KNOWN = new WeakMap<Model, ModelFusion>();

/** What `fuseLstms` would make of each cell of a model. Worked out once, for all who tell of it. */
export function modelFusion(model: Model): ModelFusion {
  let known = KNOWN.get(model);
  if (known === undefined) {
    const { notes } = planFusion(model, AS_IT_IS);
    const options = cellOptions(model);
    const isSame = notes.length === 0 || (!options.asFloat && notes.every(({ isFused }) => isFused));
    known = { notes, shown: isSame ? notes : planFusion(model, options).notes };
    KNOWN.set(model, known);
  }
  return known;
}

/**
 * How the cells of a model are fused to be looked at: states that the caller carries are kept inside, and int8 cells become float.
 * @param inMemory false: for a file, with nothing in it that TensorFlow Lite lacks
 */
export function cellOptions(model: Model, inMemory = true): FusionOptions {
  const taken = recogniseLstms(model).filter((lstm) => lstm.reason === null && (inMemory || noFileReason(lstm) === null));
  return { carryState: true, asFloat: taken.some(({ numbers }) => numbers === 'int8'), inMemory };
}
