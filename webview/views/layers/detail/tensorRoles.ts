import type { OperatorInfo, TensorInfo } from '../../../../worker/core/report/overview';

/** A tensor of an operator, with what it is there. */
export interface OperatorTensor {
  readonly tensor: TensorInfo;
  readonly role: 'input' | 'weights' | 'bias' | 'constant' | 'state' | 'output';
}

/** Inputs in order, then outputs; a tensor that is used twice is listed once. */
export function tensorsOf(
  op: Pick<OperatorInfo, 'inputs' | 'outputs'>,
  tensors: readonly TensorInfo[],
): readonly OperatorTensor[] {
  const own = new Map(tensors.map((tensor) => [tensor.index, tensor]));
  const list = [
    ...op.inputs.map((at, place) => ({ at, role: (tensor: TensorInfo) => inputRole(tensor, place) })),
    ...op.outputs.map((at) => ({ at, role: () => 'output' as const })),
  ];
  const seen = new Set<number>();
  return list.flatMap(({ at, role }) => {
    const tensor = own.get(at);
    if (!tensor || seen.has(at)) return [];
    seen.add(at);
    return [{ tensor, role: role(tensor) }];
  });
}

function inputRole(tensor: TensorInfo, place: number): OperatorTensor['role'] {
  if (tensor.isVariable) return 'state';
  if (tensor.constantBytes === 0) return 'input';
  if (place === 0) return 'constant';
  if (tensor.dtype === 'int32' || tensor.dtype === 'int64')
    return tensor.shape.length === 1 && tensor.quantization ? 'bias' : 'constant';
  return tensor.shape.length >= 2 ? 'weights' : tensor.dtype.startsWith('float') || tensor.quantization ? 'bias' : 'constant';
}

/** Constants whose channels are worth a look: matrices and filters first. */
export function weightsOf(tensors: readonly OperatorTensor[]): readonly TensorInfo[] {
  const worth = tensors.filter(
    ({ role, tensor }) => (role === 'weights' || role === 'bias' || role === 'constant') && isNumeric(tensor),
  );
  return [...worth].sort((a, b) => Number(b.role === 'weights') - Number(a.role === 'weights')).map(({ tensor }) => tensor);
}

function isNumeric({ dtype, constantBytes }: TensorInfo): boolean {
  return constantBytes > 0 && !['string', 'resource', 'variant', 'unknown', 'complex64', 'complex128'].includes(dtype);
}
