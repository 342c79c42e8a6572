import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lintModel } from '../../../worker/core/findings/lintModel';
import { FINDING_RULES } from '../../../worker/core/findings/staticRules';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import type { Model } from '../../../worker/core/model/model';
import { readRecipe } from '../../../worker/core/recipe/readRecipe';
import { describeShared } from '../../shared';
import type { Case } from './case';
import { GRAPH_CASES } from './graphCases';
import { LSTM_CASES } from './lstmCases';
import { affine, graphOf, lstmModel, lstmSpec, modelOf, perChannel, tensor } from './models';

const CELL_STATE = 19;
const OUTPUT_STATE = 18;

const int16 = (scale: number) => tensor('lstm/c', 'int16', [1, 8], affine(scale), { isVariable: true });
const hidden = (scale: number, zeroPoint: number) => tensor('lstm/hidden', 'int8', [0], affine(scale, zeroPoint));
const empty = (name: string, scale: number | null) => tensor(name, 'int16', [0], scale === null ? null : affine(scale));

const fullyConnected = (depth: number, biasScale: number): Model =>
  modelOf(
    graphOf([
      {
        name: 'FULLY_CONNECTED',
        inputs: [
          tensor('x', 'int8', [1, depth], affine(0.5)),
          tensor('w', 'int8', [2, depth], affine(0.25), { constant: true }),
          tensor('b', 'int32', [2], affine(biasScale), { constant: true }),
        ],
        outputs: [tensor('y', 'int8', [1, 2], affine(1))],
      },
    ]),
  );

function loop(body: readonly string[]): Model {
  const t = tensor('t', 'float32', [1]);
  const step = graphOf(
    body.map((name) => ({ name, inputs: [t, t], outputs: [tensor(name, 'float32', [1])] })),
    1,
  );
  const main = graphOf([
    { name: 'WHILE', inputs: [t], outputs: [tensor('y', 'float32', [1])], options: { body_subgraph_index: 1 } },
  ]);
  return modelOf(main, step);
}

function gates(activations: readonly string[]): Model {
  const parts = activations.map((_, n) => tensor(`part${n}`, 'float32', [1, 4]));
  const split = { name: 'SPLIT', inputs: [null, tensor('z', 'float32', [1, 16])], outputs: parts };
  const after = activations.map((name, n) => ({
    name,
    inputs: [parts[n] ?? null],
    outputs: [tensor(`a${n}`, 'float32', [1, 4])],
  }));
  return modelOf(graphOf([split, ...after]));
}

const CASES: Readonly<Record<string, Case>> = {
  ...LSTM_CASES,
  ...GRAPH_CASES,
  'lstm-bias-missing': {
    fires: lstmModel({ operands: { 13: null, 15: null } }),
    says: ['lstm', 'no bias for f, o'],
    silent: lstmModel({ cifg: true }),
  },
  'intermediates-missing': {
    fires: lstmModel({ intermediates: [] }),
    says: ['0 intermediates', '5'],
    silent: lstmModel({ kind: 'float' }),
  },
  'gate-scale-missing': {
    fires: lstmModel({
      cifg: true,
      layerNorm: true,
      intermediates: [empty('i0', null), empty('i1', 1e-3), empty('i2', 1e-3), empty('i3', 1e-3), hidden(1 / 128, 2)],
    }),
    says: ['intermediate 0', 'i before layer norm'],
    silent: lstmModel({ cifg: true, layerNorm: true }),
  },
  'cell-scale': { fires: lstmModel({ operands: { [CELL_STATE]: int16(0.0003) } }), says: ['0.0003'], silent: lstmModel() },
  'state-parameters': {
    fires: lstmModel({ operands: { [OUTPUT_STATE]: tensor('lstm/h', 'int8', [1, 8], affine(1 / 64, 2), { isVariable: true }) } }),
    says: ['2^−6', '2^−7'],
    silent: lstmModel(),
  },
  'per-channel-lstm': {
    fires: lstmModel({
      operands: { 6: tensor('lstm/Rf', 'int8', [8, 8], perChannel(Array<number>(8).fill(1 / 128)), { constant: true }) },
    }),
    says: ['lstm/Rf', '8 scales'],
    silent: lstmModel(),
  },
  'quantized-dimension': {
    fires: modelOf(
      graphOf([
        { name: 'ABS', inputs: [tensor('w', 'int8', [3], perChannel([1, 2, 3], 3))], outputs: [tensor('y', 'int8', [3])] },
      ]),
    ),
    says: ['quantized_dimension 3', '1 dimensions'],
    silent: modelOf(
      graphOf([
        { name: 'ABS', inputs: [tensor('w', 'int8', [2, 3], perChannel([1, 2, 3], 1))], outputs: [tensor('y', 'int8', [3])] },
      ]),
    ),
  },
  'accumulator-depth': {
    fires: fullyConnected(32769, 0.125),
    says: ['32,769', '1,061,224,065', '2,147,483,647'],
    silent: fullyConnected(32768, 0.125),
  },
  'hidden-parameters': {
    fires: lstmModel({
      intermediates: [...[0, 1, 2, 3].map((n) => tensor(`i${n}`, 'float32', [0])), hidden(1 / 90, 2)],
    }),
    says: ['0.011111', '2^−7'],
    silent: lstmModel({ projection: true }),
  },
  'bias-scale': { fires: fullyConnected(4, 0.25), says: ['2^−2', '2^−3', '0.5 times'], silent: fullyConnected(4, 0.125) },
  'projection-peephole': {
    fires: lstmModel({ projection: true, peephole: true, output: 5 }),
    says: ['first 5 of 8 cells'],
    silent: lstmModel({ projection: true, peephole: true, output: 8 }),
  },
  'negated-hidden-zero-point': {
    fires: lstmModel({
      projection: true,
      intermediates: [...[0, 1, 2, 3].map((n) => tensor(`i${n}`, 'float32', [0])), hidden(0.01, -5)],
    }),
    says: ['zero point −5 is used as 5', '−1.33 to 1.22', '−1.23 to 1.32'],
    silent: lstmModel({ projection: true }),
  },
  'cell-clip-inert': {
    fires: lstmModel({ options: { cell_clip: 10 } }),
    says: ['lstm: clip ±10 lies outside Q3.12, which ends at ±8.'],
    silent: lstmModel({ options: { cell_clip: 7.9 } }),
  },
  'cell-range-wasted': {
    fires: lstmModel({
      kind: 'float',
      operands: {
        [CELL_STATE]: { ...tensor('lstm/c', 'float32', [1, 8]), isVariable: true, range: { min: [-0.06], max: [0.01] } },
      },
    }),
    says: ['±0.06', '4 of 15 bits'],
    silent: lstmModel({
      kind: 'float',
      operands: {
        [CELL_STATE]: { ...tensor('lstm/c', 'float32', [1, 8]), isVariable: true, range: { min: [-0.6], max: [0.5] } },
      },
    }),
  },
  'layer-norm-cells': {
    fires: lstmModel({ layerNorm: true, cells: 12 }),
    says: ['12 cells', '0.000381 %'],
    silent: lstmModel({ layerNorm: true, cells: 16 }),
  },
  'intermediate-shape': {
    fires: lstmModel({ intermediates: [...[0, 1, 2, 3].map((n) => tensor(`i${n}`, 'float32', [1])), hidden(1 / 128, 2)] }),
    says: ['i0 has shape [1]'],
    silent: lstmModel(),
  },
  'zero-not-representable': {
    fires: modelOf(
      graphOf([{ name: 'ABS', inputs: [tensor('x', 'int8', [3], affine(0.1, -200))], outputs: [tensor('y', 'int8', [3])] }]),
    ),
    says: ['zero point −200', '7.2 to 32.7'],
    silent: modelOf(
      graphOf([{ name: 'ABS', inputs: [tensor('x', 'int8', [3], affine(0.1, -128))], outputs: [tensor('y', 'int8', [3])] }]),
    ),
  },
  'lstm-as-loop': {
    fires: loop(['FULLY_CONNECTED', 'LOGISTIC', 'TANH', 'MUL', 'MUL', 'TANH', 'MUL']),
    says: ['loop 0', '7 operators'],
    silent: loop(['FULLY_CONNECTED', 'TANH', 'ADD']),
  },
  'lstm-unrolled': {
    fires: gates(['LOGISTIC', 'LOGISTIC', 'TANH', 'LOGISTIC']),
    says: ['One LSTM step'],
    silent: gates(['LOGISTIC', 'LOGISTIC', 'RELU', 'LOGISTIC']),
  },
  'hybrid-lstm-on-tflm': {
    fires: lstmModel({ kind: 'hybrid' }),
    says: ['hybrid', 'NaN'],
    // TFLite Micro refuses a peephole: nothing there to be misled by.
    silent: lstmModel({ kind: 'hybrid', peephole: true }),
  },
  'dynamic-time-axis': {
    fires: lstmModel({ xSignature: [1, -1, 4] }),
    says: ['the number of steps is open'],
    silent: lstmModel({ xSignature: [-1, 3, 4] }),
  },
};

describe('Static findings', () => {
  it('have a case each', () => expect(Object.keys(CASES).sort()).toEqual(FINDING_RULES.map(({ rule }) => rule).sort()));

  it.each(Object.entries(CASES))('%s fires, with its numbers', (rule, { fires, says }) => {
    const found = lintModel(fires).filter((finding) => finding.rule === rule);
    expect(found.length).toBeGreaterThan(0);
    for (const text of says) expect(found[0]?.message).toContain(text);
    expect(
      found.every(
        ({ message, title, explanation, reference }) =>
          [message, explanation].every((text) => text.endsWith('.')) && title.length > 5 && reference.length > 10,
      ),
    ).toBe(true);
  });

  it.each(Object.entries(CASES))('%s is silent on the nearest model without the fault', (rule, { silent }) => {
    expect(lintModel(silent).filter((finding) => finding.rule === rule)).toEqual([]);
  });

  it('says nothing of a model without faults but that its state is kept', () => {
    for (const spec of [
      {},
      { projection: true },
      { layerNorm: true },
      { peephole: true },
      { cifg: true },
      { kind: 'float' as const },
    ])
      expect(lintModel(lstmModel(spec)).map(({ rule }) => rule)).toEqual(['state-kept-between-calls']);
  });

  it('puts errors first, and tells where', () => {
    const found = lintModel(
      modelOf(graphOf([lstmSpec({ options: { cell_clip: 10 } }), lstmSpec({ operands: { [CELL_STATE]: int16(0.0003) } })])),
    );
    expect(found.map(({ rule, op }) => `${rule} ${op ?? ''}`)).toEqual([
      'cell-scale 1',
      'cell-clip-inert 0',
      'state-kept-between-calls 0',
    ]);
    expect(found.map(({ tensor, subgraph }) => [tensor, subgraph])).toEqual([
      [expect.any(Number), 0],
      [14, 0],
      [null, 0],
    ]);
  });

  it('says once what several LSTMs share', () => {
    const clip = lstmSpec({ options: { cell_clip: 10 } });
    const found = lintModel(modelOf(graphOf([clip, lstmSpec({ options: { cell_clip: 9 } }), clip]))).filter(
      ({ rule }) => rule === 'cell-clip-inert',
    );
    expect(found.map(({ rule, op, severity }) => [rule, op, severity])).toEqual([
      ['cell-clip-inert', 0, 'info'],
      ['cell-clip-inert', 1, 'info'],
    ]);
    expect(found[0]?.message).toMatch(/^LSTM 0 and LSTM 2: clip ±10 lies outside Q3\.12, which ends at ±8\.$/);
  });

  it('takes an accumulator that can pass int32 for an error', () => {
    const severity = (depth: number) => lintModel(fullyConnected(depth, 0.125))[0]?.severity;
    expect(severity(66_311)).toBe('warning');
    expect(severity(66_312)).toBe('error');
  });

  it('tells of many places at once, each of which it knows', () => {
    const odd = tensor('w', 'int8', [3], perChannel([1, 2, 3], 3));
    const ops = [0, 1, 2, 3, 4].map((n) => ({
      name: 'ABS',
      inputs: [{ ...odd, name: `w${n}` }],
      outputs: [tensor(`y${n}`, 'int8', [3])],
    }));
    const rule = 'quantized-dimension';
    const few = lintModel(modelOf(graphOf(ops.slice(0, 3)))).filter((own) => own.rule === rule);
    expect(few.map(({ tensor: index, places }) => [index, places])).toEqual([0, 2, 4].map((index) => [index, undefined]));
    const [all, ...others] = lintModel(modelOf(graphOf(ops))).filter((own) => own.rule === rule);
    expect(others).toEqual([]);
    expect(all?.message).toMatch(/^w0: .* The same in 4 other places: w1, w2, w3 and 1 more\.$/);
    expect(all?.places?.map((place) => place.tensor)).toEqual([0, 2, 4, 6, 8]);
  });

  it('proposes what the quantizer can do about it', () => {
    const recipes = (model: Model) => lintModel(model).flatMap(({ recipe }) => recipe ?? []);
    const schema = 'gatescope.recipe/1';
    expect(recipes(lstmModel({ operands: { [CELL_STATE]: int16(0.0003) } }))).toEqual([
      { schema, lstms: { 'lstm/y': { cellExponent: 4 } } },
    ]);
    const zeroPoint = lstmModel({
      projection: true,
      intermediates: [...[0, 1, 2, 3].map((n) => tensor(`i${n}`, 'float32', [0])), hidden(1 / 128, -6)],
    });
    // -122 to 133 steps: 133 / 127 of them reach as far with zero point 0.
    const step = 133 / 127 / 128;
    expect(recipes(zeroPoint)).toEqual([{ schema, lstms: { 'lstm/y': { hidden: { range: [-128 * step, 127 * step] } } } }]);
    expect(recipes(CASES['gate-scale-missing']!.fires)).toEqual([{ schema, mendCifgLayerNorm: true }]);
    expect(recipes(CASES['float-boundary']!.fires)).toEqual([{ schema, inputs: 'int8', outputs: 'int8' }]);
  });

  it('proposes only what a recipe can hold', () => {
    const recipes = Object.values(CASES).flatMap(({ fires }) => lintModel(fires).flatMap(({ recipe }) => recipe ?? []));
    expect(recipes.length).toBeGreaterThan(15);
    for (const recipe of recipes) expect(readRecipe(JSON.stringify(recipe), 'a finding')).toEqual(recipe);
  });

  it('believes the recipe in a file more than its description', () => {
    const from = (text: string | null) => {
      const metadata = [{ name: 'gatescope.recipe', byteLength: 80, text }];
      const found = lintModel({ ...lstmModel(), description: 'MLIR Converted.', metadata });
      return found.filter(({ rule }) => rule === 'calibrated-with-carried-states').map(({ message }) => message);
    };
    expect(from('{"recipe":{"state":"as-tflite"}}')).toEqual(['lstm: the recipe in the file says that states were carried.']);
    expect(from('{"recipe":{}}')).toEqual([]);
    expect(from(null)).toEqual([]);
  });

  it('warns of a layer norm over many cells and only notes few', () => {
    const severity = (cells: number) => lintModel(lstmModel({ layerNorm: true, cells }))[0]?.severity;
    expect(severity(12)).toBe('info');
    expect(severity(3000)).toBe('warning');
  });
});

describe('Findings of real files', () => {
  const samples = resolve(import.meta.dirname, '../../../samples');
  const rulesOf = (path: string) =>
    lintModel(readTflite(new Uint8Array(readFileSync(path)), path)).map(({ rule, op }) => `${rule} ${op ?? ''}`);

  it('names the inert clips of the samples', () => {
    const expected = ['cell-clip-inert 0', 'negated-hidden-zero-point 1', 'dynamic-time-axis 0', 'state-kept-between-calls 0'];
    expect(rulesOf(`${samples}/digits-int8.tflite`).sort()).toEqual(expected.sort());
    expect(rulesOf(`${samples}/digits-float.tflite`)).toEqual(['state-kept-between-calls 0']);
  });

  describeShared('of reference data', (shared) => {
    it.each([
      ['golden/lstm16/cifg-ln-odd-batch2/int8-as-the-quantizer-left-it.tflite', 'gate-scale-missing 0'],
      ['golden/lstm16/lstm-proj-peep-timemajor-batch2/int8.tflite', 'projection-peephole 0'],
      ['golden/lstm16/lstm-micro0/hybrid.tflite', 'hybrid-lstm-on-tflm 0'],
      ['golden/peers/tflite-debugger/keras3_while_float.tflite', 'lstm-as-loop 6'],
      ['data/keras3/lstm-hard-while-float.tflite', 'lstm-as-loop 1'],
      ['data/tflite/person_detect.tflite', 'quantized-dimension '],
      ['data/tflite/dtln_model_quant_1.tflite', 'lstm-unrolled 7'],
      ['golden/placement/probes/usl_int8_cell_scale_not_pow2.tflite', 'cell-scale 0'],
      ['golden/placement/probes/usl_int8_hidden_scale_differs.tflite', 'hidden-parameters 0'],
      ['golden/placement/probes/usl_int8_state_scale_differs.tflite', 'state-parameters 0'],
      ['data/malformed/scale_negative.tflite', 'scale-unusable '],
      ['data/malformed/lstm_bias_type_float.tflite', 'float-bias 0'],
      ['data/tflite/dtln_noise_suppression_int8.tflite', 'state-reset-cmsis-nn 0'],
      ['data/tflite/keyword_scrambled_8bit.tflite', 'weights-at-minus-128 1'],
      ['data/tflite/mlperf_ad01_int8_floatio.tflite', 'float-boundary '],
      ['data/tflite/mlperf_ad01_int8.tflite', 'weight-channels-uneven 0'],
      ['data/tflite/mobilenet_v1_0.25_224_quant.tflite', 'uint8-scheme 0'],
      ['data/tflite/aieq_conv_fc_mnist_srq_a8w8.tflite', 'operator-version 0'],
      ['data/odd-models/add_quantized_int8.bin', 'type-mix 0'],
      ['data/quantizer/lstm_quantized.bin', 'one-sided-range 1'],
      ['data/keras3/lstm-hard-unrolled-int8.tflite', 'float-island 5'],
      ['data/keras3/lstm-hard-unrolled-int8.tflite', 'lstm-unrolled 32'],
      ['data/keras3/gru-unrolled-int8.tflite', 'gru-decomposed 4'],
      ['golden/placement/probes/fc_int8_negative_scale.tflite', 'scale-unusable '],
      ['golden/placement/probes/fc_int8_no_quant.tflite', 'scale-missing 0'],
      ['golden/placement/probes/fc_then_uslfloat_then_fc_int8.tflite', 'lstm-left-float 3'],
      ['golden/placement/probes/tanh_int8_odd_output.tflite', 'fixed-output-parameters 0'],
      ['golden/placement/probes/usl_int16.tflite', 'lstm-16x8 0'],
      ['golden/placement/probes/usl_int8_20_inputs.tflite', 'lstm-operand-count 0'],
      ['golden/placement/probes/usl_int8_act_none.tflite', 'lstm-activation 0'],
      ['golden/placement/probes/usl_int8_proj_clip.tflite', 'projection-clip-zero-point 0'],
    ])('%s: %s', (file, finding) => expect(rulesOf(`${shared}/${file}`)).toContain(finding));

    it('has nothing to say against mnist_lstm_int8 but that its clip is inert and how its states are kept', () => {
      expect(rulesOf(`${shared}/data/tflite/mnist_lstm_int8.tflite`)).toEqual([
        'cell-clip-inert 0',
        'calibrated-with-carried-states 0',
        'state-kept-between-calls 0',
      ]);
    });
  });
});
