import { InferenceSession, Tensor } from 'onnxruntime-web';
import type { Value } from '../worker/core/run/value';

/** A whole ONNX model as onnxruntime-web itself runs it, by its official interface. */
export class OnnxSession {
  private constructor(private readonly session: InferenceSession) {}

  static async open(model: Uint8Array): Promise<OnnxSession> {
    return new OnnxSession(await InferenceSession.create(model, { executionProviders: ['wasm'], logSeverityLevel: 4 }));
  }

  /** The outputs, in the model's order. */
  async run(inputs: Readonly<Record<string, Value>>): Promise<readonly Value[]> {
    const feeds = Object.entries(inputs).map(([name, { dtype, shape, data }]) => {
      const type = dtype === 'int64' ? 'int64' : dtype === 'int32' ? 'int32' : 'float32';
      return [name, new Tensor(type, data as Float32Array, shape)] as const;
    });
    const results = await this.session.run(Object.fromEntries(feeds));
    return this.session.outputNames.map((name) => {
      const { dims, data } = results[name]!;
      return { dtype: 'float32', shape: dims, data: data as Float32Array };
    });
  }

  close(): Promise<void> {
    return this.session.release();
  }
}
