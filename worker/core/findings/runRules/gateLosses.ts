import { GATE_LETTERS, GATES, type GateLetter } from '../../lstm/signals';
import type { SignalReport } from '../../report/report';
import { atRails, NOTABLE_SHARE, type RunLstm } from '../runRule';
import { share } from '../wording';

export interface GateLoss {
  readonly lstm: RunLstm;
  /** `lstm1: o before σ 27.5 % at the rails`. */
  readonly what: string;
  readonly gainDb: number;
}

/**
 * Gates of which a notable share of values is at the rails before the activation, with the measured cost. Saturation always
 * stands beside its cost: without a measurement there is nothing to report.
 */
export function gateLosses(lstms: readonly RunLstm[]): readonly GateLoss[] {
  return lstms.flatMap((lstm) =>
    GATES.flatMap((gate): GateLoss[] => {
      const letter = GATE_LETTERS[gate];
      const worst = worstStage(lstm, letter);
      const gainDb = lstm.gainDb(letter);
      if (worst === null || gainDb === null || worst.share < NOTABLE_SHARE) return [];
      const activation = gate === 'cell' ? 'tanh' : 'σ';
      const what = `${lstm.info.name}: ${letter} before ${activation} ${share(atRails(worst), worst.values)} at the rails`;
      return [{ lstm, what, gainDb }];
    }),
  );
}

/** The stage before activation that loses most. */
function worstStage({ signal }: RunLstm, letter: GateLetter): SignalReport | null {
  const stages = (['x', 'xh', 'in', 'ln'] as const).map((stage) => signal(`${letter}_${stage}`));
  return stages.reduce((worst, stage) => (stage !== null && stage.share > (worst?.share ?? 0) ? stage : worst), null);
}
