import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectText } from '../../../worker/cli/inspectText';
import { textTable } from '../../../worker/cli/textTable';
import { readModel } from '../../../worker/core/formats/readModel';
import { buildOverview } from '../../../worker/core/report/buildOverview';
import { float32s, int32, int64s, table } from '../formats/flatWriter';
import { tinyModel } from '../formats/tinyModel';

const sample = buildOverview(
  readModel({
    name: 'digits-int8.tflite',
    bytes: new Uint8Array(readFileSync(resolve(import.meta.dirname, '../../../samples/digits-int8.tflite'))),
  }),
);

/** Lines of one section, without its title. */
function sectionOf(text: string, title: string): string[] {
  const section = text.split('\n\n').find((part) => part.startsWith(title)) ?? '';
  return section.trimEnd().split('\n').slice(1);
}

describe('inspect', () => {
  const text = inspectText(sample);

  it('begins with what the model is', () => {
    expect(text.split('\n\n')[0]?.split('\n')).toEqual([
      'digits-int8.tflite',
      '  Format       TensorFlow Lite, schema 3, 72,368 bytes',
      `  Description  ${sample.description}`,
      '  Scheme       integer: int8 values and weights',
      '  Parameters   60,843',
      '  MACs         59,744, open axes counted as 1',
      '  Bytes        int8 weights 59,744, int32 biases 2,348, int16 weights 1,024, file structure 9,252',
      '  Contents     UNIDIRECTIONAL_SEQUENCE_LSTM x2, FULLY_CONNECTED; 56 tensors',
    ]);
  });

  it('gives inputs and outputs with their formula and range', () => {
    expect(sectionOf(text, 'Inputs')).toEqual(['  0  features  int8  [1, ?, 120]  real = 0.028362 (q + 12), −3.29 to +3.94']);
    expect(sectionOf(text, 'Outputs')).toEqual(['  55  logits  int8  [1, ?, 11]  real = 0.13304 (q + 22), −14.1 to +19.8']);
  });

  it('lists LSTMs and operators', () => {
    expect(sectionOf(text, 'LSTMs (2)')).toEqual([
      '  0  lstm0  int8  120 > 64 > 32  layer norm, projection  cell Q3.12, cell clip 10.0',
      '  1  lstm1  int8  32 > 64 > 32   layer norm, projection  cell Q3.12, cell clip 10.0',
    ]);
    expect(sectionOf(text, 'Operators (3)')).toEqual([
      '  #  operator                          type  output        MACs  parameters  name',
      '  0  UNIDIRECTIONAL_SEQUENCE_LSTM  v2  int8  [1, ?, 32]  40,960      41,504  lstm0/output',
      '  1  UNIDIRECTIONAL_SEQUENCE_LSTM  v2  int8  [1, ?, 32]  18,432      18,976  lstm1/output',
      '  2  FULLY_CONNECTED               v5  int8  [1, ?, 11]     352         363  logits',
    ]);
  });

  it('says of each target whether the model runs, and of each finding where it is', () => {
    expect(sectionOf(text, 'Targets')).toHaveLength(Object.keys(sample.targets).length);
    const findings = sectionOf(text, `Findings (${sample.findings.length})`);
    for (const { title, message } of sample.findings) {
      expect(findings.some((line) => line.includes(title))).toBe(true);
      expect(findings).toContain(`    ${message}`);
    }
  });

  it('lists tensors only when asked to', () => {
    expect(text).not.toContain('Tensors (');
    expect(sectionOf(inspectText(sample, true), 'Tensors (56)')).toHaveLength(56);
  });

  it('names per-channel parameters by number and axis, and leaves empty sections out', () => {
    const { bytes } = tinyModel((parts) => {
      parts.tensors[0] = {
        ...parts.tensors[0],
        4: table({ 2: float32s([1, 2, 3, 4]), 3: int64s([0, 0, 0, 0]), 6: int32(1) }),
      };
    });
    const tiny = inspectText(buildOverview(readModel({ name: 'tiny.tflite', bytes })));
    expect(sectionOf(tiny, 'Inputs')).toEqual(['  0  input  int8  [1, 4]  4 scales along axis 1']);
    expect(tiny).not.toContain('LSTMs');
    expect(tiny).not.toContain('Signatures');
  });
});

describe('inspect --json', () => {
  it('has the fields that other programs rely on', () => {
    const json = JSON.parse(JSON.stringify(sample)) as Record<string, unknown>;
    expect(json).toMatchObject({
      schema: 'gatescope.inspect/1',
      format: 'tflite',
      ops: [{ index: 0, op: 'UNIDIRECTIONAL_SEQUENCE_LSTM', dtypes: 'int8', macs: 40960, params: 41504 }, {}, {}],
      lstms: [
        {
          op: 0,
          layerNorm: true,
          projection: true,
          peephole: false,
          cifg: false,
          bidirectional: false,
          scheme: 'int8',
          cell: 64,
        },
        { op: 1, input: 32, output: 32 },
      ],
    });
    for (const tensor of json.tensors as object[]) expect(tensor).toHaveProperty('quantization');
    for (const finding of json.findings as object[]) {
      expect(Object.keys(finding)).toEqual(expect.arrayContaining(['rule', 'severity', 'op', 'tensor', 'message', 'fix']));
    }
  });
});

describe('textTable', () => {
  it('aligns columns and leaves no trailing blanks', () => {
    const rows = [
      ['a', 'b', ''],
      ['long', '10', 'x'],
    ];
    expect(textTable(rows, ['left', 'right'])).toEqual(['  a      b', '  long  10  x']);
  });
});
