import type { InspectorState } from '../extension/protocol/messages';
import type { MappedState } from '../extension/protocol/targets';
import { unpackTargets } from '../worker/core/targets/packedTargets';
import type { TargetMap } from '../worker/core/targets/verdict';

/** Where the operators of the model on show end up, with what was imported beside it. */
export interface MappedTargets extends Omit<MappedState, 'targets'> {
  readonly map: TargetMap;
}

const NOTHING_MAPPED: TargetMap = {};

export function mappedTargets(mapped: MappedState | null): MappedTargets | null {
  if (mapped === null) return null;
  const { targets, ...rest } = mapped;
  return { map: unpackTargets(targets), ...rest };
}

/** The state with the map in the model's overview, which comes without one; a map of a former version of the file does not fit. */
export function withTargets(host: InspectorState, mapped: MappedTargets | null): InspectorState {
  if (host.model.status !== 'open') return host;
  const { overview } = host.model;
  const map = mapped?.map ?? NOTHING_MAPPED;
  const fits = Object.values(map).every(({ ops }) => ops.length === overview.ops.length);
  const targets = fits ? map : NOTHING_MAPPED;
  // The same object as long as nothing changes: what views derive from it is large, too.
  return overview.targets === targets ? host : { ...host, model: { ...host.model, overview: { ...overview, targets } } };
}
