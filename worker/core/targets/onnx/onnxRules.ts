import type { DType } from '../../model/dtype';
import { inputOf, presentInputs, presentOutputs, labelOf } from '../operands';
import type { OperatorContext, Rule } from '../target';

/** Operators of an ONNX runtime, by name; those of other domains as `domain.Name`, such as `com.microsoft.QGemm`. */
export type OnnxOperators = ReadonlyMap<string, readonly Rule[]>;

/** @param verdict what follows where the runtime has no kernel */
export function known(operators: OnnxOperators, verdict: Rule['verdict'], message: string, source: string): Rule {
  return {
    rule: 'the runtime has a kernel for the operator',
    verdict,
    message,
    source,
    broken: ({ operator }) => (operators.has(operator.name) ? null : { seen: operator.name }),
  };
}

/** The first input has one of the types; operators without input pass. */
export function dataType(types: readonly DType[], verdict: Rule['verdict'], message: string, source: string): Rule {
  return {
    rule: `data is ${types.join(', ')}`,
    verdict,
    message,
    source,
    broken: (context) => {
      const tensor = inputOf(context, 0);
      return tensor === null || types.includes(tensor.dtype) ? null : { seen: `${labelOf(tensor)} is ${tensor.dtype}` };
    },
  };
}

export function ranksUpTo(most: number, message: string, source: string): Rule {
  return {
    rule: `tensors have at most ${most} dimensions`,
    verdict: 'rejected',
    message,
    source,
    broken: (context: OperatorContext) => {
      const odd = [...presentInputs(context), ...presentOutputs(context)].find(({ shape }) => shape.length > most);
      return odd === undefined ? null : { seen: `${labelOf(odd)} has ${odd.shape.length}` };
    },
  };
}
