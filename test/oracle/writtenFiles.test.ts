import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import { writeTflite } from '../../worker/core/formats/tflite/write/writeTflite';
import type { Graph, Operator, Tensor } from '../../worker/core/model/model';
import type { ModelEdit } from '../../worker/core/model/modelEdit';
import type { NumericArray } from '../../worker/core/run/value';
import { describeShared } from '../shared';
import { identityEdit } from '../unit/formats/identityEdit';
import { uniform } from '../unit/lstm/randomLstm';
import { loadLiteRt } from './runtimes/liteRt';
import type { OracleRuntime } from './runtimes/oracleModel';
import { loadTfjsTflite } from './runtimes/tfjsTflite';

const [liteRt, tfjsTflite] = [await loadLiteRt(), await loadTfjsTflite()];

const FILES = [
  'data/tflite/mlperf_ad01_int8.tflite',
  'data/tflite/micro_speech_int8.tflite',
  'data/tflite/mnist_lstm_int8.tflite',
  'data/tflite/mnist_lstm_float.tflite',
  'data/tflite/dtln_model_quant_1.tflite',
  'data/tflite/mobilenet_v1_0.25_224_quant.tflite',
  'data/keras3/lstm-while-float.tflite',
  'golden/lstm16/lstm-ln-proj-peep-pow2/int8.tflite',
  'golden/lstm16/cifg-ln-odd-batch2/int8.tflite',
];
/** Operators that are newer than this runtime. */
const TOO_NEW_FOR_TFJS: ReadonlySet<string> = new Set(['data/keras3/lstm-while-float.tflite']);
const RUNS = 2;

/** Bytes of random codes, or reals in [-1, 1), for each of the first graph's inputs. */
function randomInputs(graph: Graph, run: number): NumericArray[] {
  const random = uniform(run + 1);
  return graph.inputs.map((input) => {
    const { shape, dtype } = graph.tensors[input]!;
    const length = shape.reduce((product, size) => product * size, 1);
    if (dtype === 'float32') return Float32Array.from({ length }, random);
    return Uint8Array.from({ length }, () => Math.floor(128 * (random() + 1)));
  });
}

async function outputsOf(runtime: OracleRuntime, file: Uint8Array, graph: Graph): Promise<Uint8Array[]> {
  const model = await runtime.open(file);
  const outputs: Uint8Array[] = [];
  for (let run = 0; run < RUNS; run++) outputs.push(...(await model.run(randomInputs(graph, run))));
  model.close();
  return outputs;
}

/** The same model with its tensors in reverse order, and every tensor, operator and constant of the first graph made anew. */
function turnedRound(edit: ModelEdit): ModelEdit {
  const [first, ...others] = edit.graphs;
  if (first === undefined) return edit;
  const last = first.graph.tensors.length - 1;
  const turned = (tensors: readonly number[]) => tensors.map((tensor) => (tensor === -1 ? -1 : last - tensor));
  const tensors = [...first.graph.tensors]
    .reverse()
    .map((tensor, index): Tensor => ({ ...tensor, index, data: tensor.data?.slice() ?? null }));
  const operators = first.graph.operators.map((operator): Operator => ({
    ...operator,
    inputs: turned(operator.inputs),
    outputs: turned(operator.outputs),
    intermediates: turned(operator.intermediates),
  }));
  const graph = { ...first.graph, tensors, operators, inputs: turned(first.graph.inputs), outputs: turned(first.graph.outputs) };
  // The signature's tensors need to come from somewhere.
  const outer = new Set([...first.graph.inputs, ...first.graph.outputs]);
  const tensorOrigins = turned(tensors.map(({ index }) => index)).map((origin) => (outer.has(origin) ? origin : null));
  return { ...edit, graphs: [{ graph, tensorOrigins, operatorOrigins: operators.map(() => null) }, ...others] };
}

describeShared('files that were written anew', (shared) => {
  it.each(FILES)('%s runs in LiteRT and in tfjs-tflite as before', async (name) => {
    const source = new Uint8Array(readFileSync(join(shared, name)));
    const model = readTflite(source, name);
    const graph = model.graphs[0]!;
    const edit = identityEdit(model);
    const written = [writeTflite(edit, source), writeTflite(turnedRound(edit), source)];
    for (const runtime of TOO_NEW_FOR_TFJS.has(name) ? [liteRt] : [liteRt, tfjsTflite]) {
      const expected = await outputsOf(runtime, source, graph);
      expect(expected.length).toBeGreaterThan(0);
      for (const file of written) expect(await outputsOf(runtime, file, graph)).toEqual(expected);
    }
  });
});
