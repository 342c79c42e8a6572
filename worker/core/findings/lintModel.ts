import type { Model } from '../model/model';
import type { Finding, Severity } from './finding';
import type { FindingRule } from './findingRule';

export const FINDING_RULES: readonly FindingRule[] = [];

const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Everything that can be said against a model's quantization without running it, errors first, then in file order. */
export function lintModel(model: Model): Finding[] {
  const findings = model.graphs.flatMap((graph) =>
    FINDING_RULES.flatMap((rule) =>
      rule.check({ model, graph }).map((occurrence): Finding => ({
        rule: rule.rule,
        severity: rule.severity,
        title: rule.title,
        message: occurrence.message,
        fix: occurrence.fix === undefined ? rule.fix : occurrence.fix,
        source: rule.source,
        subgraph: graph.index,
        op: occurrence.op?.index ?? null,
        tensor: occurrence.tensor ?? null,
      })),
    ),
  );
  return findings.sort((a, b) => ORDER[a.severity] - ORDER[b.severity] || a.subgraph - b.subgraph || (a.op ?? -1) - (b.op ?? -1));
}
