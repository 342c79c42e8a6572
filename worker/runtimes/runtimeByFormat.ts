import type { RuntimeSource } from '../core/run/operatorRuntime';
import { litert } from './litertSource';
import { onnxRuntime } from './onnxruntimeSource';

/** For operators of a model that are not this engine's: the runtime that the model's format is made for. */
export const runtimeByFormat: RuntimeSource = {
  name: litert.name,
  get loaded() {
    return litert.loaded;
  },
  load: () => litert.load(),
  of: ({ format }) => (format === 'onnx' ? onnxRuntime : litert),
};
