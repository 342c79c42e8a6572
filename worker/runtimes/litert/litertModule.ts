import { Environment, getGlobalLiteRt, loadLiteRt, Tensor, unloadLiteRt, type LiteRt } from '@litertjs/core';
import ModuleFactory from '@litertjs/core/wasm/litert_wasm_compat_internal.js';

/** What can cross the border of LiteRT.js. */
export type CrossingArray = Float32Array | Int32Array | Uint8Array;
export type CrossingType = 'float32' | 'int32' | 'uint8';

type Wasm = LiteRt['liteRtWasm'];
type WasmModel = ReturnType<Wasm['loadModel']>;
type WasmCompiled = Awaited<ReturnType<Wasm['compileModel']>>;

/** Something went wrong in LiteRT: its own words. */
export class LitertError extends Error {
  override readonly name = 'LitertError';
}

/** A path that pins the build without relaxed SIMD and threads; nothing is read from it. */
const COMPAT_SCRIPT = 'litert_wasm_compat_internal.js';

interface LoaderGlobals {
  self?: unknown;
  importScripts?: unknown;
  ModuleFactory?: unknown;
  Module?: unknown;
}

/**
 * One WebAssembly instance of LiteRT. Loading is asynchronous; everything else computes at once on this thread, so that operators
 * can be run one by one: the build without JSPI gives its results and not promises.
 */
export class LitertModule {
  /** Something was thrown: memory leaks with every exception, so that the instance should be replaced before long. */
  isWorn = false;

  private constructor(
    private readonly wasm: Wasm,
    private readonly environment: Environment,
    /** Lines that LiteRT wrote since the last look. */
    private readonly lines: string[],
  ) {}

  /**
   * Replaces the instance that is loaded, if any.
   * @param wasmBinary litert_wasm_compat_internal.wasm of the same package
   * @throws whatever compiling the binary throws
   */
  static async load(wasmBinary: Uint8Array): Promise<LitertModule> {
    const lines: string[] = [];
    const globals = globalThis as LoaderGlobals;
    // The package's loader looks for these; the glue is part of this bundle, so that there is nothing to import.
    globals.self ??= globalThis;
    const { importScripts } = globals;
    globals.importScripts = () => undefined;
    globals.ModuleFactory = ModuleFactory;
    globals.Module = { wasmBinary, print: () => undefined, printErr: (line: string) => lines.push(line) };
    const quiet = silenceWarnings();
    try {
      unloadLiteRt();
      await loadLiteRt(COMPAT_SCRIPT);
    } finally {
      quiet.end();
      globals.importScripts = importScripts;
      globals.Module = globals.ModuleFactory = undefined;
    }
    const environment = await Environment.create({ webGpuDevice: null });
    return new LitertModule(getGlobalLiteRt().liteRtWasm, environment, lines);
  }

  /** @throws LitertError */
  compile(bytes: Uint8Array): LitertModel {
    const { wasm, environment } = this;
    return this.guard(() => {
      const address = wasm._malloc(bytes.length);
      wasm.HEAPU8.set(bytes, address);
      const model = wasm.loadModel(environment.liteRtEnvironment, address, bytes.length);
      const options = { accelerator: 'wasm', environment, cpuOptions: { numThreads: 1 }, gpuOptions: {}, webNNOptions: {} };
      const compiled = wasm.compileModel(environment.liteRtEnvironment, model, options as never) as WasmCompiled;
      return new LitertModel(this, model, compiled, address);
    });
  }

  /** @throws LitertError */
  run(compiled: WasmCompiled, inputs: readonly LitertInput[]): CrossingArray[] {
    const held: { delete(): void }[] = [];
    try {
      return this.guard(() => {
        const tensors = inputs.map(({ data, shape }) => {
          // Never memory that threads share, which the package's types exclude.
          const tensor = new Tensor(data as Float32Array<ArrayBuffer>, [...shape], this.environment);
          held.push(tensor);
          return tensor.liteRtTensorBuffer;
        });
        const buffers = compiled.run(0, tensors);
        if (!Array.isArray(buffers)) throw new Error('LiteRT gave a promise where it computes at once.');
        const outputs = buffers.map((buffer) => {
          const tensor = new Tensor(buffer, this.environment);
          held.push(tensor);
          return tensor;
        });
        this.throwOnError();
        return outputs.map((tensor) => tensor.toTypedArray());
      });
    } finally {
      for (const tensor of held) tensor.delete();
    }
  }

  free(model: WasmModel, compiled: WasmCompiled, address: number): void {
    compiled.delete();
    model.delete();
    this.wasm._free(address);
  }

  /** A kernel that fails leaves its outputs as they were and says so here alone. */
  private throwOnError(): void {
    const errors = this.lines.filter((line) => line.startsWith('ERROR'));
    if (errors.length > 0) throw new LitertError(errors.map(plainLine).join('; '));
  }

  private guard<T>(work: () => T): T {
    this.lines.length = 0;
    try {
      return work();
    } catch (error) {
      if (error instanceof LitertError) throw error;
      this.isWorn = true;
      const said = [...this.lines.map(plainLine), error instanceof Error ? error.message : String(error)];
      throw new LitertError(said.join('; '));
    }
  }
}

export interface LitertInput {
  readonly data: CrossingArray;
  readonly shape: readonly number[];
}

/** A model in LiteRT's memory. */
export class LitertModel {
  constructor(
    readonly module: LitertModule,
    private readonly model: WasmModel,
    private readonly compiled: WasmCompiled,
    private readonly address: number,
  ) {}

  /**
   * @param inputs in the order of the graph, of exactly the shapes in the file
   * @throws LitertError, whenever LiteRT says that a kernel failed
   */
  run(inputs: readonly LitertInput[]): CrossingArray[] {
    return this.module.run(this.compiled, inputs);
  }

  delete(): void {
    this.module.free(this.model, this.compiled, this.address);
  }
}

/** `ERROR: [file.cc:12] what` as `what`. */
function plainLine(line: string): string {
  return line.replace(/^(ERROR|WARNING|INFO|VERBOSE)?:?\s*(\[[^\]]*\])?\s*/, '').trim();
}

/** Loading looks for WebGPU, which nobody asked for, and warns that there is none. */
function silenceWarnings(): { end(): void } {
  /* eslint-disable no-console */
  const { warn } = console;
  console.warn = () => undefined;
  return { end: () => (console.warn = warn) };
  /* eslint-enable no-console */
}
