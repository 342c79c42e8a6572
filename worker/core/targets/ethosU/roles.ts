import { inputOf, presentOutputs } from '../operands';
import type { OperatorContext } from '../target';
import type { Operator, Tensor } from '../../model/model';

/** What an operand is to the compiler: a feature map, weights, bias (and scales), a parameter such as axes, or state. */
export type Role = 'ifm' | 'weights' | 'scales' | 'params' | 'state';

const IFM: readonly Role[] = ['ifm'];
const IFM_PARAMS: readonly Role[] = ['ifm', 'params'];
const CONVOLUTION: readonly Role[] = ['ifm', 'weights', 'scales'];

/** Roles by operand position; operands after the last one are feature maps. */
const ROLES: ReadonlyMap<string, readonly Role[]> = new Map([
  ['ARG_MAX', IFM_PARAMS],
  ['CONV_2D', CONVOLUTION],
  ['DEPTHWISE_CONV_2D', CONVOLUTION],
  ['EXPAND_DIMS', IFM_PARAMS],
  ['FULLY_CONNECTED', CONVOLUTION],
  ['MEAN', IFM_PARAMS],
  ['MIRROR_PAD', IFM_PARAMS],
  ['PAD', IFM_PARAMS],
  ['PADV2', ['ifm', 'params', 'params']],
  ['PRELU', ['ifm', 'params']],
  ['REDUCE_ALL', IFM_PARAMS],
  ['REDUCE_ANY', IFM_PARAMS],
  ['REDUCE_MAX', IFM_PARAMS],
  ['REDUCE_MIN', IFM_PARAMS],
  ['RESHAPE', IFM_PARAMS],
  ['RESIZE_BILINEAR', IFM_PARAMS],
  ['RESIZE_NEAREST_NEIGHBOR', IFM_PARAMS],
  ['REVERSE_V2', IFM_PARAMS],
  ['SCATTER_ND', ['ifm', 'ifm', 'params']],
  ['SLICE', ['ifm', 'params', 'params']],
  ['SPLIT', ['params', 'ifm']],
  ['SPLIT_V', ['ifm', 'params', 'params']],
  ['STRIDED_SLICE', ['ifm', 'params', 'params', 'params']],
  ['SUM', IFM_PARAMS],
  ['TILE', IFM_PARAMS],
  ['TRANSPOSE', IFM_PARAMS],
  ['TRANSPOSE_CONV', ['params', 'weights', 'ifm', 'scales']],
  [
    'UNIDIRECTIONAL_SEQUENCE_LSTM',
    [
      'ifm',
      ...Array<Role>(11).fill('weights'),
      ...Array<Role>(4).fill('scales'),
      'weights',
      'scales',
      'state',
      'state',
      ...Array<Role>(4).fill('scales'),
    ],
  ],
]);

/** Rules of three compilers ask again and again for the same operands. */
const known = new WeakMap<Operator, Map<string, readonly Tensor[]>>();

export function inputsOfRole(context: OperatorContext, ...roles: readonly Role[]): readonly Tensor[] {
  const byRoles = known.get(context.operator) ?? new Map<string, readonly Tensor[]>();
  const asked = roles.join();
  const found = byRoles.get(asked) ?? findInputs(context, roles);
  known.set(context.operator, byRoles.set(asked, found));
  return found;
}

function findInputs(context: OperatorContext, roles: readonly Role[]): readonly Tensor[] {
  const own = ROLES.get(context.operator.name) ?? IFM;
  return context.operator.inputs.flatMap((_, position) => {
    const tensor = inputOf(context, position);
    return tensor !== null && roles.includes(own[position] ?? 'ifm') ? [tensor] : [];
  });
}

/** The first feature map that the operator reads. */
export function ifmOf(context: OperatorContext): Tensor | null {
  return inputsOfRole(context, 'ifm')[0] ?? null;
}

export function ofmOf(context: OperatorContext): Tensor | null {
  return presentOutputs(context)[0] ?? null;
}

export function weightsOf(context: OperatorContext): Tensor | null {
  return inputsOfRole(context, 'weights')[0] ?? null;
}

export function biasOf(context: OperatorContext): Tensor | null {
  return inputsOfRole(context, 'scales')[0] ?? null;
}

/** Every feature map, read or written. */
export function featureMaps(context: OperatorContext): readonly Tensor[] {
  return [...inputsOfRole(context, 'ifm'), ...presentOutputs(context)];
}
