import { FIX } from './fix';
import { TFLM_CUSTOM, TFLM_OPERATORS, TFLM_SOURCE } from './interpreter/tflmOperators';
import { byteCount, labelOf, presentInputs, presentOutputs, isConstant } from './operands';
import type { Rule, Target } from './target';

/** The arena that the ground truth was taken with; firmware has far less. */
const ARENA_BYTES = 32 * 2 ** 20;

const registered: Rule = {
  rule: 'the interpreter has a kernel for the operator',
  verdict: 'rejected',
  message: 'The model does not load. A firmware with its own list of operators may lack more.',
  source: TFLM_SOURCE,
  fix: FIX.replaceOperator,
  broken: ({ operator }) => {
    const { name, customCode } = operator;
    const known = customCode === null ? TFLM_OPERATORS.has(name) : TFLM_CUSTOM.has(customCode);
    return known ? null : { seen: customCode ?? name };
  },
};

const noStrings: Rule = {
  rule: 'tensors have a type with a fixed size',
  verdict: 'rejected',
  message: 'The model does not load.',
  source: TFLM_SOURCE,
  broken: (context) => {
    const tensors = [...presentInputs(context), ...presentOutputs(context)];
    const odd = tensors.find((tensor) => tensor.dtype === 'string' || tensor.dtype === 'unknown');
    return odd === undefined ? null : { seen: `${labelOf(odd)} is ${odd.dtype}` };
  },
};

const fitsArena: Rule = {
  rule: "the operator's tensors fit the arena",
  verdict: 'rejected',
  message: 'The model does not load.',
  source: `${TFLM_SOURCE}, run with an arena of 32 MiB`,
  broken: (context) => {
    const tensors = new Set([...presentInputs(context), ...presentOutputs(context)]);
    const bytes = [...tensors].reduce((sum, tensor) => sum + (isConstant(tensor) ? 0 : byteCount(tensor)), 0);
    return bytes > ARENA_BYTES ? { seen: `${(bytes / 2 ** 20).toFixed(0)} MiB of inputs and outputs` } : null;
  },
};

export const tflm: Target = {
  name: 'tflm',
  label: 'TFLite Micro',
  version: '8f6596d',
  source: TFLM_SOURCE,
  modelRules: [
    {
      rule: 'the file holds a subgraph',
      message: 'The interpreter crashes.',
      source: TFLM_SOURCE,
      broken: (model) => (model.graphs.length === 0 ? { seen: 'no subgraph' } : null),
    },
    {
      rule: 'inputs of the model have a type with a fixed size',
      message: 'The model does not load.',
      source: TFLM_SOURCE,
      broken: ({ graphs: [main] }) => {
        const odd = main?.inputs.map((index) => main.tensors[index]).find((tensor) => tensor?.dtype === 'string');
        return odd === undefined ? null : { seen: `${labelOf(odd)} is ${odd.dtype}` };
      },
    },
  ],
  execution: { kind: 'interpreter' },
  rulesFor: ({ operator }) => [registered, noStrings, fitsArena, ...(TFLM_OPERATORS.get(operator.name) ?? [])],
};
