import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { syntheticSamples } from '../../worker/core/data/synthetic';
import { readModel } from '../../worker/core/formats/readModel';
import { writeNewModel } from '../../worker/core/formats/tflite/write/newModel';
import type { Graph } from '../../worker/core/model/model';
import { bindInput } from '../../worker/core/run/bindInput';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import { prepareGraphAnywhere } from '../../worker/core/run/prepareGraph';
import type { Value } from '../../worker/core/run/value';
import { litert } from '../../worker/runtimes/litertSource';
import { describeShared } from '../shared';
import { loadLiteRt } from './runtimes/liteRt';
import { likewise } from './sideBySide';

const OPTIONS: GraphOptions = { path: 'int8', persona: 'tflite', runtime: litert };
const RUNS = 3;

/** The graph in one piece, with every tensor that an operator computes as an output. */
function uncut(graph: Graph): Graph {
  return {
    ...graph,
    outputs: graph.operators.flatMap(({ outputs }) => outputs),
    tensors: graph.tensors.map((tensor, index) => ({
      ...tensor,
      name: `t${index}`,
      shapeSignature: tensor.shape,
      // person_detect gives its one scale an axis that the tensor does not have, which LiteRT refuses.
      quantization: tensor.quantization && {
        ...tensor.quantization,
        axis: Math.min(tensor.quantization.axis, tensor.shape.length - 1),
      },
    })),
  };
}

describeShared('whole models cut at every operator, against the same in one piece in LiteRT', (shared) => {
  // How many of the integers differ when the engine's own operators, as TensorFlow Lite's reference kernels, take part: XNNPACK rounds
  // CONV_2D, DEPTHWISE_CONV_2D and ADD once in float32, and what is one code apart grows from layer to layer.
  it.each([
    ['mlperf_kws_int8', 0.08],
    ['mlperf_resnet_int8', 0.05],
    ['person_detect', 0.13],
    ['micro_speech_int8', 0.001],
    ['mlperf_ad01_int8_floatio', 0],
    ['keyword_scrambled', 0],
    ['mnist_lstm_int8', 0],
    ['micro_speech_lstm_int8', 0],
    ['dtln_noise_suppression_int8', 0],
    ['litert_simple_quantized_ops', 0],
  ] as const)('%s: every integer', async (name, ownShare) => {
    const bytes = new Uint8Array(readFileSync(join(shared, `data/tflite/${name}.tflite`)));
    const model = readModel({ name, bytes });
    const [graph] = model.graphs;
    if (graph === undefined) throw new Error('no graph');
    const whole = uncut(graph);
    const oracle = await (await loadLiteRt()).open(writeNewModel([whole]));
    const byLitert = await prepareGraphAnywhere(model, 0, { ...OPTIONS, preferred: 'runtime' });
    const own = await prepareGraphAnywhere(model, 0, OPTIONS);
    const samples = syntheticSamples(graph, { count: RUNS });
    let [compared, cutDiffers, ownDiffers] = [0, 0, 0];
    for (let run = 0; run < RUNS; run++) {
      const inputs = samples.get(run).inputs;
      const [cut, engine] = [byLitert, own].map((runner) => {
        const values = new Map<number, Value>();
        runner.run(inputs, ({ outputs }, given) => given.forEach((value, i) => values.set(outputs[i] ?? -1, value)));
        return values;
      });
      // States run on in all three.
      const right = await oracle.run(graph.inputs.map((_, i) => bindInput(graph, i, inputs[i], 'int8').data));
      whole.outputs.forEach((tensor, i) => {
        const ours = cut?.get(tensor)?.data ?? new Int8Array(0);
        const theirs = likewise(ours, right[i] ?? new Uint8Array(0));
        expect(ours).toHaveLength(theirs.length);
        compared += theirs.length;
        for (let k = 0; k < theirs.length; k++) {
          if (ours[k] !== theirs[k]) cutDiffers++;
          if (engine?.get(tensor)?.data[k] !== theirs[k]) ownDiffers++;
        }
      });
    }
    oracle.close();
    expect(compared).toBeGreaterThan(0);
    expect(cutDiffers).toBe(0);
    expect(ownDiffers / compared).toBeLessThanOrEqual(ownShare);
  });
});
