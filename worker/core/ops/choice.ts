import { elementCount } from '../run/arrays';
import { isQuantized } from '../run/runtimeDtype';
import { broadcast } from './broadcast';
import type { Kernel, KernelPreparer } from './operatorContext';
import { newLike } from './strided';

/** Element by element to a flag. Quantized operands are compared as reals by the runtimes; that is not computed here. */
function comparison(holds: (a: number, b: number) => boolean): KernelPreparer {
  return (context): Kernel => {
    const [a, b] = [context.input(0), context.input(1)];
    if (context.dtype(a) !== 'float32' && (isQuantized(a) || isQuantized(b))) {
      throw context.unsupported('comparing quantized codes is not computed');
    }
    return (operands) => {
      const left = context.required(operands, 0);
      const right = context.required(operands, 1);
      const { shape, forEach } = broadcast(context, left.shape, right.shape);
      const data = new Uint8Array(elementCount(shape));
      forEach((i, j, target) => (data[target] = holds(Number(left.data[i]), Number(right.data[j])) ? 1 : 0));
      return [{ dtype: 'bool', shape, data }];
    };
  };
}

const prepareNot: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const x = context.required(operands, 0);
    return [{ dtype: 'bool', shape: x.shape, data: Uint8Array.from(x.data as Uint8Array, (flag) => (flag === 0 ? 1 : 0)) }];
  };
};

/** SELECT and SELECT_V2: operand 1 where operand 0 is true, else operand 2; all three broadcast. */
const prepareSelect: KernelPreparer = (context): Kernel => {
  return (operands) => {
    const condition = context.required(operands, 0);
    const yes = context.required(operands, 1);
    const no = context.required(operands, 2);
    const branches = broadcast(context, yes.shape, no.shape);
    const whole = broadcast(context, condition.shape, branches.shape);
    const data = newLike(context, yes, elementCount(whole.shape));
    const fromYes = new Uint32Array(elementCount(branches.shape));
    const fromNo = new Uint32Array(fromYes.length);
    branches.forEach((i, j, target) => {
      fromYes[target] = i;
      fromNo[target] = j;
    });
    whole.forEach((flag, branch, target) => {
      data[target] = (condition.data[flag] === 0 ? no.data[fromNo[branch] ?? 0] : yes.data[fromYes[branch] ?? 0]) ?? 0;
    });
    return [{ dtype: yes.dtype, shape: whole.shape, data }];
  };
};

/** Comparisons, logic on flags and choices by them. */
export const CHOICE_OPERATORS: Readonly<Record<string, KernelPreparer>> = {
  EQUAL: comparison((a, b) => a === b),
  NOT_EQUAL: comparison((a, b) => a !== b),
  LESS: comparison((a, b) => a < b),
  LESS_EQUAL: comparison((a, b) => a <= b),
  GREATER: comparison((a, b) => a > b),
  GREATER_EQUAL: comparison((a, b) => a >= b),
  LOGICAL_AND: comparison((a, b) => a !== 0 && b !== 0),
  LOGICAL_OR: comparison((a, b) => a !== 0 || b !== 0),
  LOGICAL_NOT: prepareNot,
  SELECT: prepareSelect,
  SELECT_V2: prepareSelect,
};
