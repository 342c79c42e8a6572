import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeNewModel } from '../../../worker/core/formats/tflite/write/newModel';
import { LITERT_WASM } from '../../../worker/runtimes/litert/bundleGlue.mjs';
import { LitertError, LitertModule } from '../../../worker/runtimes/litert/litertModule';
import { buildOperator } from '../../lstmBuilder';

describe('the WebAssembly module', () => {
  let module: LitertModule;
  beforeAll(async () => {
    module = await LitertModule.load(readFileSync(LITERT_WASM));
  });

  it('throws where a kernel fails without an exception', () => {
    const x = { dtype: 'float32', shape: [1, 2] } as const;
    const { graph, operator } = buildOperator({ name: 'CUSTOM', operands: [x], outputs: [x], options: {} });
    const custom = { ...graph, operators: [{ ...operator, customCode: 'Sinh' }] };
    const model = module.compile(writeNewModel([custom]));
    expect(() => model.run([{ data: Float32Array.of(1, 2), shape: [1, 2] }])).toThrow(/unresolved custom op: Sinh/);
    model.delete();
    expect(module.isWorn).toBe(false);
  });

  it('is worn by what throws, and says why', () => {
    expect(() => module.compile(new Uint8Array(64))).toThrow(LitertError);
    expect(module.isWorn).toBe(true);
  });
});
