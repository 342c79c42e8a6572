import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeShared, SHARED } from '../shared';
import {
  countDifferences,
  prepareLstmFile,
  readLstm,
  readNumbers,
  readSequences,
  runSequences,
  TFLITE_INT8,
  withOverrides,
} from './lstmCase';

/** Each departure of the runtime from the paper can be switched off, and then is gone. */

const root = join(SHARED ?? '', 'golden/lstm16');
const names = SHARED === null ? [] : readdirSync(root).filter((name) => existsSync(join(root, name, 'int8.tflite')));
const UNPATCHED = 'int8-as-the-quantizer-left-it.tflite';

/** Largest error of the int8 outputs, as reals, against TensorFlow Lite's float outputs. */
function largestError(name: string, codes: readonly number[]): number {
  const folder = join(root, name);
  const { graph, operator } = readLstm(join(folder, 'int8.tflite'));
  const quantization = graph.tensors[operator.outputs[0] ?? -1]?.quantization;
  const [scale = 0] = quantization?.scales ?? [];
  const [zeroPoint = 0] = quantization?.zeroPoints ?? [];
  const reals = readNumbers(folder, 'y_float.npy');
  return codes.reduce((largest, code, k) => Math.max(largest, Math.abs(scale * (code - zeroPoint) - (reals[k] ?? NaN))), 0);
}

function hiddenZeroPoint(name: string): number {
  const { graph, operator } = readLstm(join(root, name, 'int8.tflite'));
  return graph.tensors[operator.intermediates[4] ?? -1]?.quantization?.zeroPoints[0] ?? 0;
}

const run = (name: string, options = TFLITE_INT8, model = 'int8.tflite') =>
  runSequences(prepareLstmFile(join(root, name, model), options), readSequences(join(root, name, 'x_int8.npy')), 'reset');

describeShared('quirks of TensorFlow Lite can be switched off', () => {
  it('a peephole as wide as the output costs lstm-ln-proj-peep-odd-batch2 ten times its error', () => {
    const name = 'lstm-ln-proj-peep-odd-batch2';
    expect(largestError(name, run(name))).toBeCloseTo(0.114, 3);
    expect(largestError(name, run(name, withOverrides({ peepholeWidth: 'cell' })))).toBeLessThan(0.013);
  });

  it('with the whole peephole, rows of a time-major batch no longer see each other', () => {
    const name = 'lstm-proj-peep-timemajor-batch2';
    const both = run(name, withOverrides({ peepholeWidth: 'cell' }));
    const prepared = prepareLstmFile(join(root, name, 'int8.tflite'), withOverrides({ peepholeWidth: 'cell' }));
    const sequences = readSequences(join(root, name, 'x_int8.npy'));
    const alone = sequences.map((x) => {
      const [steps = 0, , size = 0] = x.shape;
      const firstRow = Int8Array.from({ length: steps * size }, (_, k) =>
        Number(x.data[Math.floor(k / size) * 2 * size + (k % size)]),
      );
      return { ...x, shape: [steps, 1, size], data: firstRow };
    });
    const single = runSequences(prepared, alone, 'reset');
    const output = prepared.cells[0]?.runner.outputSize ?? 1;
    const firstRows = both.filter((_, k) => Math.floor(k / output) % 2 === 0);
    expect(countDifferences(single, firstRows)).toBe(0);
    expect(countDifferences(run(name), both)).toBeGreaterThan(0);
  });

  it('the negated hidden zero point costs accuracy where it is not 0', () => {
    const affected = names.filter((name) => name.includes('proj') && hiddenZeroPoint(name) !== 0);
    expect(affected.length).toBeGreaterThan(0);
    const changed = affected.filter(
      (name) => countDifferences(run(name, withOverrides({ negatedHiddenZeroPoint: 'never' })), run(name)) > 0,
    );
    expect(changed.length).toBeGreaterThan(0);
  });

  const unpatched = names.filter((name) => existsSync(join(root, name, UNPATCHED)));
  it.each(unpatched)('%s without a scale on intermediate 0: constant outputs, or as if it were there', (name) => {
    expect(new Set(run(name, TFLITE_INT8, UNPATCHED)).size).toBe(1);
    const assumed = run(name, withOverrides({ missingGateScale: 'q3.12' }), UNPATCHED);
    expect(countDifferences(assumed, readNumbers(join(root, name), 'y_int8.npy'))).toBe(0);
  });

  it('tflite-old negates the hidden zero point also without a projection', () => {
    const shifted = names.filter((name) => !name.includes('proj') && hiddenZeroPoint(name) !== 0);
    expect(shifted.length).toBeGreaterThan(0);
    for (const name of shifted) {
      const old = run(name, { path: 'int8', persona: 'tflite-old' });
      expect(countDifferences(old, run(name))).toBeGreaterThan(0);
      expect(countDifferences(old, run(name, withOverrides({ negatedHiddenZeroPoint: 'always' })))).toBe(0);
    }
    const projected = names.filter((other) => other.includes('proj'));
    for (const other of projected)
      expect(countDifferences(run(other, { path: 'int8', persona: 'tflite-old' }), run(other))).toBe(0);
  });

  it('single-rounding multipliers differ in last bits only', () => {
    const differences = names.map((name) => {
      const double = run(name);
      const single = run(name, withOverrides({ multiplierRounding: 'single' }));
      return double.map((code, k) => Math.abs(code - (single[k] ?? NaN)));
    });
    expect(differences.flat().some((difference) => difference > 0)).toBe(true);
    expect(Math.max(...differences.flat())).toBeLessThanOrEqual(8); // one LSB in a gate grows over steps and layer norm
  });
});
