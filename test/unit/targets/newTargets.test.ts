import { describe, expect, it } from 'vitest';
import type { Tensor } from '../../../worker/core/model/model';
import { CHANGES } from '../../../worker/core/targets/fix';
import { allTargets, mapTargets, TARGET_NAMES, TARGETS } from '../../../worker/core/targets/mapTargets';
import type { TargetName, Verdict } from '../../../worker/core/targets/verdict';
import { affine, graphOf, lstmModel, modelOf, perChannel, tensor, type LstmSpec, type OperatorSpec } from '../findings/models';

const int8 = (name: string, shape: readonly number[]): Tensor => tensor(name, 'int8', shape, affine(0.1));
const int16 = (name: string, shape: readonly number[]): Tensor => tensor(name, 'int16', shape, affine(0.1));
const float = (name: string, shape: readonly number[]): Tensor => tensor(name, 'float32', shape);

function dense(make: (name: string, shape: readonly number[]) => Tensor, scales: readonly number[] = [0.02]): OperatorSpec {
  return {
    name: 'FULLY_CONNECTED',
    inputs: [
      make('x', [1, 4]),
      tensor('w', 'int8', [8, 4], scales.length > 1 ? perChannel(scales) : affine(scales[0] ?? 1), { constant: true }),
      tensor('b', 'int32', [8], affine(0.002), { constant: true }),
    ],
    outputs: [make('y', [1, 8])],
    options: { fused_activation_function: 'NONE', weights_format: 'DEFAULT', keep_num_dims: false },
  };
}

const binary = (name: string, a: Tensor, b: Tensor, y: Tensor): OperatorSpec => ({
  name,
  inputs: [a, b],
  outputs: [y],
  options: { fused_activation_function: 'NONE' },
});

function on(target: TargetName, spec: OperatorSpec) {
  const { ops, result } = mapTargets(modelOf(graphOf([spec])))[target];
  return { result, verdict: ops[0]?.verdict, rule: ops[0]?.reasons[0]?.rule, fix: ops[0]?.reasons[0]?.fix?.change };
}

function lstmOn(target: TargetName, spec: LstmSpec = {}): Verdict | undefined {
  return mapTargets(lstmModel(spec))[target].ops[0]?.verdict;
}

describe('The registry', () => {
  it('holds every target under its own name, with version, source and what they say', () => {
    expect(Object.keys(TARGETS)).toEqual([...TARGET_NAMES]);
    for (const name of TARGET_NAMES) {
      const { name: own, label, version, source } = TARGETS[name];
      expect([own, label === '', version === '', source === '']).toEqual([name, false, false, false]);
    }
  });

  it("puts a user's targets last", () => {
    const own = { ...TARGETS.tflm, name: 'own' };
    expect(allTargets([own]).at(-1)).toBe(own);
    expect(Object.keys(mapTargets(lstmModel({}), [own]))).toEqual([...TARGET_NAMES, 'own']);
  });
});

describe('The int8 LSTM that TFLite Micro runs', () => {
  it.each<[TargetName, Verdict]>([
    ['cmsis-nn', 'conditional'],
    ['esp-nn', 'fallback'],
    ['edge-tpu', 'conditional'],
    ['hexagon-delegate', 'fallback'],
    ['qnn-htp', 'fallback'],
    ['nnapi', 'unverified'],
    ['gpu-delegate', 'fallback'],
  ])('on %s: %s', (target, verdict) => {
    expect(lstmOn(target)).toBe(verdict);
  });

  it('is another format to ONNX runtimes, which refuse the file and say nothing of operators', () => {
    for (const name of ['esp-dl', 'ort-cpu', 'ort-qnn'] as const) {
      const { result, reads, reasons, ops } = mapTargets(lstmModel({}))[name];
      expect([result, reads, reasons[0]?.fix?.change]).toEqual(['rejected', 'onnx', 'other-format']);
      expect(ops.every(({ reached, verdict }) => !reached && verdict === 'rejected')).toBe(true);
    }
  });

  it('hybrid is refused by the Edge TPU compiler and NNAPI leaves it to TFLite', () => {
    const map = mapTargets(lstmModel({ kind: 'hybrid' }));
    expect([map['edge-tpu'].result, map['edge-tpu'].reasons[0]?.fix?.change]).toEqual(['rejected', 'quantize-int8']);
    expect([map.nnapi.ops[0]?.verdict, map.nnapi.ops[0]?.reasons[0]?.fix?.change]).toEqual([
      'fallback',
      'full-precision-weights',
    ]);
  });

  it('needs constant weights on CMSIS-NN', () => {
    const computed = tensor('W', 'int8', [8, 4], affine(1 / 128));
    expect(lstmOn('cmsis-nn', { operands: { 2: computed } })).toBe('rejected');
    expect(lstmOn('tflm', { operands: { 2: computed } })).toBe('native');
  });
});

describe('Kernels of microcontrollers', () => {
  const [a, b, y] = [int8('a', [1, 4]), int8('b', [1, 4]), int8('y', [1, 4])];

  it('CMSIS-NN: int8 and int16, but no broadcast', () => {
    expect(on('cmsis-nn', binary('ADD', a, b, y)).verdict).toBe('native');
    expect(on('cmsis-nn', binary('ADD', int16('a', [1, 4]), int16('b', [1, 4]), int16('y', [1, 4]))).verdict).toBe('native');
    expect(on('cmsis-nn', binary('ADD', a, int8('b', [1]), y)).verdict).toBe('fallback');
    expect(on('cmsis-nn', binary('SUB', a, b, y)).verdict).toBe('fallback');
    expect(on('cmsis-nn', binary('ADD', a, b, int8('y', [1, 4]))).rule).toBeUndefined();
  });

  it('CMSIS-NN on a core with DSP runs its plain C MAXIMUM, and its own on the others', () => {
    const { variants } = mapTargets(modelOf(graphOf([binary('MAXIMUM', a, b, y)])))['cmsis-nn'];
    expect(Object.entries(variants ?? {}).map(([name, { verdicts }]) => [name, ...verdicts])).toEqual([
      ['cmsis-nn:c', 'native'],
      ['cmsis-nn:dsp', 'conditional'],
      ['cmsis-nn:mve', 'native'],
    ]);
  });

  it('ESP-NN: int8 only, and vector pooling at depths that are multiples of 4', () => {
    expect(on('esp-nn', dense(int8)).verdict).toBe('native');
    expect(on('esp-nn', dense(int16)).verdict).toBe('fallback');
    const pool = (depth: number): OperatorSpec => ({
      name: 'MAX_POOL_2D',
      inputs: [int8('x', [1, 4, 4, depth])],
      outputs: [int8('y', [1, 2, 2, depth])],
      options: { padding: 'VALID', filter_width: 2, filter_height: 2, stride_w: 2, stride_h: 2 },
    });
    expect(on('esp-nn', pool(8)).verdict).toBe('native');
    expect(on('esp-nn', pool(6)).verdict).toBe('conditional');
  });
});

describe('Delegates and compilers', () => {
  it('fully connected layers: scales per channel are not for Hexagon', () => {
    expect(on('hexagon-delegate', { ...dense(int8), version: 4 }).rule).toBe('a partition has at least 2 operators');
    const channels = Array<number>(8).fill(0.02);
    expect(on('hexagon-delegate', { ...dense(int8, channels), version: 4 })).toMatchObject({
      verdict: 'fallback',
      rule: 'weights have one scale',
      fix: 'per-tensor-weights',
    });
    expect(on('hexagon-delegate', { ...dense(int8), version: 5 }).rule).toBe('version at most 4');
    for (const name of ['nnapi', 'gpu-delegate', 'qnn-htp'] as const) expect(on(name, dense(int8)).verdict).toBe('conditional');
  });

  it('int16 activations: QNN only', () => {
    expect(on('qnn-htp', dense(int16)).verdict).toBe('conditional');
    expect(on('nnapi', dense(int16))).toMatchObject({ verdict: 'fallback', fix: 'int8-activations' });
    expect(on('gpu-delegate', dense(int16))).toMatchObject({ verdict: 'fallback', fix: 'int8-activations' });
    expect(on('edge-tpu', dense(int16)).result).toBe('rejected');
  });

  it('the GPU computes floats as they are, 8 bits as floats, and runs one partition', () => {
    const [x, y, z, w] = ['x', 'y', 'z', 'w'].map((name) => float(name, [1, 4])) as [Tensor, Tensor, Tensor, Tensor];
    const abs = (from: Tensor, to: Tensor): OperatorSpec => ({ name: 'ABS', inputs: [from], outputs: [to] });
    expect(on('gpu-delegate', abs(x, y)).verdict).toBe('native');
    expect(on('gpu-delegate', { name: 'ABS', inputs: [int8('x', [1, 4])], outputs: [int8('y', [1, 4])] }).rule).toBe(
      'arithmetic is float',
    );
    const broken = graphOf([abs(x, y), { name: 'CEIL', inputs: [y], outputs: [z] }, abs(z, w)]);
    const { ops } = mapTargets(modelOf(broken))['gpu-delegate'];
    expect(ops.map(({ verdict }) => verdict)).toEqual(['native', 'fallback', 'fallback']);
  });

  it('Edge TPU: 8 bits, three dimensions, softmax of vectors', () => {
    const softmax = (shape: readonly number[]): OperatorSpec => ({
      name: 'SOFTMAX',
      inputs: [int8('x', shape)],
      outputs: [int8('y', shape)],
    });
    expect(on('edge-tpu', softmax([1, 10])).verdict).toBe('native');
    expect(on('edge-tpu', softmax([3, 10])).rule).toContain('one-dimensional input');
    expect(on('edge-tpu', binary('ADD', int8('a', [2, 1, 4, 4]), int8('b', [2, 1, 4, 4]), int8('y', [2, 1, 4, 4]))).fix).toBe(
      'lower-rank',
    );
    const open = tensor('a', 'int8', [1, 4], affine(0.1), { shapeSignature: [-1, 4] });
    expect(on('edge-tpu', binary('ADD', open, int8('b', [1, 4]), int8('y', [1, 4]))).verdict).toBe('unverified');
    expect(on('edge-tpu', { name: 'CUMSUM', inputs: [int8('x', [1, 4])], outputs: [int8('y', [1, 4])] }).fix).toBe(
      'replace-operator',
    );
  });
});

describe('Rules by ONNX operator, ready for a reader of ONNX', () => {
  const verdict = (name: TargetName, op: string, input: Tensor, options: OperatorSpec['options'] = {}): Verdict => {
    const graph = graphOf([{ name: op, inputs: [input], outputs: [float('y', [1])], options }]);
    const [operator] = graph.operators;
    if (operator === undefined) throw new Error('no operator');
    const context = { model: modelOf(graph), graph, operator };
    return TARGETS[name].rulesFor(context).find((rule) => rule.broken(context) !== null)?.verdict ?? 'native';
  };

  it('ONNX Runtime: float LSTM, no int8 one', () => {
    expect(verdict('ort-cpu', 'LSTM', float('x', [3, 1, 4]))).toBe('conditional');
    expect(verdict('ort-cpu', 'LSTM', int8('x', [3, 1, 4]))).toBe('rejected');
    expect(verdict('ort-cpu', 'com.microsoft.QLinearAdd', int8('x', [4]))).toBe('native');
    expect(verdict('ort-cpu', 'Add', float('x', [4]))).toBe('native');
    expect(verdict('ort-cpu', 'Abacus', float('x', [4]))).toBe('unverified');
  });

  it('QNN: LSTM without clip; what it does not know goes to the CPU provider', () => {
    expect(verdict('ort-qnn', 'LSTM', float('x', [3, 1, 4]))).toBe('conditional');
    expect(verdict('ort-qnn', 'LSTM', float('x', [3, 1, 4]), { clip: 10 })).toBe('fallback');
    expect(verdict('ort-qnn', 'GRU', float('x', [3, 1, 4]))).toBe('fallback');
  });

  it('ESP-DL: LSTM of batch 1, forward', () => {
    expect(verdict('esp-dl', 'LSTM', int8('x', [3, 1, 4]))).toBe('native');
    expect(verdict('esp-dl', 'LSTM', int8('x', [3, 2, 4]))).toBe('rejected');
    expect(verdict('esp-dl', 'LSTM', int8('x', [3, 1, 4]), { direction: 'bidirectional' })).toBe('rejected');
    expect(verdict('esp-dl', 'Conv', float('x', [1, 4, 8, 8]))).toBe('rejected');
  });
});

describe('The smallest change', () => {
  const fixOf = (target: TargetName, spec: LstmSpec) => mapTargets(lstmModel(spec))[target].ops[0]?.reasons[0]?.fix;

  it.each<[string, LstmSpec, string, string]>([
    ['layer norm', { layerNorm: true }, 'remove-layer-norm', 'remove-layer-norm'],
    ['a projection', { projection: true }, 'remove-projection', 'remove-projection'],
    ['a peephole', { peephole: true }, 'remove-peephole', 'remove-peephole'],
    ['CIFG', { cifg: true }, 'no-cifg', 'no-cifg'],
  ])('for an LSTM with %s', (_, spec, npu, micro) => {
    expect(fixOf('ethos-u55', spec)?.change).toBe(npu);
    expect(fixOf('tflm', spec)?.change).toBe(micro);
  });

  it('for a float LSTM on the NPU is one that the quantizer makes', () => {
    expect(fixOf('ethos-u85', { kind: 'float' })).toMatchObject({ change: 'quantize-int8', byRecipe: { scheme: 'int8' } });
    expect(fixOf('ethos-u55', { xSignature: [1, -1, 4] })).toMatchObject({ change: 'static-shape', byRecipe: null });
    expect(fixOf('ethos-u55', { intermediates: [] })?.change).toBe('add-intermediates');
  });

  it('has a known name', () => {
    for (const kind of ['int8', 'float', 'hybrid'] as const) {
      const map = mapTargets(lstmModel({ kind, layerNorm: true, projection: true }));
      for (const { ops, reasons } of Object.values(map)) {
        for (const { fix } of [...reasons, ...ops.flatMap((own) => own.reasons)]) {
          if (fix !== undefined) expect(CHANGES).toContain(fix.change);
        }
      }
    }
  });
});
