import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../worker/core/model/model';
import { peakOf } from '../../../worker/core/targets/effects/liveness';
import { subsetsOf } from '../../../worker/core/targets/effects/subsets';
import { mapTargets, TARGETS } from '../../../worker/core/targets/mapTargets';
import { placeModel } from '../../../worker/core/targets/placeModel';
import type { Rule, Target } from '../../../worker/core/targets/target';
import { affine, graphOf, lstmModel, modelOf, tensor, type OperatorSpec } from '../findings/models';

const int8 = (name: string, size: number): Tensor => tensor(name, 'int8', [1, size], affine(0.1));
const op = (name: string, inputs: readonly Tensor[], outputs: readonly Tensor[]): OperatorSpec => ({ name, inputs, outputs });

/** x -> ABS -> NEG (elsewhere) -> ABS -> y, and beside it x -> ABS. Sizes tell the values apart. */
const [x, a, b, c, side] = [int8('x', 2), int8('a', 3), int8('b', 5), int8('c', 7), int8('side', 11)];
const branched = modelOf({
  ...graphOf([op('ABS', [x], [a]), op('NEG', [a], [b]), op('ABS', [b], [c]), op('ABS', [x], [side])]),
  outputs: [3, 4],
});

function accelerator(execution: Target['execution'], more: Partial<Target> = {}): Target {
  const absOnly: Rule = {
    rule: 'ABS',
    verdict: 'fallback',
    message: 'CPU.',
    source: 's',
    broken: ({ operator }) => (operator.name === 'ABS' ? null : { seen: operator.name }),
  };
  return { name: 't', label: 'T', version: '1', source: 's', modelRules: [], rulesFor: () => [absOnly], execution, ...more };
}

const unlimited = accelerator({ kind: 'partitions', most: null, least: 1, source: 'limits' });

describe('Partitions', () => {
  it('gather what depends on nothing in between, in the order of TensorFlow Lite', () => {
    const [graph] = branched.graphs;
    if (graph === undefined) throw new Error('no graph');
    expect(subsetsOf(graph, ({ name }) => name === 'ABS')).toEqual([
      { onTarget: true, ops: [0, 3] },
      { onTarget: false, ops: [1] },
      { onTarget: true, ops: [2] },
    ]);
  });

  it('tell what goes in and out, and what is handed over inside the model', () => {
    const { effects, summary } = placeModel(branched, unlimited);
    expect(effects?.partitions).toEqual([
      { subgraph: 0, ops: [0, 3], bytesIn: 2, bytesOut: 3 + 11 },
      { subgraph: 0, ops: [2], bytesIn: 5, bytesOut: 7 },
    ]);
    expect(effects?.handOvers.map(({ name, bytes, from, to }) => [name, bytes, from, to])).toEqual([
      ['a', 3, 0, null],
      ['b', 5, null, 1],
    ]);
    expect(summary?.handOverBytes).toBe(8);
    expect(summary?.ops).toEqual({ native: 3, conditional: 0, fallback: 1, rejected: 0, unverified: 0 });
  });

  it('beyond the limits stay on the CPU, and say why', () => {
    const most = placeModel(branched, accelerator({ kind: 'partitions', most: 1, least: 1, source: 'limits' }));
    expect(most.ops.map(({ verdict }) => verdict)).toEqual(['native', 'fallback', 'fallback', 'native']);
    expect(most.ops[2]?.reasons[0]).toMatchObject({ rule: 'at most 1 partitions, the largest first', source: 'limits' });
    const least = placeModel(branched, accelerator({ kind: 'partitions', most: null, least: 2, source: 'limits' }));
    expect(least.ops[2]?.reasons[0]?.seen).toBe('1 in this one');
    expect(least.effects?.partitions).toHaveLength(1);
  });

  it('are one on a target with a single partition: what needs a value from elsewhere stays elsewhere', () => {
    const { ops, effects } = placeModel(branched, accelerator({ kind: 'single', source: 'log' }));
    expect(ops.map(({ verdict }) => verdict)).toEqual(['native', 'fallback', 'fallback', 'native']);
    expect(ops[2]?.reasons[0]?.seen).toBe('depends on NEG 1');
    expect(effects?.partitions.map((own) => own.ops)).toEqual([[0, 3]]);
  });

  it('may begin after a QUANTIZE of the input, which is reported as a conversion', () => {
    const float = tensor('f', 'float32', [1, 2]);
    const model = modelOf(graphOf([op('QUANTIZE', [float], [x]), op('ABS', [x], [a]), op('ABS', [a], [b])]));
    const { effects, ops } = placeModel(model, accelerator({ kind: 'single', source: 'log' }));
    expect(ops.map(({ verdict }) => verdict)).toEqual(['fallback', 'native', 'native']);
    expect(effects?.conversions).toEqual([{ op: 'QUANTIZE', subgraph: 0, tensor: 1, bytes: 2, index: 0, partition: 0 }]);
  });

  it('take in and give out what the target converts', () => {
    const converting = accelerator(
      { kind: 'partitions', most: null, least: 1, source: 'l' },
      {
        boundary: (_, direction) => ({ op: direction === 'in' ? 'DEQUANTIZE' : 'QUANTIZE', source: 'l' }),
      },
    );
    const { effects } = placeModel(branched, converting);
    const inserted = effects?.conversions.map(({ op: name, tensor: index, partition }) => `${name} ${index} ${partition}`);
    expect(inserted).toEqual(['DEQUANTIZE 0 0', 'QUANTIZE 1 0', 'DEQUANTIZE 2 1', 'QUANTIZE 3 1', 'QUANTIZE 4 0']);
  });

  it('keep the order of operators on one resource', () => {
    const resource = tensor('r', 'resource', []);
    const graph = graphOf([
      op('VAR_HANDLE', [], [resource]),
      op('READ_VARIABLE', [resource], [a]),
      op('ABS', [a], [b]),
      op('ASSIGN_VARIABLE', [resource, b], []),
    ]);
    const subsets = subsetsOf(graph, ({ name }) => name !== 'READ_VARIABLE');
    expect(subsets.map(({ ops }) => ops)).toEqual([[0], [1], [2, 3]]);
  });
});

describe('Peak activation', () => {
  it('is the largest sum of values alive at one operator', () => {
    // x 2 lives to the last operator, a 3 from 0 to 1, b 5 from 1 to 2, c 7 from 2 on, side 11 at 3.
    expect(peakOf(branched)).toEqual({ bytes: 2 + 7 + 11, subgraph: 0, op: 3 });
  });

  it('on a target counts the values that its operators touch', () => {
    expect(placeModel(branched, accelerator({ kind: 'single', source: 'log' })).summary?.peakOnTarget).toEqual({
      bytes: 2 + 11,
      subgraph: 0,
      op: 3,
    });
  });

  it('counts variables throughout, and open axes as 1', () => {
    const state = tensor('state', 'int16', [1, 50], null, { isVariable: true });
    const open = tensor('open', 'int8', [1, 9], affine(0.1), { shapeSignature: [1, -1] });
    const model = modelOf(graphOf([op('ABS', [x], [a]), op('ADD', [a, state], [open])]));
    expect(peakOf(model)).toEqual({ bytes: 2 + 3 + 100, subgraph: 0, op: 0 });
  });
});

describe('Figures of a target', () => {
  it('split MACs and weights, each constant once', () => {
    const { summary } = placeModel(lstmModel({}), TARGETS['ethos-u55']);
    const cpu = placeModel(lstmModel({}), TARGETS['hexagon-delegate']).summary;
    // 3 steps of 8 cells, 4 inputs and 8 outputs: 4 gates.
    expect(summary?.macs).toEqual({ onTarget: 3 * 4 * 8 * (4 + 8), elsewhere: 0 });
    expect(cpu?.macs).toEqual({ onTarget: 0, elsewhere: 3 * 4 * 8 * (4 + 8) });
    expect(summary?.weightBytes).toEqual({ onTarget: 4 * 8 * (4 + 8) + 4 * 8 * 4, elsewhere: 0 });
  });

  it('an LSTM on Ethos-U is unrolled over its steps, as Vela counts', () => {
    const map = mapTargets(lstmModel({}));
    expect(map['ethos-u55'].effects?.unrolled).toMatchObject([{ index: 0, steps: 3, operators: 65 }]);
    expect(map['ethos-u85'].effects?.unrolled).toMatchObject([{ index: 0, steps: 3, operators: 50 }]);
    expect(map['tflite-cpu'].effects?.unrolled).toEqual([]);
  });

  it('are nothing where the model is refused', () => {
    const { effects, summary } = placeModel(lstmModel({ kind: 'float' }), TARGETS['ethos-u55']);
    expect(effects).toEqual({ partitions: [], handOvers: [], conversions: [], unrolled: [] });
    expect(summary?.macs.onTarget).toBe(0);
  });
});
