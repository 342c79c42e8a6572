import { describe, expect, it } from 'vitest';
import { matchFloat } from '../../../worker/core/analysis/matchFloat';
import type { Graph } from '../../../worker/core/model/model';
import { operator, tensor } from './toyGraph';

/** A chain of operators whose outputs have these names. */
function chain(ops: readonly (readonly [op: string, name: string, size?: number])[]): Graph {
  return {
    index: 0,
    name: 'main',
    tensors: [
      tensor(0),
      ...ops.map(([, name, size = 4], index) => ({ ...tensor(index + 1), name, shape: [1, size], shapeSignature: [1, size] })),
    ],
    operators: ops.map(([op], index) => operator(index, op, index, index + 1)),
    inputs: [0],
    outputs: [ops.length],
  };
}

describe('a float partner', () => {
  it('is matched by the names of outputs, whatever its order', () => {
    const match = matchFloat(
      chain([['A', 'one'], ['B', 'two']]), // prettier-ignore
      chain([['B', 'two'], ['C', 'extra'], ['A', 'one']]), // prettier-ignore
    );
    expect(match).toMatchObject({ by: 'name', partners: [2, 0] });
  });

  it('is matched by order where names differ but the sequence of operators is the same', () => {
    const match = matchFloat(chain([['A', 'x'], ['B', 'y']]), chain([['A', 'p'], ['B', 'q']])); // prettier-ignore
    expect(match).toMatchObject({ by: 'order', partners: [0, 1] });
  });

  it('needs no counterpart for conversions', () => {
    const match = matchFloat(
      chain([['QUANTIZE', 'in8'], ['A', 'x'], ['DEQUANTIZE', 'out']]), // prettier-ignore
      chain([['A', 'out']]),
    );
    expect(match).toMatchObject({ by: 'order', partners: [null, 0, null] });
  });

  it('is never matched to another operator or shape', () => {
    expect(matchFloat(chain([['A', 'x']]), chain([['B', 'x']])).partners).toEqual([null]);
    expect(matchFloat(chain([['A', 'x', 4]]), chain([['A', 'x', 5]])).partners).toEqual([null]);
  });

  it('is not matched by order against what names say', () => {
    const match = matchFloat(chain([['A', 'x'], ['A', 'y']]), chain([['A', 'y'], ['A', 'x']])); // prettier-ignore
    expect(match).toMatchObject({ by: 'name', partners: [1, 0] });
  });

  it('leaves unmatched what it does not have', () => {
    const match = matchFloat(chain([['A', 'x'], ['B', 'y']]), chain([['A', 'x']])); // prettier-ignore
    expect(match.partners).toEqual([0, null]);
  });
});
