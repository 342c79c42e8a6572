/** What a target's own tool said of a model, read from its log. */
export interface TargetLog {
  /** For people, without its folder. */
  readonly fileName: string;
  readonly kind: LogKind;
  /** Tool and version, as far as the log says. */
  readonly tool: string;
  /** Names of the targets whose prediction it can be held against, the one that the log is of first; more where it does not say. */
  readonly targets: readonly string[];
  readonly entries: readonly LogEntry[];
  /** Where the operators ran that have no entry; null where nothing follows from that. */
  readonly others: Ran | null;
  /** Operators that the accelerator took, where the log counts them without naming them. */
  readonly taken: { readonly count: number; readonly of: number } | null;
  /** Why no model came out; null where one did. */
  readonly refused: string | null;
  /** Figures of the model as a whole, under the log's own names. */
  readonly facts: readonly LogFact[];
}

/** What the text alone tells. */
export type LogContent = Omit<TargetLog, 'fileName'>;

export type LogKind = 'edge-tpu-compiler' | 'vela-database' | 'vela-layers' | 'vela-summary' | 'vela-console' | 'benchmark';

export type Ran = 'accelerator' | 'cpu' | 'removed';

/** One statement about one or more operators. */
export interface LogEntry {
  /** Line of the log, from 1. */
  readonly line: number;
  /** Kind of operator, as the log names it. */
  readonly op: string;
  readonly which: WhichOperators;
  /** Null where the log has figures only. */
  readonly ran: Ran | null;
  /** The log's own words; empty where it has none. */
  readonly status: string;
  readonly figures: LogFigures;
}

export type WhichOperators =
  | { readonly by: 'index'; readonly subgraph: number; readonly index: number }
  /** The operator that writes a tensor of this name. */
  | { readonly by: 'output'; readonly name: string }
  /** So many of that kind, or all of them (null). */
  | { readonly by: 'kind'; readonly count: number | null };

export interface LogFigures {
  readonly cycles?: number;
  readonly macs?: number;
  readonly milliseconds?: number;
}

export interface LogFact {
  readonly name: string;
  readonly value: string;
}
