import type { OverlaidLog } from '../../worker/core/targetLogs/overlayLog';
import type { PackedTargets } from '../../worker/core/targets/packedTargets';

/** Where the operators of the model on show end up; arrives after the model itself, since a large one takes longer to map. */
export interface MappedState {
  readonly targets: PackedTargets;
  /** What is wrong with files of the setting `gatescope.targets`, in sentences. */
  readonly problems: readonly string[];
  readonly log: OverlaidLog | null;
}
