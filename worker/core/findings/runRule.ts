import { sumLost } from '../report/lostAtRails';
import type { LstmInfo } from '../report/overview';
import type { LayerReport, LstmPart, Report, SignalReport } from '../report/report';
import type { Recipe } from '../recipe/recipe';
import type { Finding, RuleText } from './finding';

/** Parts of a report that the rules of a run look at. */
export type RunParts = Pick<Report, 'inputs' | 'layers' | 'lstms'> & Partial<Pick<Report, 'data'>>;

/** An LSTM that was run, beside what is known of it without a run. */
export interface RunLstm {
  readonly info: LstmInfo;
  readonly layer: LayerReport;
  /** First signal of that name; of a bidirectional operator the forward cell's. */
  readonly signal: (name: SignalReport['signal']) => SignalReport | null;
  /** dB that the output gains with the part in float; null where that was not measured. */
  readonly gainDb: (part: LstmPart) => number | null;
}

export interface RunOccurrence {
  readonly message: string;
  readonly severity?: Finding['severity'];
  readonly fix?: string | null;
  /** Layer that the finding is about; null for inputs of the model. */
  readonly layer: LayerReport | null;
  /** Position among the model's inputs, where it is about one. */
  readonly input?: number;
  /** What the run adds to the finding that the rule confirms. */
  readonly confirmation?: string;
  readonly recipe?: Recipe;
  readonly subgraph: number;
}

/** One rule over what a run measured. */
export interface RunRule extends RuleText {
  /** Static rule of which this one shows the effect: where it has found the same operator, both become one finding. */
  readonly confirms?: string;
  /**
   * What is left of it where the data are random, made from the inputs' own ranges: nothing, or a note. Absent where it does not
   * depend on what real data are like.
   */
  readonly onRandomData?: 'silent' | 'note';
  readonly check: (parts: RunParts, lstms: readonly RunLstm[]) => readonly RunOccurrence[];
}

/** Share of values at a rail that is worth a finding. */
export const NOTABLE_SHARE = 0.01;
/** Gains below this are within what any change does. */
export const NOTABLE_DB = 0.3;

/** Values of a signal that are lost at the rails of its integer type. */
export function lostOf({ lostAtRails }: SignalReport): number {
  return sumLost(lostAtRails);
}
