import type { Graph, Model, Operator, Tensor } from '../model/model';
import type { Fix } from './fix';
import type { Verdict } from './verdict';

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
  /** Replaces the rule's own. */
  readonly fix?: Fix;
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
  /** The smallest change that makes the rule hold. */
  readonly fix?: Fix;
  readonly broken: (context: OperatorContext) => Violation | null;
}

/** A condition on the model as a whole; broken, the target refuses the model. */
export interface ModelRule extends Omit<Rule, 'verdict' | 'broken'> {
  readonly broken: (model: Model) => Violation | null;
}

/** How the operators that a target takes are run. */
export type Execution =
  /** An interpreter runs every operator, one after the other: nothing is handed over. */
  | { readonly kind: 'interpreter' }
  /**
   * Connected operators go to the target together, the others stay with the interpreter. `most`: only that many partitions,
   * the largest first; `least`: none with fewer operators.
   */
  | { readonly kind: 'partitions'; readonly most: number | null; readonly least: number; readonly source: string }
  /** One partition: what needs the result of an operator elsewhere stays elsewhere. */
  | { readonly kind: 'single'; readonly source: string };

/** A conversion that the target itself puts where a tensor goes in or out. */
export interface BoundaryConversion {
  readonly op: 'QUANTIZE' | 'DEQUANTIZE' | 'CAST';
  readonly source: string;
}

export interface Target {
  readonly name: string;
  readonly label: string;
  readonly version: string;
  readonly source: string;
  /** File format; models of another one are refused as a whole. Default tflite. */
  readonly reads?: 'tflite' | 'onnx';
  readonly modelRules: readonly ModelRule[];
  /**
   * Rules that concern this operator, in the order in which the target tries them. The first broken one decides, except that
   * `conditional` ones are all collected and give way to any other verdict.
   */
  readonly rulesFor: (context: OperatorContext) => readonly Rule[];
  readonly execution: Execution;
  readonly boundary?: (tensor: Tensor, direction: 'in' | 'out') => BoundaryConversion | null;
  /** Operators of the target that an LSTM becomes, unrolled over its steps; null for operators that stay one. */
  readonly unrolls?: (context: OperatorContext) => Unrolling | null;
  readonly notes?: readonly string[];
  /** The same target on other instruction sets. */
  readonly variants?: readonly Target[];
}

export interface Unrolling {
  /** Steps that the operator is unrolled over, batch rows included. */
  readonly steps: number;
  /** Operators of the target. */
  readonly operators: number;
  readonly source: string;
}
