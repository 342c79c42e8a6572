import type { Model } from '../../model/model';
import type { TensorDetail, TensorDetailRequest } from '../../report/detail';
import { answerTensor } from './tensorDetail';

/**
 * Values of a constant of the main graph, which are the same in every run and before any. Null where the tensor is computed.
 * @throws RequestError, ModelFormatError
 */
export function constantDetail({ graphs: [graph] }: Model, request: TensorDetailRequest): TensorDetail | null {
  const tensor = graph?.tensors[request.tensor];
  if (graph === undefined || tensor === undefined || tensor.data === null) return null;
  return answerTensor(request, { graph, tensor, sample: null, value: () => undefined });
}
