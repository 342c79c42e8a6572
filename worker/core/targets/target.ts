import type { Graph, Model, Operator } from '../model/model';
import type { TargetName, Verdict } from './verdict';

/** An operator under judgement, with the model around it. */
export interface OperatorContext {
  readonly model: Model;
  readonly graph: Graph;
  readonly operator: Operator;
}

/** What a broken rule tells: the value seen in the model and, where it differs from case to case, what it means. */
export interface Violation {
  readonly seen: string;
  readonly message?: string;
}

/**
 * One condition of a target, as data: its name in the target's own terms, what follows when it is broken, and the predicate
 * that looks at the model. The predicate answers null when the condition holds or does not concern the operator.
 */
export interface Rule {
  readonly rule: string;
  /** Verdict on the operator when the rule is broken; `rejected` refuses the whole model. */
  readonly verdict: Exclude<Verdict, 'native'>;
  /** What it means for the user. */
  readonly message: string;
  /** Document, source file or observation, with its version. */
  readonly source: string;
  readonly broken: (context: OperatorContext) => Violation | null;
}

/** A condition on the model as a whole; broken, the target refuses the model. */
export interface ModelRule extends Omit<Rule, 'verdict' | 'broken'> {
  readonly broken: (model: Model) => Violation | null;
}

export interface Target {
  readonly name: TargetName;
  readonly label: string;
  readonly version: string;
  readonly source: string;
  readonly modelRules: readonly ModelRule[];
  /**
   * Rules that concern this operator, in the order in which the target tries them. The first broken one decides, except that
   * `conditional` ones are all collected and give way to any other verdict.
   */
  readonly rulesFor: (context: OperatorContext) => readonly Rule[];
}
