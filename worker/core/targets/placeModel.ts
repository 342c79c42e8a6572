import type { Model } from '../model/model';
import type { ModelRule, OperatorContext, Rule, Target, Violation } from './target';
import type { OperatorPlacement, Reason, TargetPlacement, Verdict } from './verdict';

/** Judges every operator of `model` by the target's rules, in file order over all graphs. */
export function placeModel(model: Model, target: Target): TargetPlacement {
  const modelReasons = target.modelRules.flatMap((rule) => reasonsOf(rule, rule.broken(model)));
  const own = model.graphs.flatMap((graph) =>
    graph.operators.map((operator) => placeOperator({ model, graph, operator }, target)),
  );
  const culprit = own.find((placement) => placement.verdict === 'rejected');
  const { label, version, source } = target;
  if (modelReasons.length === 0 && culprit === undefined) {
    const unverified = own.some((placement) => placement.verdict === 'unverified');
    return { label, version, source, result: unverified ? 'unverified' : 'runs', reasons: [], ops: own };
  }
  const blocked = modelReasons[0] ?? blockedBy(culprit);
  const ops = own.map((placement) =>
    placement.verdict === 'rejected' || blocked === undefined
      ? placement
      : { ...placement, verdict: 'rejected' as const, reached: false, reasons: [blocked] },
  );
  return { label, version, source, result: 'rejected', reasons: modelReasons, ops };
}

function placeOperator(context: OperatorContext, target: Target): OperatorPlacement {
  const { graph, operator } = context;
  const conditions: Reason[] = [];
  let verdict: Verdict = 'native';
  let reasons: readonly Reason[] = conditions;
  for (const rule of target.rulesFor(context)) {
    const found = reasonsOf(rule, rule.broken(context));
    if (found.length === 0) continue;
    if (rule.verdict === 'conditional') {
      verdict = 'conditional';
      conditions.push(...found);
      continue;
    }
    verdict = rule.verdict;
    reasons = found;
    break;
  }
  const op = operator.customCode ?? operator.name;
  return { subgraph: graph.index, index: operator.index, op, verdict, reached: true, reasons };
}

function reasonsOf(rule: Rule | ModelRule, violation: Violation | null): readonly Reason[] {
  if (violation === null) return [];
  return [{ rule: rule.rule, seen: violation.seen, message: violation.message ?? rule.message, source: rule.source }];
}

/** What stands at the operators that are only refused because of another one. */
function blockedBy(culprit: OperatorPlacement | undefined): Reason | undefined {
  const reason = culprit?.reasons[0];
  if (culprit === undefined || reason === undefined) return undefined;
  return {
    ...reason,
    seen: `${culprit.op} ${culprit.index}${culprit.subgraph === 0 ? '' : ` of subgraph ${culprit.subgraph}`}: ${reason.seen}`,
    message: 'Not reached: the model as a whole is refused.',
  };
}
