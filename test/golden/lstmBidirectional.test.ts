import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import { describeShared, SHARED } from '../shared';
import { largestDifference, prepareLstmFile, readNumbers, readSequences, runSequences } from './lstmCase';

const root = join(SHARED ?? '', 'golden/bidirectional');
const names =
  SHARED === null
    ? []
    : readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name);
const FLOAT: GraphOptions = { path: 'float', persona: 'tflite' };

describeShared('golden/bidirectional, one BIDIRECTIONAL_SEQUENCE_LSTM', () => {
  it('holds 4 cases', () => expect(names).toHaveLength(4));

  const withOperator = names.filter((name) => readdirSync(join(root, name)).includes('op_float.tflite'));

  it.each(withOperator)('%s: float within 1e-6', (name) => {
    const folder = join(root, name);
    const y = runSequences(
      prepareLstmFile(join(folder, 'op_float.tflite'), FLOAT),
      readSequences(join(folder, 'x_float.npy')),
      'reset',
    );
    expect(largestDifference(y, readNumbers(folder, 'y_op_float.npy'))).toBeLessThanOrEqual(1e-6);
  });

  it.each(withOperator)('%s: hybrid within 1e-6 of its range', (name) => {
    const folder = join(root, name);
    const prepared = prepareLstmFile(join(folder, 'op_hybrid.tflite'), { path: 'hybrid', persona: 'tflite' });
    const y = runSequences(prepared, readSequences(join(folder, 'x_float.npy')), 'reset');
    const expected = Array.from(readNumbers(folder, 'y_op_hybrid.npy'));
    const range = Math.max(...expected) - Math.min(...expected);
    expect(largestDifference(y, expected)).toBeLessThanOrEqual(1e-6 * range);
  });
});
