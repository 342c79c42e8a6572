import { expect, it } from 'vitest';
import { lintModel } from '../../../worker/core/findings/lintModel';
import type { Model, Operator, Tensor } from '../../../worker/core/model/model';
import { mapTargets } from '../../../worker/core/targets/mapTargets';
import { modelOf, tensor } from '../findings/models';

/** A chain in which every operator reads its predecessor twice and no tensor has a shape: 2^n paths, one pass. */
function chain(length: number): Model {
  const tensors = Array.from({ length: length + 1 }, (_, index): Tensor => ({ ...tensor(`t${index}`, 'int8', []), index }));
  const operators = Array.from({ length }, (_, index): Operator => ({
    index,
    name: 'ADD',
    customCode: null,
    version: 2,
    inputs: [index, index],
    outputs: [index + 1],
    intermediates: [],
    options: {},
  }));
  return modelOf({ index: 0, name: '', tensors, operators, inputs: [0], outputs: [length] });
}

it('judges a chain of many operators in one pass', () => {
  const { ops } = mapTargets(chain(20_000))['ethos-u55'];
  expect(ops.length).toBe(20_000);
  expect(ops.every(({ reasons }) => reasons[0]?.rule === 'Tensors must have constant shape.')).toBe(true);
  expect(lintModel(chain(20_000)).filter(({ severity }) => severity !== 'info')).toEqual([]);
});
