import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ModelFormatError } from '../../../worker/core/formats/modelFormatError';
import { readTflite } from '../../../worker/core/formats/tflite/readTflite';
import { writeTflite } from '../../../worker/core/formats/tflite/write/writeTflite';
import type { Model } from '../../../worker/core/model/model';
import { identityEdit } from './identityEdit';
import { tinyModel } from './tinyModel';

const sample = new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../samples/digits-int8.tflite')));
/** Where the sample's tables start; in front of them are weights. */
const TABLES = Math.floor(sample.length * 0.88);
const tiny = tinyModel().bytes;

function orRefused<T>(attempt: () => T): T | null {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof ModelFormatError) return null;
    throw error;
  }
}

it('a damaged file that can be read is written as it reads, or refused', () => {
  let count = 0;
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    word: fc.oneof(fc.integer({ min: -1, max: 40 }), fc.integer()),
    width: fc.constantFrom(1, 2, 4),
  });
  fc.assert(
    fc.property(fc.boolean(), fc.array(change, { minLength: 1, maxLength: 4 }), (isTiny, changes) => {
      const file = (isTiny ? tiny : sample).slice();
      const start = isTiny ? 0 : TABLES;
      for (const { at, word, width } of changes) {
        const place = start + Math.floor(at * (file.length - start));
        for (let i = 0; i < width && place + i < file.length; i++) file[place + i] = word >> (8 * i);
      }
      const model = orRefused(() => readTflite(file, 'mutated'));
      if (model === null) return;
      const written = orRefused(() => writeTflite(identityEdit(model), file));
      const sizeless = (read: Model) => ({ ...read, byteLength: 0 });
      if (written === null) return;
      count++;
      expect(isDeepStrictEqual(sizeless(readTflite(written, 'mutated')), sizeless(model))).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(count).toBeGreaterThan(100);
});

it('writes small files with a byte changed anywhere, or refuses them', () => {
  for (let at = 0; at < tiny.length; at++) {
    for (const value of [1, 4, 0xff]) {
      const file = tiny.slice();
      file[at] = value;
      const model = orRefused(() => readTflite(file, 'mutated'));
      if (model !== null) orRefused(() => writeTflite(identityEdit(model), file));
    }
  }
});
