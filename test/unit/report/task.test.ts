import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DataFormatError } from '../../../worker/core/data/dataFormatError';
import type { SampleReport } from '../../../worker/core/report/report';
import { decodeOutput } from '../../../worker/core/report/task/decode';
import { editDistance } from '../../../worker/core/report/task/editDistance';
import { labelsBeside, readLabels } from '../../../worker/core/report/task/labels';
import { scoreTask } from '../../../worker/core/report/task/scoreTask';

const labelsOf = (content: unknown) =>
  readLabels({
    name: 'labels.json',
    bytes: new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content)),
  });

/** [1, steps, classes] with 1 at the chosen class of each step. */
const output = (path: readonly number[], classes: number) => {
  const data = new Int8Array(path.length * classes);
  path.forEach((index, step) => (data[step * classes + index] = 1));
  return { dtype: 'int8', shape: [1, path.length, classes], data } as const;
};

describe('labels', () => {
  it('of the samples are read', () => {
    const path = new URL('../../../samples/inputs/labels.json', import.meta.url);
    const labels = readLabels({ name: 'labels.json', bytes: readFileSync(path) });
    expect(labels).toMatchObject({ kind: 'ctc-greedy', unit: 'digits', blank: 10, classes: null });
    expect(labels.labelOf('utterance-1', 0)).toBe('0572811');
    expect(labels.labelOf('utterance-99', 0)).toBeNull();
  });

  it('are not what another file of that name tells about recordings', () => {
    const path = new URL('../../../samples/audio/labels.json', import.meta.url);
    expect(labelsBeside({ name: 'labels.json', bytes: readFileSync(path) })).toBeNull();
    expect(labelsBeside(null)).toBeNull();
    expect(() => labelsBeside({ name: 'labels.json', bytes: new TextEncoder().encode('{"labels": {}}') })).toThrow('decode');
  });

  it('can be a list in the order of the samples, and class numbers', () => {
    const labels = labelsOf({ decode: 'classification', classes: ['yes', 'no'], labels: [1, 'yes', null] });
    expect([0, 1, 2, 3].map((index) => labels.labelOf('any', index))).toEqual(['no', 'yes', null, null]);
  });

  it.each([
    ['not JSON', '{'],
    ['a list', []],
    ['no decode', { labels: {} }],
    ['an unknown decode', { decode: 'magic', labels: {} }],
    ['no labels', { decode: 'classification' }],
    ['labels of the wrong type', { decode: 'classification', labels: { a: {} } }],
    ['classes of the wrong type', { decode: 'classification', labels: {}, classes: [1] }],
    ['a blank that is no class', { decode: 'ctc-greedy', labels: {}, blank: -1 }],
    ['a unit that is no text', { decode: 'ctc-greedy', labels: {}, unit: 3 }],
    ['a prototype in place of labels', { decode: 'ctc-greedy', labels: 'constructor' }],
  ])('with %s are refused, naming the file', (_, content) => {
    expect(() => labelsOf(content)).toThrow(DataFormatError);
    try {
      labelsOf(content);
    } catch (error) {
      expect(error).toMatchObject({ file: 'labels.json', code: 'LABELS' });
    }
  });

  it('take nothing from the prototype', () => {
    expect(labelsOf({ decode: 'classification', labels: {} }).labelOf('constructor', 0)).toBeNull();
  });
});

describe('decoding', () => {
  it('joins repeats, drops blanks, and takes the first of equals', () => {
    const labels = labelsOf({ decode: 'ctc-greedy', blank: 3, labels: {} });
    expect(decodeOutput(labels, output([3, 1, 1, 3, 1, 2, 2, 3], 4))).toBe('112');
    expect(decodeOutput(labels, { dtype: 'float32', shape: [1, 1, 4], data: Float32Array.of(0, 5, 5, 1) })).toBe('1');
  });

  it('takes the last class for the blank where none is given, and separates classes of several letters', () => {
    const labels = labelsOf({ decode: 'ctc-greedy', classes: ['yes', 'no', '-'], labels: {} });
    expect(decodeOutput(labels, output([0, 2, 1, 1], 3))).toBe('yes no');
  });

  it('of a classification takes the largest', () => {
    expect(decodeOutput(labelsOf({ decode: 'classification', labels: {} }), output([7], 10))).toBe('7');
  });
});

describe('edit distance', () => {
  it('of well-known pairs', () => {
    expect(editDistance([...'kitten'], [...'sitting'])).toBe(3);
    expect(editDistance([], [...'abc'])).toBe(3);
    expect(editDistance([...'108781'], [...'08981'])).toBe(2);
  });

  it('is a metric', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a.join() === b.join());
        expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
      }),
    );
  });
});

describe('score', () => {
  let at = 0;
  const sample = (expected: string | null, float: string, quantized: string | null): SampleReport => ({
    index: at++,
    name: 's',
    steps: 1,
    sqnrDb: null,
    expected,
    float,
    quantized,
  });

  it('counts units, errors and samples that are entirely right, over labelled samples only', () => {
    const labels = labelsOf({ decode: 'ctc-greedy', unit: 'digits', labels: {} });
    expect(scoreTask(labels, [sample('123', '123', '13'), sample('44', '444', '44'), sample(null, '9', '8')])).toEqual({
      kind: 'ctc-greedy',
      unit: 'digits',
      labels: 'labels.json',
      total: 5,
      floatErrors: 1,
      quantizedErrors: 1,
      floatRight: 1,
      quantizedRight: 1,
      parts: 'characters',
      confusion: {
        texts: ['1', '2', '3', '4', ''],
        cells: [
          { expected: 0, answered: 0, float: 1, quantized: 1, samples: [0] },
          { expected: 1, answered: 1, float: 1, quantized: 0, samples: [0] },
          { expected: 1, answered: 4, float: 0, quantized: 1, samples: [0] },
          { expected: 2, answered: 2, float: 1, quantized: 1, samples: [0] },
          { expected: 3, answered: 3, float: 2, quantized: 2, samples: [1] },
          { expected: 4, answered: 3, float: 1, quantized: 0, samples: [1] },
        ],
      },
      flips: { lost: [0], won: [1], changed: [] },
    });
  });

  it('has nothing to say of a path that did not run, or without labels', () => {
    const labels = labelsOf({ decode: 'classification', labels: {} });
    expect(scoreTask(labels, [sample('1', '1', null)])).toMatchObject({ total: 1, floatErrors: 0, quantizedErrors: null });
    expect(scoreTask(labels, [sample(null, '1', '1')])).toBeNull();
  });
});
