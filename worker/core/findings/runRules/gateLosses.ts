import { GATE_LETTERS, GATES, type GateLetter, type GateStage } from '../../lstm/signals';
import { lostOf, NOTABLE_SHARE, type RunLstm, type RunOccurrence } from '../runRule';
import { share } from '../wording';

export interface GateLoss {
  readonly letter: GateLetter;
  /** `o before σ`, or `o after W·x` where it loses most there. */
  readonly where: string;
  /** `27.5 %` */
  readonly lost: string;
  readonly gainDb: number;
}

/**
 * Gates of which a notable share of values is lost at the rails before the activation, with the measured cost. Saturation always
 * stands beside its cost: without a measurement there is nothing to report.
 */
function gateLosses(lstm: RunLstm): readonly GateLoss[] {
  return GATES.flatMap((gate): GateLoss[] => {
    const letter = GATE_LETTERS[gate];
    const { stage, lost, values } = worstStage(lstm, letter);
    const gainDb = lstm.gainDb(letter);
    if (gainDb === null || lost === 0 || lost < NOTABLE_SHARE * values) return [];
    const where = stage === 'x' ? `${letter} after W·x` : `${letter} before ${gate === 'cell' ? 'tanh' : 'σ'}`;
    return [{ letter, where, lost: share(lost, values), gainDb }];
  });
}

/** One finding for each LSTM that has gates to tell of. */
export function perLstm(
  lstms: readonly RunLstm[],
  isMeant: (loss: GateLoss) => boolean,
  tell: (losses: readonly [GateLoss, ...GateLoss[]]) => string,
): readonly RunOccurrence[] {
  return lstms.flatMap((lstm) => {
    const [first, ...others] = gateLosses(lstm).filter(isMeant);
    if (first === undefined) return [];
    const message = `${lstm.info.name}: ${tell([first, ...others])}`;
    return [{ message, layer: lstm.layer, subgraph: lstm.layer.subgraph }];
  });
}

interface WorstStage {
  readonly stage: GateStage;
  readonly lost: number;
  readonly values: number;
}

/** The stage before activation that loses most; of several the last. */
function worstStage({ signal }: RunLstm, letter: GateLetter): WorstStage {
  const stages = (['x', 'xh', 'in', 'ln'] as const).flatMap((stage): WorstStage[] => {
    const found = signal(`${letter}_${stage}`);
    return found === null ? [] : [{ stage, lost: lostOf(found), values: found.values }];
  });
  return stages.reduce((worst, stage) => (stage.lost >= worst.lost ? stage : worst), { stage: 'in', lost: 0, values: 0 });
}
