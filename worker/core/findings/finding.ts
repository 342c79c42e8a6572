import type { Recipe } from '../recipe/recipe';

export type Severity = 'error' | 'warning' | 'info';

/** One result of linting a model's quantization (or of a run): what, where, number, remedy. */
export interface Finding {
  /** Stable kebab-case name of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  /** Short headline such as "Cell clip never acts". */
  readonly title: string;
  /** One or two sentences with the numbers seen. */
  readonly message: string;
  /** Why it matters, the same for every finding of a rule. */
  readonly explanation: string;
  /** What to do about it; null where the finding only explains. */
  readonly fix: string | null;
  /** Where it is written or how it was established: paper, source file, issue, tool and version. */
  readonly reference: string;
  readonly subgraph: number;
  /** Operator index in the file, where there is one. */
  readonly op: number | null;
  /** Tensor index in the file, where there is one. */
  readonly tensor: number | null;
  /** The places in this subgraph (at most the first 1,000), the one above first, where several are told of together. */
  readonly places?: readonly FindingPlace[];
  /** Position among the model's inputs, only where the finding is about one. */
  readonly input?: number;
  /** The remedy as a piece of a recipe, where quantizing the float model again with it is one. */
  readonly recipe?: Recipe;
}

export interface FindingPlace {
  readonly op: number | null;
  readonly tensor: number | null;
}

/** What a rule says of every place where it fires. */
export type RuleText = Pick<Finding, 'rule' | 'severity' | 'title' | 'explanation' | 'fix' | 'reference' | 'recipe'>;

/** Whether a finding is about an operator, alone or among others. */
export function concernsOperator({ subgraph, op, places }: Finding, of: number, index: number): boolean {
  return subgraph === of && (op === index || places?.some((place) => place.op === index) === true);
}
