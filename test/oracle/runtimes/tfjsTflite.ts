// Drives the WebAssembly module of @tensorflow/tfjs-tflite directly: no TensorFlow.js, no page.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction } from 'node:vm';
import type { NumericArray } from '../../../worker/core/run/value';
import { asBytes, type OracleModel, type OracleRuntime } from './oracleModel';

interface TfliteModule {
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(address: number): void;
  readonly TFLiteWebModelRunner: {
    CreateFromBufferAndOptions(address: number, size: number, options: object): RunnerOrError;
  };
}
interface RunnerOrError {
  ok(): boolean;
  errorMessage(): string;
  value(): Runner;
}
interface Runner {
  GetInputs(): TensorList;
  GetOutputs(): TensorList;
  Infer(): boolean;
  delete(): void;
}
interface TensorList {
  size(): number;
  get(index: number): TensorView;
  delete(): void;
}
interface TensorView {
  data(): NumericArray;
}

/** Loads its build with SIMD and without threads (3.7 MB). */
export async function loadTfjsTflite(): Promise<OracleRuntime> {
  const load = createRequire(import.meta.url);
  const script = join(dirname(load.resolve('@tensorflow/tfjs-tflite/package.json')), 'wasm/tflite_web_api_cc_simd.js');
  const source = `${readFileSync(script, 'utf8')}\nreturn tflite_web_api_ModuleFactory;`;
  // Without these globals it takes itself to be in a plain shell, and asks for nothing but its binary.
  const factory = compileFunction(source, ['process', 'require', 'window', 'importScripts'], { filename: script }) as () => (
    options: object,
  ) => Promise<TfliteModule>;
  const silent = { print: () => undefined, printErr: () => undefined };
  const wasm = await factory()({ ...silent, wasmBinary: readFileSync(script.replace(/js$/, 'wasm')) });
  return { open: (bytes) => new Promise((resolve) => resolve(openModel(wasm, bytes))) };
}

function openModel(wasm: TfliteModule, bytes: Uint8Array): OracleModel {
  const address = wasm._malloc(bytes.length);
  wasm.HEAPU8.set(bytes, address);
  const created = wasm.TFLiteWebModelRunner.CreateFromBufferAndOptions(address, bytes.length, {
    numThreads: 1,
    enableProfiling: false,
    maxProfilingBufferEntries: 1,
  });
  if (!created.ok()) throw new Error(created.errorMessage());
  const runner = created.value();
  const inputs = toArray(runner.GetInputs());
  const outputs = toArray(runner.GetOutputs());
  return {
    run: (values) => {
      inputs.forEach((input, position) => asBytes(input.data()).set(asBytes(values[position] ?? new Uint8Array(0))));
      if (!runner.Infer()) throw new Error('tfjs-tflite could not run the model');
      return Promise.resolve(outputs.map((output) => asBytes(output.data()).slice()));
    },
    close: () => {
      runner.delete();
      wasm._free(address);
    },
  };
}

function toArray(list: TensorList): TensorView[] {
  const tensors = Array.from({ length: list.size() }, (_, i) => list.get(i));
  list.delete();
  return tensors;
}
