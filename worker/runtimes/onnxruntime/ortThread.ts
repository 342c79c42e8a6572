import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { type OrtAnswer, type OrtRequest, type OrtThreadData, SIGNAL } from './protocol';

/** Where the files of ONNX Runtime lie. */
export interface OrtFiles {
  readonly thread: string;
  readonly wasm: string;
  readonly glue: string;
}

/** How long one answer may take, loading included. */
const MOST_MS = 60_000;

/** Something went wrong in ONNX Runtime: its own words. */
export class OrtError extends Error {
  override readonly name = 'OrtError';
}

/**
 * The thread of ONNX Runtime, asked synchronously: the asking thread sleeps until the answer is there. It does not keep the process
 * alive.
 */
export class OrtThread {
  private readonly port: MessagePort;
  private readonly signals = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  private readonly worker: Worker;
  private hasEnded = false;

  /** @param mostMs how long one answer may take */
  constructor(
    { thread, wasm, glue }: OrtFiles,
    private readonly mostMs = MOST_MS,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const workerData: OrtThreadData = { port: port2, signals: this.signals, wasm, glue };
    // What ONNX Runtime prints it also says in its answers.
    this.worker = new Worker(thread, { workerData, transferList: [port2], stdout: true, stderr: true });
    this.worker.unref();
    this.worker.on('error', () => (this.hasEnded = true));
    this.worker.on('exit', () => (this.hasEnded = true));
  }

  /** False once it was ended, or ended by itself. */
  get isAlive(): boolean {
    return !this.hasEnded;
  }

  /** Settles when it can be asked. @throws OrtError when ONNX Runtime cannot be loaded */
  ready(): Promise<void> {
    this.worker.ref();
    return new Promise<void>((resolve, reject) => {
      this.worker.once('message', (failure: string | null) => {
        if (failure === null) resolve();
        else reject(new OrtError(failure));
      });
      this.worker.once('error', reject);
      this.worker.once('exit', (code) => reject(new OrtError(`its thread ended with code ${code}`)));
    }).finally(() => this.worker.unref());
  }

  /**
   * @param given buffers of the request that are given away
   * @throws OrtError when ONNX Runtime says that it failed, ended or took too long
   */
  ask(request: OrtRequest, given: readonly ArrayBuffer[]): OrtAnswer {
    const { port, signals } = this;
    const before = Atomics.load(signals, SIGNAL.answered);
    port.postMessage(request, given);
    Atomics.add(signals, SIGNAL.asked, 1);
    Atomics.notify(signals, SIGNAL.asked);
    if (before >= 0 && !this.waitFor(before)) {
      this.end();
      throw new OrtError(`no answer within ${this.mostMs / 1000} s`);
    }
    const received = receiveMessageOnPort(port) as { readonly message: OrtAnswer } | undefined;
    if (received === undefined) {
      this.end();
      throw new OrtError('its thread ended');
    }
    const { message } = received;
    if (message.isWorn) this.end();
    if (message.error !== null) throw new OrtError(plain(message.error));
    return message;
  }

  /** Sleeps until there is another answer, or the thread has ended; false when that takes too long. */
  private waitFor(before: number): boolean {
    const end = performance.now() + this.mostMs;
    // Also woken by the notice of an answer that was seen before.
    while (Atomics.load(this.signals, SIGNAL.answered) === before) {
      const left = end - performance.now();
      if (left <= 0) return false;
      Atomics.wait(this.signals, SIGNAL.answered, before, left);
    }
    return true;
  }

  end(): void {
    this.hasEnded = true;
    this.port.close();
    void this.worker.terminate();
  }
}

/** ONNX Runtime's message without codes, source lines and signatures. */
function plain(message: string): string {
  const said = message.split(/ERROR_MESSAGE: |Status Message: /).at(-1) ?? message;
  const text = said
    .replace(/^\/\S+:\d+ [^()]*\((?:[^()]|\([^()]*\))*\)( const)?( \[[^\]]*\])? /, '')
    .replace(/\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /, '')
    .trim();
  return text === 'std::bad_alloc' ? 'out of memory (1 GiB is there for it)' : text;
}
