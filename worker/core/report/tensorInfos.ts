import { RequestError } from '../analysis/detail/requestError';
import type { Model } from '../model/model';
import type { TensorInfo } from './overview';
import { tensorInfo } from './tensorInfo';

export interface TensorInfosRequest {
  readonly subgraph: number;
  /** Indices in the file; at most `MOST_TENSORS`. */
  readonly tensors: readonly number[];
}

/** More than any operator of a real model has. */
export const MOST_TENSORS = 4096;

/** What is known of some tensors of a graph, in the order asked for; indices without a tensor, such as -1, are left out. @throws RequestError */
export function tensorInfos(model: Model, { subgraph, tensors }: TensorInfosRequest): TensorInfo[] {
  const graph = model.graphs[subgraph];
  if (graph === undefined) throw new RequestError('NO_SUCH_TENSOR', `The model has no graph ${subgraph}.`);
  return tensors.flatMap((index) => {
    const tensor = graph.tensors[index];
    return tensor === undefined ? [] : [tensorInfo(tensor, subgraph)];
  });
}
