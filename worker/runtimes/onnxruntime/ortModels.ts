import type { OneNodeModel } from './oneNodeModel';
import { type OrtFiles, OrtThread } from './ortThread';
import type { OrtAnswer, OrtRequest, OrtTensor } from './protocol';

/** What the thread holds is bounded; making a model anew takes about a millisecond. */
const MOST_MODELS = 4096;
const MOST_BYTES = 128 * 2 ** 20;
/** Memory that an idle thread holds is given back after so long. */
const IDLE_MS = 60_000;

export interface OrtModel extends Omit<OneNodeModel, 'bytes'> {
  readonly number: number;
  readonly byteLength: number;
  /** By ONNX Runtime's names; null for what is no tensor. */
  readonly outputTypes: readonly (string | null)[];
}

export interface OrtResult {
  readonly model: OrtModel;
  /** In the model's order; empty when nothing was run. */
  readonly outputs: readonly OrtTensor[];
}

/** Models of one operator each in the thread of ONNX Runtime, which is started when it is needed, and anew when it was lost. */
export class OrtModels {
  private thread: OrtThread | null = null;
  private readonly models = new Map<string, OrtModel>();
  private released: number[] = [];
  private next = 0;
  private bytes = 0;
  private idle: NodeJS.Timeout | null = null;

  /** @param mostMs how long one answer may take */
  constructor(
    private readonly files: OrtFiles,
    private readonly mostMs?: number,
  ) {}

  /** Starts the thread and waits for it. @throws OrtError, and what starting a thread throws */
  async load(): Promise<void> {
    await this.started().ready();
  }

  /**
   * Runs the model of a key, which is made where it is not there.
   * @param feed values of the operands at these positions, whose arrays are given away; null: nothing is run
   * @throws OrtError when ONNX Runtime says that it failed, or took too long
   */
  run(key: string, make: () => OneNodeModel, feed: ((positions: readonly number[]) => OrtTensor[]) | null): OrtResult {
    const thread = this.started();
    const known = this.models.get(key);
    if (known !== undefined) {
      // The one that was used last is the last to go.
      this.models.delete(key);
      this.models.set(key, known);
      if (feed === null) return { model: known, outputs: [] };
      const { outputs } = this.ask(thread, { session: known.number, model: null, inputs: feed(known.inputs) });
      return { model: known, outputs };
    }
    const { bytes, inputs, outputs: positions } = make();
    this.makeRoom(bytes.length);
    const rest = { number: this.next++, byteLength: bytes.length, inputs, outputs: positions };
    const request = { session: rest.number, model: bytes, inputs: feed === null ? null : feed(inputs) };
    const { outputs, outputTypes } = this.ask(thread, request);
    const model = { ...rest, outputTypes };
    if (thread.isAlive) {
      this.models.set(key, model);
      this.bytes += model.byteLength;
    }
    return { model, outputs };
  }

  /** Ends the thread and forgets all models. */
  end(): void {
    this.thread?.end();
    this.thread = null;
    this.models.clear();
    this.released = [];
    this.bytes = 0;
  }

  private ask(thread: OrtThread, request: Omit<OrtRequest, 'released'>): OrtAnswer {
    const { released } = this;
    this.released = [];
    this.rest();
    const given = [...(request.inputs ?? []).map(({ data }) => data), ...(request.model === null ? [] : [request.model])];
    return thread.ask(
      { ...request, released },
      given.map(({ buffer }) => buffer as ArrayBuffer),
    );
  }

  private started(): OrtThread {
    if (this.thread?.isAlive === true) return this.thread;
    this.end();
    this.thread = new OrtThread(this.files, this.mostMs);
    return this.thread;
  }

  private makeRoom(bytes: number): void {
    for (const [key, { number, byteLength }] of this.models) {
      if (this.models.size < MOST_MODELS && this.bytes + bytes <= MOST_BYTES) return;
      this.models.delete(key);
      this.released.push(number);
      this.bytes -= byteLength;
    }
  }

  private rest(): void {
    this.idle ??= setTimeout(() => {
      this.idle = null;
      this.end();
    }, IDLE_MS).unref();
    this.idle.refresh();
  }
}
