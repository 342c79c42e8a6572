import type { Model } from '../model/model';
import { cmsisNn } from './cmsisNn';
import { edgeTpu } from './edgeTpu';
import { espDl } from './espDl';
import { espNn } from './espNn';
import { ethosU55 } from './ethosU55';
import { ethosU65 } from './ethosU65';
import { ethosU85 } from './ethosU85';
import { gpuDelegate } from './gpuDelegate';
import { hexagonDelegate } from './hexagonDelegate';
import { nnapi } from './nnapi';
import { ortCpu } from './ortCpu';
import { ortQnn } from './ortQnn';
import { placeModel } from './placeModel';
import { qnnHtp } from './qnnHtp';
import type { Target } from './target';
import { tfliteCpu } from './tfliteCpu';
import { tflm } from './tflm';
import { TARGET_NAMES, type TargetMap, type TargetName, type TargetPlacement } from './verdict';
import { xnnpack } from './xnnpack';

export { TARGET_NAMES };

/** The targets that come with the product. */
export const TARGETS: Readonly<Record<TargetName, Target>> = {
  'tflite-cpu': tfliteCpu,
  xnnpack,
  tflm,
  'cmsis-nn': cmsisNn,
  'ethos-u55': ethosU55,
  'ethos-u65': ethosU65,
  'ethos-u85': ethosU85,
  'edge-tpu': edgeTpu,
  'hexagon-delegate': hexagonDelegate,
  'qnn-htp': qnnHtp,
  nnapi,
  'gpu-delegate': gpuDelegate,
  'esp-nn': espNn,
  'esp-dl': espDl,
  'ort-cpu': ortCpu,
  'ort-qnn': ortQnn,
};

/** Built-in targets in the order in which people see them, then a user's own (see `readUserTarget`). */
export function allTargets(own: readonly Target[] = []): readonly Target[] {
  return [...TARGET_NAMES.map((name) => TARGETS[name]), ...own];
}

/**
 * Where each operator of `model` ends up on every target, with the rule that decided.
 * @param own a user's targets, beside the built-in ones
 */
export function mapTargets(model: Model, own: readonly Target[] = []): Readonly<Record<TargetName, TargetPlacement>> & TargetMap {
  const placements = allTargets(own).map((target) => [target.name, placeModel(model, target)] as const);
  return Object.fromEntries(placements) as Record<TargetName, TargetPlacement>;
}
