import { resolve } from 'node:path';
import type { OperatorRuntime, RuntimeSource } from '../core/run/operatorRuntime';
import { ONNX_RUNTIME, OnnxRuntime } from './onnxruntime/onnxRuntime';
import { MovingRuntime } from './onnxruntime/movingRuntime';
import { OrtModels } from './onnxruntime/ortModels';
import type { OrtFiles } from './onnxruntime/ortThread';
import { MissingRuntime } from './missingRuntime';

/** Where its files are, as seen from the bundle; set by the bundler and by the test runner. */
declare const GATESCOPE_ONNXRUNTIME: OrtFiles;

/** ONNX Runtime in a thread beside this one, started when the first operator needs it. */
class OnnxRuntimeSource implements RuntimeSource {
  readonly name = ONNX_RUNTIME;
  loaded: OperatorRuntime | null = null;
  private models: OrtModels | null = null;
  private loading: Promise<OperatorRuntime> | null = null;

  load(): Promise<OperatorRuntime> {
    if (this.loaded !== null) return Promise.resolve(this.loaded);
    this.loading ??= this.start().finally(() => (this.loading = null));
    return this.loading;
  }

  /** Gives its memory back; it is started anew when an operator needs it. */
  rest(): void {
    this.models?.end();
  }

  private async start(): Promise<OperatorRuntime> {
    const { thread, wasm, glue } = GATESCOPE_ONNXRUNTIME;
    const here = (file: string) => resolve(__dirname, file);
    const models = new OrtModels({ thread: here(thread), wasm: here(wasm), glue: here(glue) });
    try {
      await models.load();
      this.models = models;
      this.loaded = new MovingRuntime(new OnnxRuntime(models));
    } catch (error) {
      models.end();
      const reason = error instanceof Error ? error.message : String(error);
      this.loaded = new MissingRuntime(`this engine does not compute it, and ONNX Runtime could not be loaded (${reason})`);
    }
    return this.loaded;
  }
}

/** The one of this thread. */
export const onnxRuntime = new OnnxRuntimeSource();
