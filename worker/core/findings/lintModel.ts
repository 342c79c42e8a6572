import type { Graph, Model } from '../model/model';
import { describeForLint } from './describeForLint';
import type { Finding, Severity } from './finding';
import type { FindingRule, Occurrence } from './findingRule';
import { mergeRecipes } from './recipeFragment';
import { FINDING_RULES } from './staticRules';
import { counted } from '../wording';
import { listSome, tensorName } from './wording';

const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Places of one rule and severity that stand on their own; more are told of together. */
const MOST_APART = 3;
const NAMED_TOGETHER = 3;
/** Places that a finding lists one by one. */
const MOST_PLACES = 1000;

/**
 * All that can be said against a model's quantization without running it: errors first, then in file order. Weights are looked
 * at where a rule is about them, each tensor once and only as far as needed.
 */
export function lintModel(model: Model): Finding[] {
  return sortFindings(model.graphs.flatMap((graph) => lintGraph(model, graph)));
}

function lintGraph(model: Model, graph: Graph): Finding[] {
  const context = describeForLint(model, graph);
  return FINDING_RULES.flatMap((rule) => {
    const bySeverity = new Map<Severity, Occurrence[]>();
    for (const occurrence of rule.check(context)) {
      const severity = occurrence.severity ?? rule.severity;
      const alike = bySeverity.get(severity);
      if (alike === undefined) bySeverity.set(severity, [occurrence]);
      else alike.push(occurrence);
    }
    return [...bySeverity].flatMap(([severity, alike]) => {
      const apart = alike.length <= MOST_APART;
      return (apart ? alike.map((own) => [own]) : [alike]).map((together) => findingOf(rule, severity, graph, together));
    });
  });
}

/** One finding of one or more places; told with the numbers of the first. */
function findingOf(rule: FindingRule, severity: Severity, graph: Graph, places: readonly Occurrence[]): Finding {
  const [first, ...others] = places;
  if (first === undefined) throw new Error('A finding has a place.');
  const names = others.map((other) => other.name ?? nameOf(other));
  const more =
    names.length === 0 ? '' : ` The same in ${counted(names.length, 'other place')}: ${listSome(names, NAMED_TOGETHER)}.`;
  const place = ({ op, tensor }: Occurrence) => ({ op: op?.index ?? null, tensor: tensor?.index ?? null });
  const recipe = mergeRecipes(places.flatMap((own) => own.recipe ?? rule.recipe ?? []));
  return {
    rule: rule.rule,
    severity,
    title: rule.title,
    message: `${first.message}${more}`,
    explanation: rule.explanation,
    fix: first.fix === undefined ? rule.fix : first.fix,
    reference: rule.reference,
    subgraph: graph.index,
    ...place(first),
    ...(places.length === 1 ? {} : { places: places.slice(0, MOST_PLACES).map(place) }),
    ...(recipe === null ? {} : { recipe }),
  };
}

function nameOf({ op, tensor }: Occurrence): string {
  if (tensor !== undefined) return tensorName(tensor);
  return op === undefined ? 'the graph' : `${op.name} ${op.index}`;
}

/** Errors before warnings before notes; within them by place, else as they came. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) => ORDER[a.severity] - ORDER[b.severity] || a.subgraph - b.subgraph || (a.op ?? -1) - (b.op ?? -1),
  );
}
