import type { Rule, Target } from './target';

const unverified: Rule = {
  rule: 'the rules of this target are known for the operator',
  verdict: 'unverified',
  message: 'No rule of this target covers the operator.',
  source: 'ai-edge-litert 2.3.0, built-in kernels without delegates',
  broken: ({ operator }) => ({ seen: operator.name }),
};

export const tfliteCpu: Target = {
  name: 'tflite-cpu',
  label: 'TFLite CPU',
  version: 'LiteRT 2.3.0',
  source: 'ai-edge-litert 2.3.0, built-in kernels without delegates',
  modelRules: [],
  rulesFor: () => [unverified],
};
