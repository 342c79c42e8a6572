import type { Graph, Model, Operator, Tensor } from '../model/model';
import type { LstmInfo } from '../report/overview';
import type { Recipe } from '../recipe/recipe';
import type { Finding, RuleText } from './finding';

/** What a static rule sees: one graph of a model, with its LSTMs described. */
export interface LintContext {
  readonly model: Model;
  readonly graph: Graph;
  readonly lstms: readonly LintedLstm[];
  /** The operator that writes a tensor, by its index; null for inputs, constants and states. */
  readonly producerOf: (tensor: number) => Operator | null;
  /** The operators that read a tensor, in file order. */
  readonly readersOf: (tensor: number) => readonly Operator[];
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
  /** What a list of places calls this one; the tensor's name or the operator where absent. */
  readonly name?: string;
  readonly recipe?: Recipe;
}

/** One rule of the linter: what never changes, and a look at one graph that reports every place where it fires. */
export interface FindingRule extends RuleText {
  readonly check: (context: LintContext) => readonly Occurrence[];
}

/** Runs `look` on every LSTM of the graph; null where it has nothing to report. */
export function everyLstm(look: (lstm: LintedLstm) => Omit<Occurrence, 'op'> | null): FindingRule['check'] {
  return ({ lstms }) =>
    lstms.flatMap((lstm) => {
      const occurrence = look(lstm);
      return occurrence === null ? [] : [{ name: lstm.info.name, ...occurrence, op: lstm.operator }];
    });
}
