import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { constantValues, realConstant } from '../../../worker/core/model/constants';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { tinyModel } from './tinyModel';

const samples = ['digits-int8', 'digits-hybrid'].map((name) =>
  readFileSync(resolve(import.meta.dirname, `../../../samples/${name}.tflite`)),
);
const files = [tinyModel().bytes, ...samples.map((sample) => new Uint8Array(sample))];

/** Opens a file as far as the program does before a run. Anything but an answer or a ModelFormatError fails the test. */
function open(file: Uint8Array): 'opened' | 'refused' {
  try {
    const model = readTflite(file, 'mutated.tflite');
    for (const graph of model.graphs) {
      for (const tensor of graph.tensors) if (tensor.data !== null) expectNumbers(tensor, graph);
    }
    expect(notInJson(buildOverview(model))).toEqual([]);
    return 'opened';
  } catch (error) {
    if (error instanceof ModelFormatError) return 'refused';
    throw error;
  }
}

function expectNumbers(...[tensor, graph]: Required<Parameters<typeof realConstant>>): void {
  const numeric = tensor.dtype !== 'string' && !tensor.dtype.startsWith('complex');
  if (numeric) {
    constantValues(tensor);
    realConstant(tensor, graph);
  }
}

/** Values of a plain object that JSON would change: NaN, infinities, typed arrays. */
function notInJson(object: unknown): unknown[] {
  const found: unknown[] = [];
  JSON.stringify(object, (_key, value: unknown) => {
    if ((typeof value === 'number' && !Number.isFinite(value)) || ArrayBuffer.isView(value)) found.push(value);
    return value;
  });
  return found;
}

const anyFile = fc.integer({ min: 0, max: files.length - 1 });
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
/** Bytes that break offsets, lengths and indices more often than random ones. */
const anyWord = fc.oneof(fc.integer({ min: -1, max: 40 }), fc.integer(), fc.constantFrom(0x7fffffff, -0x80000000, 0x01000000));
const mutations = fc.array(fc.record({ at: share, word: anyWord, width: fc.constantFrom(1, 2, 4), inTables: fc.boolean() }), {
  minLength: 1,
  maxLength: 6,
});

describe('a damaged file', () => {
  it('gives an answer or a ModelFormatError, whatever bytes are changed', () => {
    const outcomes = { opened: 0, refused: 0 };
    fc.assert(
      fc.property(anyFile, mutations, (index, changes) => {
        const file = files[index]?.slice() ?? new Uint8Array(0);
        for (const { at, word, width, inTables } of changes) {
          // The last tenth of the samples holds the tables; the rest is weights, where a change is always harmless.
          const start = inTables ? Math.floor(file.length * 0.88) : 0;
          const place = start + Math.floor(at * (file.length - start));
          for (let i = 0; i < width && place + i < file.length; i++) file[place + i] = word >> (8 * i);
        }
        outcomes[open(file)]++;
      }),
      { numRuns: 1500, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: true },
    );
    expect(outcomes.opened).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });

  it('gives an answer or a ModelFormatError, wherever it is cut off', () => {
    const tiny = tinyModel().bytes;
    for (let length = 0; length < tiny.length; length++) open(tiny.subarray(0, length));
    fc.assert(
      fc.property(anyFile, share, (index, at) => {
        const file = files[index] ?? new Uint8Array(0);
        open(file.subarray(0, Math.floor(at * file.length)));
      }),
      { numRuns: 300 },
    );
  });

  it('gives an answer or a ModelFormatError for every single changed byte of a small file', () => {
    const tiny = tinyModel().bytes;
    for (let at = 0; at < tiny.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const file = tiny.slice();
        file[at] = value;
        open(file);
      }
    }
  });
});
