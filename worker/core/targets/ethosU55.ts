import type { Rule, Target } from './target';

const unverified: Rule = {
  rule: 'the rules of this target are known for the operator',
  verdict: 'unverified',
  message: 'No rule of this target covers the operator.',
  source: 'ethos-u-vela 5.2.0, ethos-u55-128, its default compiler core',
  broken: ({ operator }) => ({ seen: operator.name }),
};

export const ethosU55: Target = {
  name: 'ethos-u55',
  label: 'Ethos-U55',
  version: 'Vela 5.2.0',
  source: 'ethos-u-vela 5.2.0, ethos-u55-128, its default compiler core',
  modelRules: [],
  rulesFor: () => [unverified],
};
