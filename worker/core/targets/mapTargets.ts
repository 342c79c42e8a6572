import type { Model } from '../model/model';
import { ethosU55 } from './ethosU55';
import { placeModel } from './placeModel';
import type { Target } from './target';
import { tfliteCpu } from './tfliteCpu';
import { tflm } from './tflm';
import type { TargetMap, TargetName } from './verdict';

/** Every target there is, in the order in which people see them. */
export const TARGETS: Readonly<Record<TargetName, Target>> = {
  'tflite-cpu': tfliteCpu,
  tflm,
  'ethos-u55': ethosU55,
};

export const TARGET_NAMES = Object.keys(TARGETS) as readonly TargetName[];

/** Where each operator of `model` ends up on every target, with the rule that decided. */
export function mapTargets(model: Model): TargetMap {
  return {
    'tflite-cpu': placeModel(model, tfliteCpu),
    tflm: placeModel(model, tflm),
    'ethos-u55': placeModel(model, ethosU55),
  };
}
