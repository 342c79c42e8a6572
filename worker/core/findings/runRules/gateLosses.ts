import { GATE_LETTERS, GATES, type GateLetter } from '../../lstm/signals';
import { lostOf, NOTABLE_SHARE, type RunLstm, type RunOccurrence } from '../runRule';
import { share } from '../wording';

export interface GateLoss {
  readonly letter: GateLetter;
  /** `o before σ` */
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
    const { lost, values } = worstStage(lstm, letter);
    const gainDb = lstm.gainDb(letter);
    if (gainDb === null || lost === 0 || lost < NOTABLE_SHARE * values) return [];
    const where = `${letter} before ${gate === 'cell' ? 'tanh' : 'σ'}`;
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

/** The stage before activation that loses most. */
function worstStage({ signal }: RunLstm, letter: GateLetter): { readonly lost: number; readonly values: number } {
  const stages = (['x', 'xh', 'in', 'ln'] as const).flatMap((stage) => signal(`${letter}_${stage}`) ?? []);
  return stages
    .map((stage) => ({ lost: lostOf(stage), values: stage.values }))
    .reduce((worst, stage) => (stage.lost > worst.lost ? stage : worst), { lost: 0, values: 0 });
}
