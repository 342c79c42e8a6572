import type { Model } from '../model/model';
import type { RecognisedLstm } from './recognised';
import { unrolledLstms } from './unrolled';

/** The recurrent cells that a model has in small operators, in the order of its operators. Found by what is computed, not by names. */
export function recogniseLstms(model: Model): RecognisedLstm[] {
  return model.graphs.flatMap(unrolledLstms);
}
