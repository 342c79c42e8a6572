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
  /** What to do about it; null where the finding only explains. */
  readonly fix: string | null;
  /** Where the rule comes from: paper section, document or tool and version. */
  readonly source: string;
  readonly subgraph: number;
  /** Operator index in the file, where there is one. */
  readonly op: number | null;
  /** Tensor index in the file, where there is one. */
  readonly tensor: number | null;
  /** Position among the model's inputs, only where the finding is about one. */
  readonly input?: number;
}
