import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { OperatorRuntime, RuntimeSource } from '../core/run/operatorRuntime';
import { LitertModule } from './litert/litertModule';
import { LITERT, LitertRuntime } from './litert/litertRuntime';
import { MissingRuntime } from './missingRuntime';

/** Where the WebAssembly is, as seen from the bundle; set by the bundler and by the test runner. */
declare const GATESCOPE_LITERT_WASM: string;

/** LiteRT on this thread, loaded when the first operator needs it, from the file beside the program. */
class LitertSource implements RuntimeSource {
  readonly name = LITERT;
  private runtime: LitertRuntime | MissingRuntime | null = null;
  private loading: Promise<OperatorRuntime> | null = null;

  get loaded(): OperatorRuntime | null {
    return this.runtime instanceof LitertRuntime && this.runtime.isWorn ? null : this.runtime;
  }

  load(): Promise<OperatorRuntime> {
    if (this.loaded !== null) return Promise.resolve(this.loaded);
    this.loading ??= this.start().finally(() => (this.loading = null));
    return this.loading;
  }

  private async start(): Promise<OperatorRuntime> {
    try {
      const wasm = await readFile(resolve(__dirname, GATESCOPE_LITERT_WASM));
      const module = await LitertModule.load(wasm);
      if (this.runtime instanceof LitertRuntime) this.runtime.replace(module);
      else this.runtime = new LitertRuntime(module);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.runtime = new MissingRuntime(`this engine does not compute it, and LiteRT could not be loaded (${reason})`);
    }
    return this.runtime;
  }
}

/** The one of this thread. */
export const litert: RuntimeSource = new LitertSource();
