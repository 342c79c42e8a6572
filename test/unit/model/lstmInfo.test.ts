import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import { describeLstms } from '../../../worker/core/model/lstmInfo';
import type { LstmInfo } from '../../../worker/core/report/overview';
import { describeShared } from '../../shared';

function lstmsOf(path: string): LstmInfo[] {
  return readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) }).graphs.flatMap(describeLstms);
}

const sample = (name: string) => lstmsOf(resolve(import.meta.dirname, `../../../samples/${name}.tflite`));

const SAMPLE_LSTM = {
  subgraph: 0,
  layerNorm: true,
  projection: true,
  peephole: false,
  cifg: false,
  bidirectional: false,
  timeMajor: false,
  cell: 64,
  output: 32,
  cellClip: 10,
  projectionClip: 0,
};

describe('describeLstms', () => {
  it.each([
    ['digits-float', 'float', [null, null]],
    ['digits-hybrid', 'hybrid', [null, null]],
    ['digits-int8', 'int8', [3, 3]],
    ['digits-int8-miscalibrated', 'int8', [2, 1]],
  ] as const)('%s: two LSTMs with layer norm and projection', (name, scheme, bits) => {
    expect(sample(name)).toEqual([
      { ...SAMPLE_LSTM, op: 0, name: 'lstm0', scheme, input: 120, cellIntegerBits: bits[0] },
      { ...SAMPLE_LSTM, op: 1, name: 'lstm1', scheme, input: 32, cellIntegerBits: bits[1] },
    ]);
  });
});

interface ReferenceCase {
  readonly name: string;
  readonly layer_norm: boolean;
  readonly projection: boolean;
  readonly peephole: boolean;
  readonly cifg: boolean;
  readonly cell: number;
  readonly input: number;
  readonly output: number;
  readonly time_major: boolean;
  readonly cell_clip: number;
  readonly proj_clip: number;
}

describeShared('describeLstms on reference files', (shared) => {
  const folder = join(shared, 'golden/lstm16');
  const index = join(folder, 'index.json');
  const cases = existsSync(index) ? (JSON.parse(readFileSync(index, 'utf8')) as readonly ReferenceCase[]) : [];

  it.each(cases)('$name', (expected) => {
    for (const [file, scheme] of [
      ['float.tflite', 'float'],
      ['hybrid.tflite', 'hybrid'],
      ['int8.tflite', 'int8'],
    ] as const) {
      const lstms = lstmsOf(join(folder, expected.name, file));
      const { cellIntegerBits } = lstms[0] ?? { cellIntegerBits: NaN };
      expect(lstms).toEqual([
        {
          subgraph: 0,
          op: 0,
          name: 'lstm0',
          layerNorm: expected.layer_norm,
          projection: expected.projection,
          peephole: expected.peephole,
          cifg: expected.cifg,
          bidirectional: false,
          timeMajor: expected.time_major,
          scheme,
          input: expected.input,
          cell: expected.cell,
          output: expected.output,
          cellClip: Math.fround(expected.cell_clip),
          projectionClip: Math.fround(expected.proj_clip),
          cellIntegerBits,
        },
      ]);
      expect(cellIntegerBits === null).toBe(scheme !== 'int8');
    }
  });

  it('reads bidirectional operators', () => {
    const base = { bidirectional: true, input: 6, cell: 10, output: 10, cellIntegerBits: null };
    const file = (name: string) => join(shared, 'golden/bidirectional/bidirectional', name);
    expect(lstmsOf(file('op_float.tflite'))).toMatchObject([{ ...base, scheme: 'float' }]);
    expect(lstmsOf(file('op_hybrid.tflite'))).toMatchObject([{ ...base, scheme: 'hybrid' }]);
    expect(lstmsOf(file('int8.tflite'))).toMatchObject([{ bidirectional: false }, { bidirectional: false }]);
  });

  it('numbers LSTMs whose tensors have no name of their own', () => {
    const [first, second] = lstmsOf(join(shared, 'data/tflite/dtln_noise_suppression_int8.tflite'));
    expect(first).toMatchObject({ name: 'LSTM 0', input: 257, cell: 128, output: 128, cellIntegerBits: 4, scheme: 'int8' });
    expect(second).toMatchObject({ name: 'LSTM 1', input: 128, cell: 128, output: 128, cellIntegerBits: 3 });
  });
});
