import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { externalDataIn } from '../../worker/core/formats/onnx/externalData';
import { readTensor } from '../../worker/core/formats/onnx/proto/readTensor';
import { WireMessage } from '../../worker/core/formats/onnx/proto/wire';
import { readModel } from '../../worker/core/formats/readModel';
import { constantValues } from '../../worker/core/model/constants';
import type { DType } from '../../worker/core/model/dtype';
import type { Tensor } from '../../worker/core/model/model';
import { prepareGraphAnywhere } from '../../worker/core/run/prepareGraph';
import type { Value } from '../../worker/core/run/value';
import { runtimeByFormat } from '../../worker/runtimes/runtimeByFormat';
import { describeShared } from '../shared';

/** Tests of the ONNX project that are not computed, and what is said of them. */
const REFUSED: Readonly<Record<string, string>> = {
  test_convinteger_with_padding: 'ONNX Runtime: IsScalarOr1ElementVector(W_Zero_Point) was false.',
  ...notHandedOver('float8e4m3fn', 'dequantizelinear_e4m3fn', 'dequantizelinear_e4m3fn_float16', 'quantizelinear_e4m3fn'),
  ...notHandedOver('float8e4m3fn', 'dequantizelinear_e4m3fn_zero_point'),
  ...notHandedOver('float8e5m2', 'dequantizelinear_e5m2', 'quantizelinear_e5m2'),
  ...notHandedOver('float4e2m1', 'dequantizelinear_float4e2m1', 'quantizelinear_float4e2m1'),
  ...notHandedOver('int2', 'dequantizelinear_int2', 'quantizelinear_int2'),
  ...notHandedOver('int4', 'dequantizelinear_int4', 'quantizelinear_int4'),
  ...notHandedOver('uint2', 'dequantizelinear_uint2', 'quantizelinear_uint2'),
  ...notHandedOver('uint4', 'dequantizelinear_uint4', 'quantizelinear_uint4'),
};
/** They have tests of their own. */
const RECURRENT = /^test_(lstm|gru|rnn|simple_rnn)_/;

function notHandedOver(type: string, ...tests: readonly string[]): Record<string, string> {
  return Object.fromEntries(tests.map((test) => [`test_${test}`, `values of type ${type} are not handed over`]));
}

function readValue(file: string): Value {
  const { dtype, shape, data } = readTensor(
    WireMessage.ofFile(new Uint8Array(readFileSync(file)), file),
    externalDataIn(new Map()),
  );
  const values = constantValues({ dtype, shape, data, sparsity: null } as Pick<Tensor, 'dtype' | 'shape' | 'data'> as Tensor);
  const held: DType = values instanceof Float32Array ? 'float32' : dtype;
  return { dtype: held, shape, data: values };
}

const numbers = ({ data }: Value) => Array.from(data as ArrayLike<number | bigint>, Number);

describeShared("ONNX's own node tests, by this engine and ONNX Runtime", (shared) => {
  const folder = join(shared, 'data/onnx-node-tests');
  const names = readdirSync(folder).filter((name) => !RECURRENT.test(name));

  async function run(name: string) {
    const model = readModel({ name, bytes: new Uint8Array(readFileSync(join(folder, name, 'model.onnx'))) });
    const runner = await prepareGraphAnywhere(model, 0, { path: 'int8', persona: 'tflite', runtime: runtimeByFormat });
    const set = join(folder, name, 'test_data_set_0');
    const inputs = model.graphs[0]!.inputs.map((_, index) => readValue(join(set, `input_${index}.pb`)));
    const outputs = runner.run(inputs);
    return outputs.map((output, index) => [output, readValue(join(set, `output_${index}.pb`))] as const);
  }

  it.each(names.filter((name) => REFUSED[name] === undefined))('%s', async (name) => {
    for (const [output, expected] of await run(name)) {
      expect(output.shape).toEqual(expected.shape);
      const [got, wanted] = [numbers(output), numbers(expected)];
      expect(Math.max(...wanted.map((value, index) => Math.abs(value - (got[index] ?? NaN))))).toBeLessThan(1e-4);
    }
  });

  it.each(Object.entries(REFUSED))('%s is refused: %s', async (name, reason) => {
    await expect(run(name)).rejects.toThrow(reason);
  });

  it('are 45 beside those of recurrent layers', () => {
    expect(names).toHaveLength(45);
  });
});
