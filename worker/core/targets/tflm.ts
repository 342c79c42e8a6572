import type { Rule, Target } from './target';

const unverified: Rule = {
  rule: 'the rules of this target are known for the operator',
  verdict: 'unverified',
  message: 'No rule of this target covers the operator.',
  source: 'tensorflow/tflite-micro 8f6596d, Python wheel 0.dev20261023',
  broken: ({ operator }) => ({ seen: operator.name }),
};

export const tflm: Target = {
  name: 'tflm',
  label: 'TFLite Micro',
  version: '8f6596d',
  source: 'tensorflow/tflite-micro 8f6596d, Python wheel 0.dev20261023',
  modelRules: [],
  rulesFor: () => [unverified],
};
