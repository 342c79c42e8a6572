import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { counted, grouped } from '../../core/wording';
import {
  MOST_OPERAND_BYTES,
  MOST_PAGES,
  type OrtAnswer,
  type OrtArray,
  type OrtRequest,
  type OrtTensor,
  type OrtType,
} from './protocol';

/**
 * No optimization: each operator's own arithmetic is wanted, not that of a fused one. No arena: memory is given back after each run.
 */
const OPTIONS: InferenceSession.SessionOptions = {
  executionProviders: ['wasm'],
  graphOptimizationLevel: 'disabled',
  enableCpuMemArena: false,
  enableMemPattern: false,
  logSeverityLevel: 4,
};

/** Memory of WebAssembly never shrinks: above this the thread is to be replaced, sooner where something failed. In bytes. */
const WORN_BYTES = 768 * 2 ** 20;
const WORN_BYTES_FAILED = 256 * 2 ** 20;

/** ONNX Runtime in WebAssembly and the models that it holds, by the asker's numbers. */
export class OrtSessions {
  private readonly sessions = new Map<number, InferenceSession>();

  private constructor(private readonly memory: () => number) {}

  /**
   * @param wasm ort-wasm-simd-threaded.wasm of the package
   * @param glue the .mjs beside it
   * @throws whatever loading them throws
   */
  static async load(wasm: string, glue: string): Promise<OrtSessions> {
    const memory = boundMemory();
    env.logLevel = 'fatal';
    env.wasm.numThreads = 1;
    env.wasm.proxy = false;
    env.wasm.wasmPaths = { mjs: pathToFileURL(glue).href };
    env.wasm.wasmBinary = await readFile(wasm);
    return new OrtSessions(memory);
  }

  async answer({ session: number, model, inputs, released }: OrtRequest): Promise<OrtAnswer> {
    try {
      for (const old of released) await this.release(old);
      const session = model === null ? this.sessions.get(number) : await InferenceSession.create(model, OPTIONS);
      if (session === undefined) throw new Error(`There is no session ${number}.`);
      this.sessions.set(number, session);
      return {
        outputs: inputs === null ? [] : await run(session, inputs),
        outputTypes: model === null ? [] : session.outputMetadata.map((value) => (value.isTensor ? value.type : null)),
        error: null,
        isWorn: this.memory() > WORN_BYTES,
      };
    } catch (error) {
      return {
        outputs: [],
        outputTypes: [],
        error: error instanceof Error ? error.message : String(error),
        isWorn: isBroken(error) || this.memory() > WORN_BYTES_FAILED,
      };
    }
  }

  private async release(number: number): Promise<void> {
    const session = this.sessions.get(number);
    this.sessions.delete(number);
    await session?.release();
  }
}

async function run(session: InferenceSession, inputs: readonly OrtTensor[]): Promise<OrtTensor[]> {
  const feeds = Object.fromEntries(session.inputNames.map((name, position) => [name, tensorOf(inputs[position])]));
  const results = await session.run(feeds, { logSeverityLevel: 4 });
  let bytes = 0;
  const outputs = session.outputNames.map((name): OrtTensor => {
    const result = results[name];
    if (result === undefined) throw new Error(`There is no output ${name}.`);
    const data = result.data as unknown as OrtArray;
    bytes += data.byteLength ?? 0;
    // Where the engine has half floats as a type of arrays, they are such.
    const plain = result.type === 'float16' ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
    return { type: result.type as OrtType, shape: result.dims, data: plain };
  });
  if (bytes > MOST_OPERAND_BYTES) {
    throw new Error(`it gives ${counted(bytes, 'byte')}, more than the ${grouped(MOST_OPERAND_BYTES)} that are handed over`);
  }
  return outputs;
}

function tensorOf(value: OrtTensor | undefined): Tensor {
  if (value === undefined) throw new Error('There are fewer values than inputs.');
  return new Tensor(value.type, value.data as Float32Array, value.shape);
}

/** Something else than an error that ONNX Runtime itself reports. */
function isBroken(error: unknown): boolean {
  return !(error instanceof Error) || error instanceof WebAssembly.RuntimeError;
}

/** Keeps memory that WebAssembly asks for below a limit, which ONNX Runtime has no option for. Returns how much there is. */
function boundMemory(): () => number {
  let memory: WebAssembly.Memory | null = null;
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct(Memory, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      const bounded = new Memory({ ...descriptor, maximum: Math.min(descriptor.maximum ?? MOST_PAGES, MOST_PAGES) });
      // One without pages is made to look at its type.
      if (descriptor.initial > 0) memory = bounded;
      return bounded;
    },
  });
  return () => memory?.buffer.byteLength ?? 0;
}
