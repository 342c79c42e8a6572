import { describe, expect, it } from 'vitest';
import { mapTargets, TARGET_NAMES } from '../../../worker/core/targets/mapTargets';
import type { TargetName, Verdict } from '../../../worker/core/targets/verdict';
import { affine, graphOf, lstmModel, modelOf, perChannel, tensor, type LstmSpec } from '../findings/models';

function verdicts(spec: LstmSpec): Record<TargetName, Verdict | undefined> {
  const map = mapTargets(lstmModel(spec));
  return Object.fromEntries(TARGET_NAMES.map((name) => [name, map[name].ops[0]?.verdict])) as Record<
    TargetName,
    Verdict | undefined
  >;
}

const NPUS = ['ethos-u55', 'ethos-u65', 'ethos-u85'] as const;

function expectVerdicts(spec: LstmSpec, cpu: Verdict, tflm: Verdict, npu: Verdict): void {
  const found = verdicts(spec);
  expect(found['tflite-cpu']).toBe(cpu);
  expect(found.tflm).toBe(tflm);
  for (const name of NPUS) expect(found[name]).toBe(npu);
}

describe('LSTMs on targets', () => {
  it('run everywhere when plain and int8', () => {
    expectVerdicts({}, 'native', 'native', 'native');
    expect(verdicts({}).xnnpack).toBe('fallback');
  });

  it.each([
    ['CIFG', { cifg: true }],
    ['a peephole', { peephole: true }],
    ['a projection', { projection: true }],
    ['layer norm', { layerNorm: true }],
  ] as const)('with %s run on the CPU only, and TFLite Micro refuses them', (_, spec) => {
    expectVerdicts(spec, 'native', 'rejected', 'fallback');
  });

  it('are refused by Vela when float or hybrid; TFLite Micro loads hybrid ones and computes NaN', () => {
    expectVerdicts({ kind: 'float' }, 'native', 'native', 'rejected');
    expectVerdicts({ kind: 'hybrid' }, 'native', 'conditional', 'rejected');
    const [reason] = mapTargets(lstmModel({ kind: 'hybrid' })).tflm.ops[0]?.reasons ?? [];
    expect(reason?.message).toContain('NaN');
  });

  it('need all biases', () => {
    expectVerdicts({ operands: { 12: null } }, 'rejected', 'rejected', 'native');
  });

  it('need five intermediates with a shape', () => {
    expectVerdicts({ intermediates: [] }, 'rejected', 'native', 'rejected');
    const scalar = [0, 1, 2, 3].map((n) => tensor(`i${n}`, 'float32', []));
    expectVerdicts(
      { intermediates: [...scalar, tensor('hidden', 'int8', [], affine(1 / 128, 2))] },
      'native',
      'rejected',
      'fallback',
    );
  });

  it('need variable states', () => {
    const state = tensor('lstm/h', 'int8', [1, 8], affine(1 / 128, 2), { isVariable: false, buffer: 7 });
    const { ops, result } = mapTargets(lstmModel({ operands: { 18: state } }))['tflite-cpu'];
    expect([result, ops[0]?.reasons[0]?.seen]).toEqual(['rejected', 'operand 18 is not variable']);
  });

  it('may have a dynamic batch but no dynamic time on the NPU', () => {
    expectVerdicts({ xSignature: [-1, 3, 4] }, 'native', 'native', 'native');
    expectVerdicts({ xSignature: [1, -1, 4] }, 'native', 'native', 'fallback');
  });

  it('with one scale per channel load on TFLite and compute wrong values', () => {
    const weights = tensor('lstm/Rf', 'int8', [8, 8], perChannel(Array<number>(8).fill(1 / 128)), { constant: true });
    expectVerdicts({ operands: { 6: weights } }, 'conditional', 'native', 'fallback');
  });

  it('drag the rest of a model down where Vela refuses them', () => {
    const [x, y] = [tensor('x', 'int8', [1, 4], affine(0.1)), tensor('y', 'int8', [1, 4], affine(0.1))];
    const float = lstmModel({ kind: 'float' }).graphs[0];
    const abs = graphOf([{ name: 'ABS', inputs: [x], outputs: [y] }], 1);
    if (float === undefined) throw new Error('no graph');
    const { ops } = mapTargets(modelOf(float, abs))['ethos-u55'];
    expect(ops.map(({ verdict, reached }) => [verdict, reached])).toEqual([
      ['rejected', true],
      ['rejected', false],
    ]);
  });
});
