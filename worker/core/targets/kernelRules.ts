import type { DType } from '../model/dtype';
import { producerOf } from './dataflow';
import { dtypeFix, FIX, type Fix } from './fix';
import {
  hasScale,
  inputOf,
  isConstant,
  labelOf,
  nameOption,
  outputOf,
  presentInputs,
  presentOutputs,
  scaleOf,
  shapeText,
  zeroPointOf,
} from './operands';
import type { Rule } from './target';

const INTEGER_8_16: readonly DType[] = ['int8', 'uint8', 'int16'];

/** Conditions that kernels and delegates check; each target makes its own set, with its own source. */
export interface KernelRules {
  /** Operand `position` is there and has one of the types. */
  input(position: number, ...types: readonly DType[]): Rule;
  /** Operand `position`, where present, has one of the types. */
  optional(position: number, ...types: readonly DType[]): Rule;
  output(...types: readonly DType[]): Rule;
  sameType(): Rule;
  sameInputTypes(): Rule;
  rank(position: number, ...ranks: readonly number[]): Rule;
  operandCount(...counts: readonly number[]): Rule;
  /** Zero points of first input and output for a type of the first input. */
  zeroPoints(type: DType, input: number | null, output: number | null): Rule;
  outputScale(type: DType, scale: number): Rule;
  /** 8 or 16-bit outputs need a scale. */
  quantizedOutput(): Rule;
  activation(...names: readonly string[]): Rule;
  /** All inputs and the output share scale and zero point when of this type. */
  sameQuantization(type: DType): Rule;
  /** The first input and the output share scale and zero point when of one of these types. */
  keptQuantization(...types: readonly DType[]): Rule;
  /** First input's scale times second input's. */
  productScale(): Rule;
  /** A per-tensor bias has about the scale of the product, measured by the output's scale. */
  biasScale(): Rule;
  /** The operator is one of these: a builtin name, or the name of a custom operator. */
  known(names: ReadonlySet<string>): Rule;
  versions(least: number, most: number): Rule;
  /** Operands `positions`, where present, are constants. */
  constant(...positions: readonly number[]): Rule;
  /** Every tensor has at most that many dimensions. */
  ranksUpTo(most: number): Rule;
  /** Everything computed that goes in or out has one of the types; states aside. */
  dataTypes(...types: readonly DType[]): Rule;
  custom(rule: string, broken: Rule['broken'], message?: string, fix?: Fix): Rule;
}

/**
 * @param source document or code with its version
 * @param message what a broken condition means
 */
export function kernelRules(source: string, message: string, verdict: Rule['verdict'] = 'rejected'): KernelRules {
  const custom = (rule: string, broken: Rule['broken'], own = message, fix?: Fix): Rule => ({
    rule,
    verdict,
    message: own,
    source,
    ...(fix === undefined ? {} : { fix }),
    broken,
  });
  const operand = (position: number, types: readonly DType[], needed: boolean): Rule =>
    custom(`operand ${position} is ${types.join(', ')}`, (context) => {
      const tensor = inputOf(context, position);
      if (tensor === null) return needed ? { seen: `operand ${position} is absent` } : null;
      return types.includes(tensor.dtype)
        ? null
        : { seen: `${labelOf(tensor)} is ${tensor.dtype}`, ...dtypeFix(tensor.dtype, types) };
    });
  return {
    custom,
    known: (names) =>
      custom(
        'the operator is one of those that it takes',
        ({ operator: { name, customCode } }) => (names.has(customCode ?? name) ? null : { seen: customCode ?? name }),
        message,
        FIX.replaceOperator,
      ),
    versions: (least, most) =>
      custom(least === most ? `version ${least}` : `version at most ${most}`, ({ operator: { version } }) =>
        version >= least && version <= most ? null : { seen: `version ${version}`, fix: FIX.operatorVersion },
      ),
    constant: (...positions) =>
      custom(
        `operand ${positions.join(', ')} is constant`,
        (context) => {
          const tensors = positions.map((position) => inputOf(context, position));
          const odd = tensors.find((tensor) => tensor !== null && !isConstant(tensor));
          return odd === undefined || odd === null ? null : { seen: `${labelOf(odd)} is computed at run time` };
        },
        message,
        FIX.constantParameters,
      ),
    ranksUpTo: (most) =>
      custom(
        `tensors have at most ${most} dimensions`,
        (context) => {
          const tensors = [...presentInputs(context), ...presentOutputs(context)];
          const odd = tensors.find(({ shape }) => shape.length > most);
          return odd === undefined ? null : { seen: `${labelOf(odd)} has shape ${shapeText(odd.shape)}` };
        },
        message,
        FIX.lowerRank,
      ),
    dataTypes: (...types) =>
      custom(`values are ${types.join(', ')}`, (context) => {
        const tensors = [
          ...presentInputs(context).filter((tensor) => !isConstant(tensor) && !tensor.isVariable),
          ...presentOutputs(context),
        ];
        const odd = tensors.find(({ dtype }) => !types.includes(dtype));
        return odd === undefined ? null : { seen: `${labelOf(odd)} is ${odd.dtype}`, ...dtypeFix(odd.dtype, types) };
      }),
    input: (position, ...types) => operand(position, types, true),
    optional: (position, ...types) => operand(position, types, false),
    output: (...types) =>
      custom(`output is ${types.join(', ')}`, (context) => {
        const dtype = outputOf(context)?.dtype;
        return dtype === undefined || types.includes(dtype) ? null : { seen: `output is ${dtype}`, ...dtypeFix(dtype, types) };
      }),
    sameType: () =>
      custom('input and output have the same type', (context) => {
        const [from, to] = [inputOf(context, 0)?.dtype, outputOf(context)?.dtype];
        return from === to ? null : { seen: `${from ?? 'nothing'} to ${to ?? 'nothing'}` };
      }),
    sameInputTypes: () =>
      custom('both inputs have the same type', (context) => {
        const [a, b] = [inputOf(context, 0)?.dtype, inputOf(context, 1)?.dtype];
        return a === b ? null : { seen: `${a ?? 'nothing'} and ${b ?? 'nothing'}` };
      }),
    rank: (position, ...ranks) =>
      custom(`operand ${position} has ${ranks.join(' or ')} dimensions`, (context) => {
        const tensor = inputOf(context, position);
        if (tensor === null || ranks.includes(tensor.shape.length)) return null;
        // Interpreters work out the shapes of what operators compute; one that the file leaves out says nothing.
        const computed = producerOf(context.graph, tensor.index) !== undefined;
        return computed && tensor.shape.length === 0 ? null : { seen: shapeText(tensor.shape) };
      }),
    operandCount: (...counts) =>
      custom(`${counts.join(' or ')} operands`, ({ operator }) =>
        counts.includes(operator.inputs.length) ? null : { seen: `${operator.inputs.length} operands` },
      ),
    zeroPoints: (type, input, output) =>
      custom(`${type}: zero point ${input ?? 'any'} of the input, ${output ?? 'any'} of the output`, (context) => {
        const tensor = inputOf(context, 0);
        if (tensor?.dtype !== type) return null;
        const [from, to] = [zeroPointOf(tensor), zeroPointOf(outputOf(context))];
        const fits = (input === null || from === input) && (output === null || to === output);
        return fits ? null : { seen: `zero points ${from} and ${to}` };
      }),
    outputScale: (type, scale) =>
      custom(`${type}: output scale 1/${1 / scale}`, (context) => {
        const output = outputOf(context);
        const seen = scaleOf(output);
        return output?.dtype !== type || seen === scale ? null : { seen: `scale ${seen ?? 'absent'}` };
      }),
    quantizedOutput: () =>
      custom('integer outputs have quantization parameters', (context) => {
        const output = outputOf(context);
        if (output === null || hasScale(output) || !['int8', 'int16', 'uint8'].includes(output.dtype)) return null;
        return { seen: `${labelOf(output)} has none` };
      }),
    activation: (...names) =>
      custom(
        `fused activation is ${names.join(', ')}`,
        (context) => {
          const name = nameOption(context, 'fused_activation_function', 'NONE');
          return names.includes(name) ? null : { seen: name };
        },
        message,
        FIX.noFusedActivation,
      ),
    keptQuantization: (...types) =>
      custom(`${types.join(', ')}: input and output share scale and zero point`, (context) => {
        const [from, to] = [inputOf(context, 0), outputOf(context)];
        if (from === null || to === null || !types.includes(from.dtype)) return null;
        const [own, other] = [scaleOf(from) ?? 0, scaleOf(to) ?? 0];
        const same = Math.abs(own - other) <= 1e-6 && zeroPointOf(from) === zeroPointOf(to);
        return same ? null : { seen: `scale ${own}, zero point ${zeroPointOf(from)} and ${other}, ${zeroPointOf(to)}` };
      }),
    productScale: () =>
      custom('input scale * weight scale is not negative', (context) => {
        const [x, w] = [scaleOf(inputOf(context, 0)), scaleOf(inputOf(context, 1))];
        const isFloat = inputOf(context, 0)?.dtype.startsWith('float') === true;
        const perChannel = (inputOf(context, 1)?.quantization?.scales.length ?? 0) > 1;
        return x === null || w === null || isFloat || perChannel || x * w >= 0 ? null : { seen: `${x} * ${w}` };
      }),
    biasScale: () =>
      custom('|input scale * weight scale - bias scale| is at most 0.02 of the output scale', (context) => {
        const [x, w, bias] = [0, 1, 2].map((position) => inputOf(context, position));
        const scales = w?.quantization?.scales.length ?? 0;
        if (x === undefined || x === null || bias === undefined || bias === null || scales > 1) return null;
        if (!INTEGER_8_16.includes(x.dtype)) return null;
        const wanted = (scaleOf(x) ?? 0) * (scaleOf(w ?? null) ?? 0);
        const off = Math.abs(wanted - (scaleOf(bias) ?? 0)) / (scaleOf(outputOf(context)) ?? 0);
        return off <= 0.02 ? null : { seen: `bias scale ${scaleOf(bias) ?? 'absent'}, product ${wanted}` };
      }),
    sameQuantization: (type) =>
      custom(`${type}: inputs and output share scale and zero point`, (context) => {
        const output = outputOf(context);
        if (output?.dtype !== type) return null;
        const odd = presentInputs(context).find(
          (tensor) => scaleOf(tensor) !== scaleOf(output) || zeroPointOf(tensor) !== zeroPointOf(output),
        );
        return odd === undefined ? null : { seen: `${labelOf(odd)} differs from the output` };
      }),
  };
}
