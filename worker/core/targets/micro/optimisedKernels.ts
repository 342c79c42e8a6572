import type { DType } from '../../model/dtype';
import { inputOf, labelOf, presentInputs, presentOutputs, shapeText } from '../operands';
import { dtypeFix, FIX } from '../fix';
import type { OperatorContext, Rule, Violation } from '../target';

/** Kernels that a library has in place of TFLite Micro's own, by operator: the operand whose type selects, and the types. */
export interface OptimisedKernel {
  /** Input position; -1: the first output. */
  readonly selector: number;
  readonly types: readonly DType[];
  /** Beyond types, what sends a single operator to the reference kernel. */
  readonly except?: (context: OperatorContext) => Violation | null;
}

/** An operator without such a kernel runs TFLite Micro's reference kernel, on the same core. */
export function hasKernel(kernels: ReadonlyMap<string, OptimisedKernel>, library: string, source: string): Rule {
  return {
    rule: `${library} has a kernel for the operator and its type`,
    verdict: 'fallback',
    message: "TFLite Micro's reference kernel runs instead, on the same core.",
    source,
    broken: (context) => {
      const { name, customCode } = context.operator;
      const kernel = kernels.get(name);
      if (kernel === undefined) return { seen: customCode ?? name };
      const { selector, types, except } = kernel;
      const tensor = selector < 0 ? presentOutputs(context)[0] : inputOf(context, selector);
      const dtype = tensor?.dtype ?? 'unknown';
      if (!types.includes(dtype)) return { seen: `${name} of ${dtype}`, ...dtypeFix(dtype, types) };
      return except?.(context) ?? null;
    },
  };
}

/** Both inputs have the same shape: the fast kernels do not broadcast. */
export function broadcasts(context: OperatorContext): Violation | null {
  const [a, b] = [inputOf(context, 0)?.shape ?? [], inputOf(context, 1)?.shape ?? []];
  return String(a) === String(b) ? null : { seen: `broadcasts ${shapeText(a)} and ${shapeText(b)}`, fix: FIX.noBroadcast };
}

export function moreThan4Dimensions(context: OperatorContext): Violation | null {
  const odd = presentInputs(context).find(({ shape }) => shape.length > 4);
  return odd === undefined ? null : { seen: `${labelOf(odd)} has shape ${shapeText(odd.shape)}`, fix: FIX.lowerRank };
}
