import type { Graph, Model, Operator, Tensor } from '../model/model';
import type { LstmInfo } from '../report/overview';
import type { Finding } from './finding';

/** What a static rule sees: one graph of a model, with its LSTMs described. */
export interface LintContext {
  readonly model: Model;
  readonly graph: Graph;
  readonly lstms: readonly LintedLstm[];
}

/** A UNIDIRECTIONAL_SEQUENCE_LSTM, or an LSTM with the full kernel, by its operands. */
export interface LintedLstm {
  readonly info: LstmInfo;
  readonly operator: Operator;
  /** Whether x, h and the weights are integers (int8 or 16x8). */
  readonly isInteger: boolean;
  /** Null where the operand is absent. */
  readonly operand: (position: number) => Tensor | null;
  readonly intermediate: (position: number) => Tensor | null;
}

/** A place where a rule fires. */
export interface Occurrence {
  /** One or two sentences with the numbers seen. */
  readonly message: string;
  /** Where it differs from the rule's own. */
  readonly fix?: string | null;
  readonly severity?: Finding['severity'];
  readonly op?: Operator;
  readonly tensor?: Tensor;
}

/** One rule of the linter: what never changes, and a look at one graph that reports every place where it fires. */
export interface FindingRule extends Pick<Finding, 'rule' | 'severity' | 'title' | 'fix' | 'source'> {
  readonly check: (context: LintContext) => readonly Occurrence[];
}

/** Runs `look` on every LSTM of the graph; null where it has nothing to report. */
export function everyLstm(look: (lstm: LintedLstm) => Omit<Occurrence, 'op'> | null): FindingRule['check'] {
  return ({ lstms }) =>
    lstms.flatMap((lstm) => {
      const occurrence = look(lstm);
      return occurrence === null ? [] : [{ ...occurrence, op: lstm.operator }];
    });
}
