import type { Fix } from '../fix';
import type { ModelRule, Rule } from '../target';

/** Where the rules of this folder come from: the compiler's own report, and what it printed for several hundred models. */
export const VELA = 'ethos-u-vela 5.2.0';
const REPORT = `${VELA}, --supported-ops-report`;
const SEMANTICS = `${VELA}, check of TFLite semantics`;

/** A condition that, when broken, leaves the operator on the CPU. */
export function supported(rule: string, broken: Rule['broken'], fix?: Fix): Rule {
  return { rule, verdict: 'fallback', message: 'The operator stays on the CPU.', source: REPORT, ...(fix && { fix }), broken };
}

/** A condition that, when broken, makes Vela refuse the whole model. */
export function semantic(rule: string, broken: Rule['broken'], fix?: Fix): Rule {
  return { rule, verdict: 'rejected', message: 'Vela refuses the whole model.', source: SEMANTICS, ...(fix && { fix }), broken };
}

export function modelSemantic(rule: string, broken: ModelRule['broken']): ModelRule {
  return { rule, message: 'Vela refuses the whole model.', source: SEMANTICS, broken };
}
