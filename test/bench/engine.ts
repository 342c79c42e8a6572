// What the benchmark takes from the project: its engine, the models, the driver of LiteRT. Bundled by run.mjs.
import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import { prepareLstmOperator } from '../../worker/core/lstm/prepareLstmOperator';
import type { SignalTrace } from '../../worker/core/lstm/signals';
import type { Path } from '../../worker/core/run/graphRunner';

export { buildTfliteLstm } from './models/tfliteLstm';
export { loadLiteRt } from '../oracle/runtimes/liteRt';

export interface BenchLstm {
  /** Milliseconds of processor time to pack and prepare the layer from its bytes. */
  readonly setUpMs: number;
  /** One run over the whole sequence from zero state. */
  run(x: Int8Array | Float32Array): Int8Array | Float32Array;
  /** The same with every signal of every gate kept. */
  probe(x: Int8Array | Float32Array): void;
}

/** The one LSTM of a benchmark model; x is [steps, batch, input]. */
export function prepareBenchLstm(bytes: Uint8Array, path: Path, steps: number, batch: number): BenchLstm {
  const started = process.cpuUsage();
  const graph = readTflite(bytes, 'bench.tflite').graphs[0]!;
  const [cell] = prepareLstmOperator(graph, graph.operators[0]!, { path, persona: 'tflite' }).cells;
  const { user, system } = process.cpuUsage(started);
  const setUpMs = (user + system) / 1000;
  const { runner } = cell!;
  const arrays = { int8: Int8Array, int16: Int16Array, float32: Float32Array };
  const trace: SignalTrace = {};
  for (const { name, size, dtype } of runner.signals) trace[name] = new arrays[dtype](steps * batch * size);
  return {
    setUpMs,
    run: (x) => runner.run(x, steps, batch, runner.initialState(batch)) as Int8Array | Float32Array,
    probe: (x) => void runner.run(x, steps, batch, runner.initialState(batch), trace),
  };
}
