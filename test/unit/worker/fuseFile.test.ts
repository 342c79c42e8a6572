import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import { describeLstms } from '../../../worker/core/model/lstmInfo';
import { schemeOf } from '../../../worker/core/model/scheme';
import { fuseFile } from '../../../worker/fuseFile';
import { replyTo } from '../../../worker/reply';
import { describeShared } from '../../shared';

describeShared('what the editor shows as cells', (shared) => {
  const fileOf = (path: string) => ({ name: path, bytes: new Uint8Array(readFileSync(join(shared, 'data', path))) });

  it.each([
    ['tflite/dtln_model_quant_1.tflite', false, 'hybrid'],
    ['tflite/dtln_model_quant_1.tflite', true, 'float'],
    // There is no int8 operator with an int8 cell: it is shown in float, asked or not.
    ['keras3/bidirectional-unrolled-int8.tflite', false, 'float'],
    ['keras3/bidirectional-while-dynamic.tflite', false, 'float'],
  ])('%s, all in float: %s', (path, asFloat, scheme) => {
    const { bytes, notes } = fuseFile(fileOf(path), { asFloat });
    const model = readModel({ name: path, bytes });
    expect(notes).toHaveLength(2);
    expect(describeLstms(model.graphs[0]!).map((lstm) => lstm.scheme)).toEqual([scheme, scheme]);
    expect(schemeOf(model)).toBe(scheme);
    // States that only passed through are kept inside.
    expect([model.graphs[0]!.inputs.length, model.graphs[0]!.outputs.length]).toEqual([1, 1]);
  });

  it('says why there is nothing to save', async () => {
    const reply = await replyTo(() => fuseFile(fileOf('keras3/lstm-hard-while-float.tflite'), { asFloat: true, asFile: true }));
    expect(reply).toMatchObject({
      ok: false,
      error: {
        code: 'NOTHING_TO_FUSE',
        message: expect.stringContaining('Its gates are hard sigmoids') as string,
        file: 'keras3/lstm-hard-while-float.tflite',
      },
    });
  });
});
