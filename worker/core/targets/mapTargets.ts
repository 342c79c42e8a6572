import type { Model } from '../model/model';
import { ethosU55 } from './ethosU55';
import { ethosU65 } from './ethosU65';
import { ethosU85 } from './ethosU85';
import { placeModel } from './placeModel';
import type { Target } from './target';
import { tfliteCpu } from './tfliteCpu';
import { tflm } from './tflm';
import { xnnpack } from './xnnpack';
import type { TargetMap, TargetName, TargetPlacement } from './verdict';

/** Every target there is, in the order in which people see them. */
export const TARGETS: Readonly<Record<TargetName, Target>> = {
  'tflite-cpu': tfliteCpu,
  xnnpack,
  tflm,
  'ethos-u55': ethosU55,
  'ethos-u65': ethosU65,
  'ethos-u85': ethosU85,
};

export const TARGET_NAMES = Object.keys(TARGETS) as readonly TargetName[];

/** Where each operator of `model` ends up on every target, with the rule that decided. */
export function mapTargets(model: Model): TargetMap {
  const placements = TARGET_NAMES.map((name): [TargetName, TargetPlacement] => [name, placeModel(model, TARGETS[name])]);
  return Object.fromEntries(placements) as Record<TargetName, TargetPlacement>;
}
