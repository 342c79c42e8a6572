import type { Graph, Model, Operator } from '../model/model';
import type { Finding } from './finding';

/** What a rule of the model's linter sees: one graph, or one operator of it. */
export interface LintContext {
  readonly model: Model;
  readonly graph: Graph;
}

/** A finding as a rule reports it; `lintModel` adds the rule's own constants. */
export interface Occurrence {
  readonly message: string;
  readonly fix?: string | null;
  readonly op?: Operator;
  readonly tensor?: number;
}

/** One rule of the linter: constants, and a predicate over a graph that reports every place where it fires. */
export interface FindingRule extends Pick<Finding, 'rule' | 'severity' | 'title' | 'fix' | 'source'> {
  readonly check: (context: LintContext) => readonly Occurrence[];
}
