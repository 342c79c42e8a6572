import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../../worker/core/analysis/pace';
import { prepareBlame, type BlameRequest } from '../../../worker/core/blame/blameModel';
import type { MixedGraph } from '../../../worker/core/blame/mixedGraph';
import { ALL_OWN, FLOAT, mixtureKey, type Mixture } from '../../../worker/core/blame/mixture';
import { runCallByCall } from '../../../worker/core/blame/mixtureRuns';
import { syntheticSamples } from '../../../worker/core/data/synthetic';
import { realInputs, runCalls } from '../../../worker/core/run/calls';
import type { Model } from '../../../worker/core/model/model';
import { gridOf } from '../../../worker/core/run/gridValues';
import { prepareGraph } from '../../../worker/core/run/prepareGraph';
import { describeShared } from '../../shared';
import { blameRequest, finish, firstOf, INPUTS, SAMPLES } from './blameFixture';

const INT8 = join(SAMPLES, 'digits-int8.tflite');
const FLOAT_MODEL = join(SAMPLES, 'digits-float.tflite');

async function mixedGraph(request: BlameRequest): Promise<{ graph: MixedGraph; output: number }> {
  const plan = await prepareBlame(request, new Pace({}));
  return plan!.prepared;
}

/** Every operator float and no tensor on its grid. */
function allBack({ graph, parts }: MixedGraph): Mixture {
  return {
    ground: 'own',
    operators: new Map(graph.operators.map((_, position) => [position, FLOAT])),
    tensors: new Set(graph.tensors.flatMap((tensor) => (gridOf(tensor, parts.own.options.path) === null ? [] : [tensor.index]))),
  };
}

/** Outputs of both grounds and of a mixture, for each sample. */
function outputs(graph: MixedGraph, output: number, request: BlameRequest, mixture: Mixture) {
  return Array.from({ length: request.samples.count }, (_, index) => {
    const grounds = finish(graph.begin(request.samples.get(index).inputs));
    return { grounds, value: finish(graph.values(mixture, mixtureKey(mixture))).get(output) ?? null };
  });
}

async function checkBothEnds(request: BlameRequest): Promise<void> {
  const { graph, output } = await mixedGraph(request);
  const { model, floatModel, samples, persona } = request;
  const integer = prepareGraph(model, 0, { path: 'int8', persona });
  const float = prepareGraph(floatModel?.model ?? model, 0, { path: 'float', persona: 'tflite' });
  const none = outputs(graph, output, request, ALL_OWN);
  const all = outputs(graph, output, request, allBack(graph));
  for (let index = 0; index < samples.count; index++) {
    integer.resetState();
    float.resetState();
    const { inputs } = samples.get(index);
    const place = graph.graph.outputs.indexOf(output);
    expect(none[index]!.value).toEqual(integer.run(inputs)[place]);
    expect(all[index]!.value?.data).toEqual(float.run(inputs)[place]?.data);
  }
}

describe('a graph between integer and float', () => {
  it('is the integer path with nothing put back, and the float path with everything, with other weights and without', async () => {
    for (const partner of [FLOAT_MODEL, null]) {
      const request = blameRequest(INT8, partner, INPUTS);
      await checkBothEnds({ ...request, samples: firstOf(request.samples, 2) });
    }
  });

  it('keeps states of each mixture when they are carried from sample to sample', async () => {
    const request = blameRequest(INT8, FLOAT_MODEL, INPUTS.slice(0, 3), { state: 'carry' });
    const { graph, output } = await mixedGraph(request);
    const integer = prepareGraph(request.model, 0, { path: 'int8', persona: 'tflite' });
    const float = prepareGraph(request.floatModel!.model, 0, { path: 'float', persona: 'tflite' });
    const mixture = allBack(graph);
    for (let index = 0; index < 3; index++) {
      const { inputs } = request.samples.get(index);
      const grounds = finish(graph.begin(inputs));
      const back = finish(graph.values(mixture, 'back')).get(output) ?? null;
      expect(grounds.own.get(output)).toEqual(integer.run(inputs)[0]);
      expect(back?.data).toEqual(float.run(inputs)[0]?.data);
    }
  });

  it('computes a float layer in the middle from the integer path before it, and puts its output back on the grid', async () => {
    const request = blameRequest(INT8, FLOAT_MODEL, INPUTS.slice(0, 1));
    const { graph, output } = await mixedGraph(request);
    const grounds = finish(graph.begin(request.samples.get(0).inputs));
    const layer: Mixture = { ground: 'own', operators: new Map([[1, FLOAT]]), tensors: new Set() };
    const [h0, h1] = [0, 1].map((position) => graph.graph.operators[position]!.outputs[0]!);
    const mixed = finish(graph.values(layer, 'layer')).get(h1!) ?? null;
    expect(finish(graph.values(layer, 'layer')).get(h0!) ?? null).toBe(grounds.own.get(h0!));
    expect(mixed?.dtype).toBe('int8');
    expect(mixed?.data).not.toEqual(grounds.own.get(h1!)?.data);
    expect((finish(graph.values(layer, 'layer')).get(output) ?? null)?.dtype).toBe('int8');
  });
});

/** Without the softmax into int16 at the end of a keyword model, which LiteRT computes. */
function whatIsComputed(model: Model): Model {
  const [graph] = model.graphs;
  const end = graph!.operators.findIndex(
    ({ name, outputs }) => name === 'SOFTMAX' && graph!.tensors[outputs[0]!]?.dtype === 'int16',
  );
  if (end < 0) return model;
  const operators = graph!.operators.slice(0, end);
  return { ...model, graphs: [{ ...graph!, operators, outputs: operators.at(-1)!.outputs }] };
}

describeShared('both ends on all topologies', (shared) => {
  it.each(['lstm-pow2', 'lstm-ln-proj-peep-odd-batch2', 'cifg-ln-proj-peep-clipped-timemajor', 'cifg-odd-batch2'])(
    '%s',
    async (name) => {
      const folder = join(shared, 'golden/lstm16', name);
      await checkBothEnds(blameRequest(join(folder, 'int8.tflite'), join(folder, 'float.tflite'), [join(folder, 'x_float.npy')]));
    },
  );

  it.each(['dtln_noise_suppression_int8', 'micro_speech_lstm_int8', 'mlperf_kws_int8', 'mlperf_ad01_int8_floatio'])(
    '%s',
    async (name) => {
      await checkBothEnds(blameRequest(join(shared, 'data/tflite', `${name}.tflite`), null, []));
    },
  );

  it.each([
    ['states of SVDF', 'keyword_scrambled_8bit', 'int8'],
    ['states of LSTMs', 'dtln_noise_suppression_int8', 'int8'],
    ['states among inputs and outputs', 'dtln_model_quant_1', 'hybrid'],
  ] as const)('call by call, with %s', async (_, name, path) => {
    const whole = blameRequest(join(shared, 'data/tflite', `${name}.tflite`), null, []);
    const request = { ...whole, model: whatIsComputed(whole.model) };
    const samples = syntheticSamples(request.model.graphs[0]!, { count: 2, steps: 5 }, { stepped: true });
    const { graph, output } = await mixedGraph(request);
    const place = graph.graph.outputs.indexOf(output);
    const mixtures = [ALL_OWN, allBack(graph)];
    const on = { graph, mixtures, keys: mixtures.map(mixtureKey), tensor: output };
    const [integer, float] = [path, 'float' as const].map((to) =>
      prepareGraph(request.model, 0, { path: to, persona: 'tflite' }),
    );
    for (let index = 0; index < samples.count; index++) {
      const { inputs, calls } = samples.get(index);
      const { values, reference } = finish(runCallByCall(on, { inputs, calls: calls! }, () => undefined));
      const [own, back] = values.map((value) => finish(value));
      integer!.resetState();
      float!.resetState();
      const real = runCalls(float!, realInputs(graph.graph, inputs, calls!), calls!)[place]!;
      expect(own).toEqual(runCalls(integer!, inputs, calls!)[place]);
      expect(reference?.data).toEqual(real.data);
      expect(back?.data).toEqual(real.data);
      expect(own?.data).not.toEqual(real.data);
    }
  });
});
