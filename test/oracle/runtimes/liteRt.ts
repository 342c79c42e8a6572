// Drives the WebAssembly module of @litertjs/core directly: its JavaScript interface refuses int8 tensors and stateful models.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import { rootTable } from '../../../worker/core/formats/tflite/flatTable';
import { MODEL } from '../../../worker/core/formats/tflite/schema';
import { asBytes, type OracleModel, type OracleRuntime } from './oracleModel';

/** What is used of the module; its objects live in WebAssembly memory until they are deleted. */
interface LiteRtModule {
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(address: number): void;
  readonly LiteRtEnvironment: { create(options: null): Handle };
  readonly LiteRtTensorBufferType: { readonly HOST_MEMORY: unknown };
  readonly LiteRtTensorBufferLockMode: { readonly READ: unknown; readonly WRITE: unknown };
  readonly LiteRtTensorBuffer: {
    createManaged(environment: Handle, type: unknown, tensor: TensorType, size: number): TensorBuffer;
  };
  loadModel(environment: Handle, address: number, size: number): LoadedModel;
  compileModel(environment: Handle, model: LoadedModel, options: unknown): Promise<CompiledModel>;
}

interface Handle {
  delete(): void;
}
interface TensorType extends Handle {
  bytes(): number;
}
interface TensorBuffer extends Handle {
  lock(mode: unknown): number;
  unlock(): void;
  packedSize(): number;
}
interface LoadedModel extends Handle {
  getSignature(index: number): Handle & { inputNames(): Handle & { size(): number } };
  getInputTensorType(signature: number, input: number): TensorType;
}
interface CompiledModel extends Handle {
  run(signature: number, inputs: readonly TensorBuffer[]): Promise<TensorBuffer[]>;
}

/** Loads LiteRT's build without relaxed SIMD and threads (9.3 MB); models of it run on the CPU, in one thread. */
export async function loadLiteRt(): Promise<OracleRuntime> {
  const load = createRequire(import.meta.url);
  const script = join(dirname(load.resolve('@litertjs/core/package.json')), 'wasm/litert_wasm_compat_internal.js');
  const source = `${readFileSync(script, 'utf8')}\nreturn ModuleFactory;`;
  const factory = compileFunction(source, ['require', '__filename', '__dirname', 'self'], { filename: script }) as (
    ...globals: unknown[]
  ) => (options: object) => Promise<LiteRtModule>;
  const silent = { print: () => undefined, printErr: () => undefined };
  const wasm = await factory(load, script, dirname(script), globalThis)(silent);
  const environment = wasm.LiteRtEnvironment.create(null);
  return { open: (bytes) => openModel(wasm, environment, bytes) };
}

async function openModel(wasm: LiteRtModule, environment: Handle, bytes: Uint8Array): Promise<OracleModel> {
  const address = wasm._malloc(bytes.byteLength);
  wasm.HEAPU8.set(bytes, address);
  // The loader refuses variable tensors and intermediates: hidden from it, and back before the interpreter reads the same bytes.
  const hidden = statePlaces(bytes);
  for (const { start, length } of hidden) wasm.HEAPU8.fill(0, address + start, address + start + length);
  const model = wasm.loadModel(environment, address, bytes.byteLength);
  for (const { start, length } of hidden) wasm.HEAPU8.set(bytes.subarray(start, start + length), address + start);
  const compiled = await wasm.compileModel(environment, model, {
    environment: { liteRtEnvironment: environment, webGpuDevice: null },
    accelerator: 'wasm',
    cpuOptions: { numThreads: 1 },
    gpuOptions: {},
    webNNOptions: {},
  });
  const names = model.getSignature(0).inputNames();
  const buffers = Array.from({ length: names.size() }, (_, input) => {
    const type = model.getInputTensorType(0, input);
    return wasm.LiteRtTensorBuffer.createManaged(environment, wasm.LiteRtTensorBufferType.HOST_MEMORY, type, type.bytes());
  });
  return {
    run: async (inputs) => {
      buffers.forEach((buffer, position) => {
        const target = buffer.lock(wasm.LiteRtTensorBufferLockMode.WRITE);
        wasm.HEAPU8.set(asBytes(inputs[position] ?? new Uint8Array(0)), target);
        buffer.unlock();
      });
      const outputs = await compiled.run(0, buffers);
      return outputs.map((output) => {
        const source = output.lock(wasm.LiteRtTensorBufferLockMode.READ);
        const values = wasm.HEAPU8.slice(source, source + output.packedSize());
        output.unlock();
        output.delete();
        return values;
      });
    },
    close: () => {
      for (const handle of [...buffers, compiled, model]) handle.delete();
      wasm._free(address);
    },
  };
}

/** Where the file says that tensors are variable, and how many intermediates operators have. */
function statePlaces(bytes: Uint8Array): { readonly start: number; readonly length: number }[] {
  return rootTable(bytes, MODEL, 'model')
    .tables('subgraphs')
    .flatMap((graph) => [
      ...graph
        .tables('tensors')
        .filter((tensor) => tensor.boolean('is_variable'))
        .map((tensor) => ({ start: tensor.offsetOf('is_variable'), length: 1 })),
      ...graph
        .tables('operators')
        .filter((operator) => operator.lengthOf('intermediates') > 0)
        .map((operator) => ({ start: operator.elementOffset('intermediates', 0) - 4, length: 4 })),
    ]);
}
