import type { Model } from '../model/model';
import { describeEffects, NO_EFFECTS } from './effects/describeEffects';
import { settle } from './effects/settle';
import { summarize } from './effects/summarize';
import { FIX } from './fix';
import type { ModelRule, OperatorContext, Rule, Target, Violation } from './target';
import type { OperatorPlacement, Reason, TargetPlacement, VariantPlacement, Verdict } from './verdict';
import { nameInFile } from '../model/operatorName';

/** Judges every operator of `model` by the target's rules, in file order over all graphs, and what follows for the graph. */
export function placeModel(model: Model, target: Target): TargetPlacement {
  const { label, version, source, notes, reads = 'tflite' } = target;
  const { result, reasons, ops: judged } = judge(model, target);
  const settled = result === 'rejected' ? { partitions: [], ops: judged } : settle(model, target.execution, judged);
  const effects = result === 'rejected' ? NO_EFFECTS : describeEffects(model, target, settled);
  return {
    label,
    version,
    source,
    reads,
    result,
    reasons,
    ops: settled.ops,
    ...(notes === undefined ? {} : { notes }),
    effects,
    summary: summarize(model, settled.ops, effects.handOvers),
    ...(target.variants === undefined ? {} : { variants: placeVariants(model, target.variants) }),
  };
}

function placeVariants(model: Model, variants: readonly Target[]): Readonly<Record<string, VariantPlacement>> {
  return Object.fromEntries(
    variants.map((variant) => {
      const { result, ops } = judge(model, variant);
      return [variant.name, { label: variant.label, result, verdicts: ops.map(({ verdict }) => verdict) }];
    }),
  );
}

/** Verdicts by the rules alone. */
function judge(model: Model, target: Target): Pick<TargetPlacement, 'result' | 'reasons' | 'ops'> {
  const format = otherFormat(model, target);
  const modelReasons = format ?? target.modelRules.flatMap((rule) => reasonsOf(rule, rule.broken(model)));
  const own = model.graphs.flatMap((graph) =>
    graph.operators.map((operator) => placeOperator({ model, graph, operator }, format === null ? target : NO_RULES)),
  );
  const culprit = own.find((placement) => placement.verdict === 'rejected');
  if (modelReasons.length === 0 && culprit === undefined) {
    const unverified = own.some((placement) => placement.verdict === 'unverified');
    return { result: unverified ? 'unverified' : 'runs', reasons: [], ops: own };
  }
  const blocked = modelReasons[0] ?? blockedBy(culprit);
  const ops = own.map((placement) =>
    placement.verdict === 'rejected' || blocked === undefined
      ? placement
      : { ...placement, verdict: 'rejected' as const, reached: false, reasons: [blocked] },
  );
  return { result: 'rejected', reasons: modelReasons, ops };
}

/** Rules are written for operators of the format that the target reads: on others they would say nothing. */
const NO_RULES: Pick<Target, 'rulesFor'> = { rulesFor: () => [] };

function otherFormat({ format, inMemoryOnly }: Model, { reads = 'tflite', label, source }: Target): readonly Reason[] | null {
  if (inMemoryOnly !== undefined) {
    const message =
      'No file can hold this model, so nothing is said of its operators: see the targets of the file that it was made from.';
    return [{ rule: 'the model is a file', seen: inMemoryOnly, message, source }];
  }
  if (reads === format) return null;
  const names = { tflite: 'a .tflite file', onnx: 'an .onnx file', tf1: 'a frozen TensorFlow 1 graph' };
  return [
    {
      rule: `the model is ${names[reads]}`,
      seen: `${names[format]}: another format`,
      message: `${label} does not read this format, so nothing is said of its operators.`,
      source,
      ...(reads === 'onnx' ? { fix: FIX.otherFormat } : {}),
    },
  ];
}

function placeOperator(stored: OperatorContext, target: Pick<Target, 'rulesFor'>): OperatorPlacement {
  const { graph } = stored;
  // Rules go by the names of the file's own format.
  const operator = { ...stored.operator, name: stored.operator.storedAs ?? stored.operator.name };
  const context = { ...stored, operator };
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
  const op = nameInFile(operator);
  return { subgraph: graph.index, index: operator.index, op, verdict, reached: true, reasons };
}

function reasonsOf(rule: Rule | ModelRule, violation: Violation | null): readonly Reason[] {
  if (violation === null) return [];
  const fix = violation.fix ?? rule.fix;
  const { seen, message = rule.message } = violation;
  return [{ rule: rule.rule, seen, message, source: rule.source, ...(fix === undefined ? {} : { fix }) }];
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
