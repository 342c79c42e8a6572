import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeModel } from '../../../worker/core/targets/placeModel';
import { TargetFileError } from '../../../worker/core/targets/user/checker';
import { readUserTarget } from '../../../worker/core/targets/user/readUserTarget';
import { affine, graphOf, lstmModel, modelOf, perChannel, tensor, type OperatorSpec } from '../findings/models';

const HEAD = { schema: 'gatescope.target/1', name: 'mine', version: '1', source: 'Manual 1' };

function target(rules: readonly unknown[], more: object = {}) {
  return readUserTarget(JSON.stringify({ ...HEAD, ...more, rules }), 'mine.json');
}

function problemsOf(value: unknown): readonly string[] {
  try {
    readUserTarget(typeof value === 'string' ? value : JSON.stringify(value), 'mine.json');
  } catch (error) {
    if (error instanceof TargetFileError) return error.problems.map(({ path, what, allowed }) => `${path} ${what}; ${allowed}`);
    throw error;
  }
  return [];
}

const x = tensor('x', 'int8', [1, 6], affine(0.1));
const y = tensor('y', 'int8', [1, 6], affine(0.1, 3));
const fc8: OperatorSpec = {
  name: 'FULLY_CONNECTED',
  version: 4,
  inputs: [x, tensor('w', 'int8', [6, 6], perChannel([1, 1, 1, 1, 1, 1]), { constant: true }), null],
  outputs: [y],
  options: { fused_activation_function: 'RELU', keep_num_dims: false },
};
const model = modelOf(graphOf([fc8, { name: 'ABS', inputs: [y], outputs: [tensor('z', 'float32', [1, 6])] }]));

/** Whether the condition holds for the FULLY_CONNECTED, and else what was seen. */
function holds(require: unknown): true | string {
  const rule = { rule: 'r', operators: ['FULLY_CONNECTED'], require, verdict: 'fallback' };
  return placeModel(model, target([rule])).ops[0]?.reasons[0]?.seen ?? true;
}

describe('Conditions of a user target', () => {
  it.each<[string, unknown, true | string]>([
    ['types', { tensors: 'data', dtype: ['int8'] }, true],
    ['types of weights', { tensors: 'weights', dtype: ['int16', 'float32'] }, 'w: int8'],
    ['rank', { tensors: 'input 0', rank: 2 }, true],
    ['rank range', { tensors: 'all', rank: { max: 1 } }, 'x: 2 dimensions'],
    ['elements', { tensors: 'input 1', elements: { min: 36, max: 36 } }, true],
    ['axis from the end', { tensors: 'inputs', shape: [{ axis: -1, multipleOf: 4 }] }, 'x: axis -1 of [1, 6]'],
    ['axis bound', { tensors: 'output 0', shape: [{ axis: 1, max: 6, multipleOf: 3 }] }, true],
    ['an axis that is not there', { tensors: 'input 0', shape: [{ axis: 5, min: 1 }] }, 'x: shape [1, 6]'],
    ['constants', { tensors: 'input 1', constant: true }, true],
    ['computed', { tensors: 'input 0', constant: true }, 'x: computed at run time'],
    ['scales', { tensors: 'weights', perChannel: false }, 'w: one scale per channel'],
    ['zero points', { tensors: 'outputs', symmetric: true }, 'y: zero point other than 0'],
    ['absent operands fit', { tensors: 'input 2', dtype: ['int32'] }, true],
    ['absent operands do not fit when they must be there', { tensors: 'input 2', present: true }, 'input 2 is absent'],
    ['operands that must be absent', { tensors: 'input 1', present: false }, 'input 1 is there'],
    ['option', { option: 'fused_activation_function', equals: 'NONE' }, 'fused_activation_function RELU'],
    ['option among', { option: 'fused_activation_function', in: ['NONE', 'RELU'] }, true],
    ['option that is absent', { option: 'stride_w', max: 3 }, 'stride_w absent'],
    ['version', { version: { max: 3 } }, 'version 4'],
    ['operands', { inputs: 3 }, true],
    ['any', { any: [{ version: 1 }, { inputs: 2 }] }, 'version 4, 3 operands'],
    ['all', { all: [{ version: 4 }, { inputs: 2 }] }, '3 operands'],
    ['not', { not: { version: 4 } }, 'version 4'],
    ['operators', { not: { operators: ['ABS'] } }, true],
    ['no LSTM', { lstm: { layerNorm: false } }, true],
  ])('%s', (_, require, expected) => {
    expect(holds(require)).toBe(expected);
  });

  it('LSTM topology, sizes and arithmetic', () => {
    const on = (lstm: object): string | undefined =>
      placeModel(lstmModel({ layerNorm: true }), target([{ rule: 'r', require: { lstm }, verdict: 'rejected' }])).ops[0]
        ?.reasons[0]?.seen;
    expect(on({ layerNorm: false })).toBe('layerNorm');
    expect(on({ projection: true })).toBe('no projection');
    expect(on({ cell: { max: 7 } })).toBe('cell size 8');
    expect(on({ scheme: ['float'] })).toBe('int8 LSTM, 4 > 8 > 8');
    expect(on({ layerNorm: true, cell: 8, scheme: ['int8'] })).toBeUndefined();
  });
});

describe('A user target', () => {
  it('judges as the built-in ones do: verdict, message, source, change', () => {
    const fix = { change: 'quantize-int8', text: 'Quantize.', byRecipe: { scheme: 'int8' } };
    const rule = { rule: 'int8 only', require: { tensors: 'data', dtype: ['int8'] }, verdict: 'fallback', message: 'CPU.', fix };
    const { ops, label, version, effects } = placeModel(model, target([rule], { label: 'Mine' }));
    expect([label, version]).toEqual(['Mine', '1']);
    expect(ops.map(({ verdict }) => verdict)).toEqual(['native', 'fallback']);
    expect(ops[1]?.reasons).toEqual([{ rule: 'int8 only', seen: 'z: float32', message: 'CPU.', source: 'Manual 1', fix }]);
    expect(effects?.partitions.map((own) => own.ops)).toEqual([[0]]);
  });

  it('takes the operators that it lists, and knows when a rule does not apply', () => {
    const listed = target([], { operators: ['ABS'], unlisted: 'rejected' });
    expect(placeModel(model, listed).result).toBe('rejected');
    const when = { rule: 'r', when: { version: 1 }, require: { inputs: 0 }, verdict: 'unverified', except: ['ABS'] };
    expect(placeModel(model, target([when])).ops.map(({ verdict }) => verdict)).toEqual(['native', 'native']);
  });

  it('limits its partitions', () => {
    const abs = { rule: 'r', operators: ['ABS'], require: { inputs: 9 }, verdict: 'fallback' };
    const { ops } = placeModel(model, target([abs], { partitions: { least: 2 } }));
    expect(ops[0]?.reasons[0]?.rule).toBe('a partition has at least 2 operators');
    expect(placeModel(model, target([abs], { partitions: 'interpreter' })).effects?.partitions).toEqual([]);
  });

  it('is read from the example of the documentation', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../../docs/targets.md'), 'utf8');
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
    const own = readUserTarget(example, 'my-npu.json');
    expect(placeModel(lstmModel({ layerNorm: true }), own).ops[0]?.reasons[0]).toMatchObject({
      seen: 'layerNorm',
      message: 'The compiler stops.',
      source: 'My NPU errata 7',
    });
  });
});

describe('A target file that is wrong', () => {
  it.each<[string, unknown, string]>([
    ['no JSON', '{', '$ is no JSON'],
    ['a list', [], '$ is a list; an object with schema'],
    ['another schema', { ...HEAD, schema: 'x', rules: [] }, '$.schema is "x"; gatescope.target/1'],
    ['a built-in name', { ...HEAD, name: 'tflm', rules: [] }, '$.name is tflm, which is built in; another name'],
    ['a bad name', { ...HEAD, name: 'a b', rules: [] }, '$.name is "a b"; letters, digits and -'],
    ['no rules', HEAD, '$.rules is missing; a list of rules'],
    ['an unknown key', { ...HEAD, rules: [], colour: 1 }, '$.colour is not known; schema, name'],
    [
      'a verdict',
      { ...HEAD, rules: [{ rule: 'r', require: { version: 1 }, verdict: 'no' }] },
      '$.rules[0].verdict is "no"; conditional',
    ],
    ['no condition', { ...HEAD, rules: [{ rule: 'r', require: {}, verdict: 'fallback' }] }, '$.rules[0].require is no condition'],
    [
      'a type',
      { ...HEAD, rules: [{ rule: 'r', require: { tensors: 'all', dtype: ['int9'] }, verdict: 'fallback' }] },
      '$.rules[0].require.dtype[0] is "int9"; float16',
    ],
    [
      'a selector',
      { ...HEAD, rules: [{ rule: 'r', require: { not: { tensors: 'input', rank: 1 } }, verdict: 'fallback' }] },
      '$.rules[0].require.not.tensors is "input"; inputs, outputs',
    ],
    [
      'a range',
      { ...HEAD, rules: [{ rule: 'r', require: { version: { min: 3, max: 1 } }, verdict: 'fallback' }] },
      '$.rules[0].require.version has min 3 above max 1',
    ],
    [
      'a change',
      { ...HEAD, rules: [{ rule: 'r', require: { version: 1 }, verdict: 'fallback', fix: { change: 'pray', text: 't' } }] },
      '$.rules[0].fix.change is "pray"; add-biases',
    ],
    ['partitions', { ...HEAD, rules: [], partitions: 'many' }, '$.partitions is no way to run; "interpreter"'],
  ])('%s: says where, what and what is allowed', (_, value, expected) => {
    expect(problemsOf(value).join('\n')).toContain(expected);
  });

  it('reports everything at once', () => {
    const problems = problemsOf({ ...HEAD, version: 3, rules: [{ rule: '', require: { version: 'a' }, verdict: 1 }] });
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      '$.rules[0].require.version',
      '$.rules[0].verdict',
      '$.rules[0].rule',
      '$.version',
    ]);
  });

  it('is an error of its own kind whatever it holds', () => {
    const deep = `${'{"not":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const text = JSON.stringify({ ...HEAD, rules: [{ rule: 'r', require: '?', verdict: 'fallback' }] }).replace('"?"', deep);
    expect(problemsOf(text)[0]).toContain('is nested too deep');
    expect(problemsOf('x'.repeat(2 ** 20 + 1))[0]).toContain('characters');
    fc.assert(
      fc.property(fc.json(), fc.json(), (rules, require) => {
        const file = {
          ...HEAD,
          rules: [JSON.parse(rules) as unknown, { rule: 'r', require: JSON.parse(require) as unknown, verdict: 'fallback' }],
        };
        try {
          readUserTarget(JSON.stringify(file), 'f');
        } catch (error) {
          return error instanceof TargetFileError && error.problems.length > 0;
        }
        return true;
      }),
      { numRuns: 300 },
    );
  });
});
