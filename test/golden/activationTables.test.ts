import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { GEMMLOWP_TABLES, LUT_TABLES, type ActivationTables } from '../../worker/core/quantization/activationTables';
import { describeShared } from '../shared';

/** Block 0: sigmoid of Q3.12; blocks 1..7: tanh of Q(k).(15-k), k = 0..6. 65,536 int16 each. */
const BLOCKS = 8;
const ENTRIES = 65536;

function countDifferences(file: string, tables: ActivationTables): number[] {
  const bytes = readFileSync(file);
  const native = new Int16Array(new Uint8Array(bytes).buffer);
  expect(native.length).toBe(BLOCKS * ENTRIES);
  return Array.from({ length: BLOCKS }, (_, block) => {
    const ours = block === 0 ? tables.sigmoid() : tables.tanh(block - 1);
    let differing = 0;
    for (let i = 0; i < ENTRIES; i++) if (ours[i] !== native[block * ENTRIES + i]) differing++;
    return differing;
  });
}

describeShared('activation tables equal the native libraries in every entry', (shared) => {
  const folder = join(shared, 'golden/activation-tables');

  it('gemmlowp, TensorFlow Lite', () => {
    expect(countDifferences(join(folder, 'luts.bin'), GEMMLOWP_TABLES)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('interpolated table, TensorFlow Lite Micro', () => {
    expect(countDifferences(join(folder, 'luts_tflm.bin'), LUT_TABLES)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
