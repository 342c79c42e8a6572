import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignParts } from '../../../worker/core/report/task/alignParts';
import { confusionOf, flipsOf, MOST_SAMPLES, MOST_TEXTS, type Answers } from '../../../worker/core/report/task/confusion';
import { marginOf } from '../../../worker/core/report/task/decode';
import { editDistance } from '../../../worker/core/report/task/editDistance';

const answers = (...list: readonly (readonly [string | null, string | null, string | null])[]): Answers[] =>
  list.map(([expected, float, quantized], index) => ({ index, expected, float, quantized }));

describe('pairs of an alignment', () => {
  it('substitute before they leave out, and leave out before they put in', () => {
    expect(alignParts([...'123'], [...'13'])).toEqual([
      ['1', '1'],
      ['2', null],
      ['3', '3'],
    ]);
    expect(alignParts([...'12'], [...'34'])).toEqual([
      ['1', '3'],
      ['2', '4'],
    ]);
    expect(alignParts([], [...'7'])).toEqual([[null, '7']]);
  });

  it('are as many edits as the edit distance, and hold both texts in order', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 9 });
    fc.assert(
      fc.property(text, text, (expected, answered) => {
        const pairs = alignParts(expected, answered);
        expect(pairs.filter(([a, b]) => a !== b)).toHaveLength(editDistance(expected, answered));
        expect(pairs.flatMap(([part]) => (part === null ? [] : [part]))).toEqual(expected);
        expect(pairs.flatMap(([, part]) => (part === null ? [] : [part]))).toEqual(answered);
      }),
    );
  });
});

describe('confusion', () => {
  it('of a classification counts whole answers, class numbers by their size', () => {
    const confusion = confusionOf('whole', answers(['2', '2', '10'], ['10', '10', '10'], ['2', '2', '2'], [null, '4', '5']));
    expect(confusion).toEqual({
      texts: ['2', '10'],
      cells: [
        { expected: 0, answered: 0, float: 2, quantized: 1, samples: [0, 2] },
        { expected: 0, answered: 1, float: 0, quantized: 1, samples: [0] },
        { expected: 1, answered: 1, float: 1, quantized: 1, samples: [1] },
      ],
    });
  });

  it('of transcripts counts symbols that were left out and put in against nothing, which comes last', () => {
    const confusion = confusionOf('characters', answers(['123', '123', '13'], ['4', '4', '44']));
    expect(confusion?.texts).toEqual(['1', '2', '3', '4', '']);
    const nothing = 4;
    expect(confusion?.cells).toContainEqual({ expected: 1, answered: nothing, float: 0, quantized: 1, samples: [0] });
    expect(confusion?.cells).toContainEqual({ expected: nothing, answered: 3, float: 0, quantized: 1, samples: [1] });
    const total = confusion?.cells.reduce((sum, { float }) => sum + float, 0);
    expect(total).toBe(4);
  });

  it('keeps the first samples of a cell, once each, and no matrix that nobody could read', () => {
    const many = answers(...Array.from({ length: 30 }, () => ['1 1', '1 1', '1 1'] as const));
    const [cell] = confusionOf('words', many)?.cells ?? [];
    expect(cell).toMatchObject({ float: 60, quantized: 60 });
    expect(cell?.samples).toEqual(Array.from({ length: MOST_SAMPLES }, (_, index) => index));
    const texts = Array.from({ length: MOST_TEXTS + 1 }, (_, index) => [String(index), String(index), null] as const);
    expect(confusionOf('whole', answers(...texts.slice(1)))?.texts).toHaveLength(MOST_TEXTS);
    expect(confusionOf('whole', answers(...texts))).toBeNull();
  });

  it('has no quantized counts where nothing is compared', () => {
    expect(confusionOf('whole', answers(['1', '2', null]))?.cells).toEqual([
      { expected: 0, answered: 1, float: 1, quantized: null, samples: [0] },
    ]);
    expect(flipsOf(answers(['1', '2', null]))).toBeNull();
  });
});

it('flips are told by which path is right', () => {
  const samples = answers(['1', '1', '2'], ['1', '2', '1'], ['1', '2', '3'], ['1', '1', '1'], ['1', '2', '2'], [null, '1', '2']);
  expect(flipsOf(samples)).toEqual({ lost: [0], won: [1], changed: [2] });
});

it('a margin is the lead of the first row’s largest value, in its own unit', () => {
  const value = (data: Float32Array | Int8Array, shape: readonly number[]) => ({ dtype: 'int8', shape, data }) as const;
  expect(marginOf(value(Int8Array.of(-3, 100, 90, 1, 127, -128), [2, 3]))).toBe(10);
  expect(marginOf(value(Float32Array.of(0.5, 0.5), [1, 2]))).toBe(0);
  expect(marginOf(value(Float32Array.of(1), [1, 1]))).toBeNull();
  expect(marginOf(value(Float32Array.of(NaN, 1, 2), [1, 3]))).toBe(1);
});
