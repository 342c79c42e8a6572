import type { DType } from '../../model/dtype';
import type { Tensor } from '../../model/model';
import { constantIntegers, elementCount, inputOf, isConstant, numberOption, shapeText, sizeFromEnd } from '../operands';
import { FIX } from '../fix';
import type { Rule } from '../target';
import { ifmOf, inputsOfRole, ofmOf } from './roles';
import { paddedShape } from './shapes';
import { supported } from './velaRule';

export const constantParameters = supported('Parameter tensors must be constant.', (context) => {
  const odd = inputsOfRole(context, 'params').find((tensor) => !isConstant(tensor));
  return odd === undefined ? null : { seen: `${odd.name} is computed at run time`, fix: FIX.constantParameters };
});

export const parametersAreIntegers = supported('Params tensor must be Int32 or Int64.', (context) => {
  const params = inputsOfRole(context, 'params')[0];
  if (params === undefined || params.dtype === 'int32' || params.dtype === 'int64') return null;
  return { seen: `parameters are ${params.dtype}` };
});

export const sameQuantization = supported(
  'Both Input quantization parameters must match OFM quantization parameters.',
  (context) => {
    const ofm = ofmOf(context);
    const odd = inputsOfRole(context, 'ifm').find((ifm) => ofm !== null && !equalQuantization(ifm, ofm));
    if (odd === undefined || ofm === null) return null;
    return { seen: `${quantizationText(odd)} and ${quantizationText(ofm)}`, fix: FIX.keepQuantization };
  },
);

function equalQuantization(a: Tensor, b: Tensor): boolean {
  const [p, q] = [a.quantization, b.quantization];
  if (p === null || q === null) return p === q;
  return String(p.scales) === String(q.scales) && String(p.zeroPoints) === String(q.zeroPoints);
}

function quantizationText({ quantization }: Tensor): string {
  return quantization === null ? 'none' : `${quantization.scales[0] ?? 0} zero point ${quantization.zeroPoints[0] ?? 0}`;
}

/** IFM and OFM of one type out of `types`, and of one shape: the operators that become a table. */
export function tableOperator(types: readonly DType[]): readonly Rule[] {
  return [
    supported('IFM and OFM shapes must match.', (context) => {
      const [ifm, ofm] = [ifmOf(context)?.shape ?? [], ofmOf(context)?.shape ?? []];
      return String(ifm) === String(ofm) ? null : { seen: `${shapeText(ifm)} and ${shapeText(ofm)}` };
    }),
    supported(`IFM and OFM datatypes must match, and must be ${types.join(' or ')}.`, (context) => {
      const [ifm, ofm] = [ifmOf(context)?.dtype, ofmOf(context)?.dtype];
      if (ifm !== undefined && ifm === ofm && types.includes(ifm)) return null;
      return { seen: `${ifm ?? 'nothing'} to ${ofm ?? 'nothing'}` };
    }),
  ];
}

export const rsqrtInput = supported('IFM must be Int8 or Int16.', (context) => {
  const dtype = ifmOf(context)?.dtype;
  return dtype === 'int8' || dtype === 'int16' ? null : { seen: `IFM is ${dtype ?? 'absent'}` };
});

export const softmaxSize = supported('The product of IFM width and height must not exceed 65536.', (context) => {
  const shape = paddedShape(ifmOf(context)?.shape ?? []);
  const product = sizeFromEnd(shape, -2) * sizeFromEnd(shape, -3);
  return product > 65536 ? { seen: `${sizeFromEnd(shape, -2)} x ${sizeFromEnd(shape, -3)}` } : null;
});

export const argMaxDepth = supported('IFM depth must be less than or equal to 127.', (context) => {
  const depth = sizeFromEnd(ifmOf(context)?.shape ?? [], -1);
  return depth > 127 ? { seen: `depth ${depth}` } : null;
});

export const argMaxAxis = supported('Operation must be performed along the depth axis.', (context) => {
  const axis = constantIntegers(inputOf(context, 1))?.[0];
  const rank = ifmOf(context)?.shape.length ?? 0;
  return axis === undefined || axis === -1 || axis === rank - 1 ? null : { seen: `axis ${axis} of ${rank}` };
});

export const reverseAxis = supported('Axis attribute is not supported.', (context) => {
  const axes = constantIntegers(inputOf(context, 1)) ?? [];
  return axes.length === 0 ? null : { seen: `reversed along ${axes.join(', ')}` };
});

export const splitCount = supported('num_splits must match the number of outputs.', (context) => {
  const { outputs } = context.operator;
  const count = numberOption(context, 'num_splits', outputs.length);
  return count === outputs.length ? null : { seen: `num_splits ${count}, ${outputs.length} outputs` };
});

/** GATHER on Ethos-U85. */
export const gatherAxis = supported('axis must be equal to batch_dims.', (context) => {
  const axis = numberOption(context, 'axis', 0);
  const rank = ifmOf(context)?.shape.length ?? 0;
  const batchDims = numberOption(context, 'batch_dims', 0);
  return (axis < 0 ? axis + rank : axis) === batchDims ? null : { seen: `axis ${axis}, batch_dims ${batchDims}` };
});

/** SCATTER_ND on Ethos-U85. */
export const scatterIndices = supported('Index and shape tensors constant, channel = 1, elements unique.', (context) => {
  const indices = inputOf(context, 0);
  const shape = inputOf(context, 2);
  if (indices === null || shape === null || !isConstant(indices) || !isConstant(shape)) return { seen: 'not constant' };
  if (sizeFromEnd(indices.shape, -1) !== 1) return { seen: `index shape ${shapeText(indices.shape)}` };
  const values = constantIntegers(indices, elementCount(indices.shape)) ?? [];
  return new Set(values).size === values.length ? null : { seen: 'an index occurs twice' };
});
