import { describe, expect, it } from 'vitest';
import { placeModel } from '../../../worker/core/targets/placeModel';
import type { Rule, Target } from '../../../worker/core/targets/target';
import { graphOf, modelOf, tensor } from '../findings/models';

const source = 'test 1.0';

function rule(verdict: Rule['verdict'], operator: string): Rule {
  return {
    rule: `no ${operator}`,
    verdict,
    message: `${operator} is ${verdict}.`,
    source,
    broken: (context) => (context.operator.name === operator ? { seen: operator } : null),
  };
}

function target(rules: readonly Rule[], modelRules: Target['modelRules'] = []): Target {
  return {
    name: 'test',
    label: 'Test',
    version: '1.0',
    source,
    modelRules,
    execution: { kind: 'interpreter' },
    rulesFor: () => rules,
  };
}

const t = (name: string) => tensor(name, 'int8', [1]);
const model = modelOf(
  graphOf(['ADD', 'MUL', 'SUB'].map((name) => ({ name, inputs: [t(`${name}/x`)], outputs: [t(`${name}/y`)] }))),
);

describe('Placing a model', () => {
  it('is native where no rule is broken', () => {
    const { result, ops } = placeModel(model, target([rule('fallback', 'DIV')]));
    expect(result).toBe('runs');
    expect(ops.map(({ verdict, reached, reasons }) => [verdict, reached, reasons.length])).toEqual(
      Array(3).fill(['native', true, 0]),
    );
  });

  it('lets the first broken rule decide', () => {
    const { ops } = placeModel(model, target([rule('fallback', 'MUL'), rule('rejected', 'MUL')]));
    expect(ops.map(({ verdict }) => verdict)).toEqual(['native', 'fallback', 'native']);
    expect(ops[1]?.reasons).toEqual([{ rule: 'no MUL', seen: 'MUL', message: 'MUL is fallback.', source }]);
  });

  it('collects conditions, which give way to any other verdict', () => {
    const conditions = [rule('conditional', 'ADD'), { ...rule('conditional', 'ADD'), rule: 'slow' }, rule('conditional', 'MUL')];
    const { ops, result } = placeModel(model, target([...conditions, rule('fallback', 'MUL')]));
    expect(ops.map(({ verdict }) => verdict)).toEqual(['conditional', 'fallback', 'native']);
    expect(ops[0]?.reasons.map((reason) => reason.rule)).toEqual(['no ADD', 'slow']);
    expect(ops[1]?.reasons.map((reason) => reason.message)).toEqual(['MUL is fallback.']);
    expect(result).toBe('runs');
  });

  it('refuses the model when an operator does, and says of the others that they were not reached', () => {
    const { result, reasons, ops } = placeModel(model, target([rule('rejected', 'MUL'), rule('fallback', 'SUB')]));
    expect(result).toBe('rejected');
    expect(reasons).toEqual([]);
    expect(ops.map(({ verdict, reached }) => [verdict, reached])).toEqual([
      ['rejected', false],
      ['rejected', true],
      ['rejected', false],
    ]);
    expect(ops[0]?.reasons[0]).toMatchObject({ rule: 'no MUL', seen: 'MUL 1: MUL' });
  });

  it('refuses the model for what no operator is to blame for', () => {
    const empty = { rule: 'not empty', message: 'Does not load.', source, broken: () => ({ seen: 'empty' }) };
    const { result, reasons, ops } = placeModel(model, target([], [empty]));
    expect([result, reasons.length]).toEqual(['rejected', 1]);
    expect(ops.every(({ verdict, reached }) => verdict === 'rejected' && !reached)).toBe(true);
  });

  it('is unverified as a whole where one operator is', () => {
    expect(placeModel(model, target([rule('unverified', 'SUB')])).result).toBe('unverified');
  });

  it('takes the message of the case where a rule gives one', () => {
    const own: Rule = { ...rule('fallback', 'ADD'), broken: () => ({ seen: 'x', message: 'Own.' }) };
    expect(placeModel(model, target([own])).ops[0]?.reasons[0]?.message).toBe('Own.');
  });
});
