import { array, assert, float, integer, property } from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { float16ToFloat32 } from '../../../worker/core/model/smallFloats';
import { toFloat16 } from '../../../worker/runtimes/onnxruntime/halfFloats';
import { type OrtFiles, OrtThread } from '../../../worker/runtimes/onnxruntime/ortThread';
import type { OrtRequest } from '../../../worker/runtimes/onnxruntime/protocol';
import { onnxModel } from '../formats/onnxLstmModel';

declare const GATESCOPE_ONNXRUNTIME: OrtFiles;

const negation = () =>
  onnxModel({ nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['y'] }], constants: {}, inputs: { x: 'float32' }, outputs: ['y'] });

const question = (model: Uint8Array | null, values: readonly number[] | null = null): OrtRequest => ({
  session: 1,
  model,
  inputs: values === null ? null : [{ type: 'float32', shape: [values.length], data: Float32Array.from(values) }],
  released: [],
});

describe('the thread of ONNX Runtime', () => {
  let thread: OrtThread;
  afterEach(() => thread.end());

  it('answers at once, question by question, also while it still starts', () => {
    thread = new OrtThread(GATESCOPE_ONNXRUNTIME);
    expect(thread.ask(question(negation()), []).outputTypes).toEqual(['float32']);
    for (let i = 0; i < 2000; i++) {
      expect(thread.ask(question(null, [i]), []).outputs[0]?.data[0]).toBe(-i);
    }
    expect(thread.isAlive).toBe(true);
  });

  it('takes arrays that are given away', () => {
    thread = new OrtThread(GATESCOPE_ONNXRUNTIME);
    const asked = question(negation(), [1, 2]);
    const buffers = [asked.model, asked.inputs?.[0]?.data].map((array) => array?.buffer as ArrayBuffer);
    const [{ data } = { data: null }] = thread.ask(asked, buffers).outputs;
    expect(data).toEqual(Float32Array.of(-1, -2));
    expect(buffers.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
  });

  it('is ended when it takes too long', () => {
    // To load WebAssembly alone takes longer.
    thread = new OrtThread(GATESCOPE_ONNXRUNTIME, 1);
    expect(() => thread.ask(question(negation()), [])).toThrow('no answer within 0.001 s');
    expect(thread.isAlive).toBe(false);
  });

  it('says why it cannot start', async () => {
    thread = new OrtThread({ ...GATESCOPE_ONNXRUNTIME, wasm: 'nowhere.wasm' });
    await expect(thread.ready()).rejects.toThrow("no such file or directory, open 'nowhere.wasm'");
    thread.end();
    thread = new OrtThread({ ...GATESCOPE_ONNXRUNTIME, thread: '/nowhere.js' });
    await expect(thread.ready()).rejects.toThrow('nowhere.js');
    expect(thread.isAlive).toBe(false);
  });

  it('says that a question was wrong, and answers the next', () => {
    thread = new OrtThread(GATESCOPE_ONNXRUNTIME);
    expect(() => thread.ask(question(new Uint8Array(7)), [])).toThrow(/protobuf/i);
    expect(() => thread.ask(question(null, [1]), [])).toThrow('There is no session 1.');
    expect(thread.ask(question(negation(), [1]), []).outputs[0]?.data[0]).toBe(-1);
    expect(thread.ask({ ...question(negation()), session: 2, released: [1] }, []).error).toBeNull();
    expect(() => thread.ask(question(null, [1]), [])).toThrow('There is no session 1.');
  });
});

describe('half floats', () => {
  const real = (half: number) => float16ToFloat32(Uint8Array.of(half & 255, half >> 8), 1)[0] ?? NaN;

  it('that are read and written stay what they were, all of them', () => {
    const bits = Uint16Array.from({ length: 65536 }, (_, code) => code);
    const reals = float16ToFloat32(new Uint8Array(bits.buffer), bits.length);
    const written = toFloat16(reals);
    for (const code of bits) {
      if (Number.isNaN(reals[code])) expect(written[code]! & 0x7c00).toBe(0x7c00);
      else if (reals[code] !== 0) expect(written[code]).toBe(code);
    }
    expect([...toFloat16(Float32Array.of(0, -0, NaN))]).toEqual([0, 0x8000, 0x7e00]);
  });

  it('are the nearest ones, halfway to even', () => {
    assert(
      property(integer({ min: 0, max: 0x7bfe }), (code) => {
        const [low, high] = [real(code), real(code + 1)];
        const middle = (low + high) / 2;
        const even = code % 2 === 0 ? code : code + 1;
        const step = (high - low) / 64;
        expect([...toFloat16(Float32Array.of(middle, middle - step, middle + step, -middle))]).toEqual([
          even,
          code,
          code + 1,
          even | 0x8000,
        ]);
      }),
    );
    expect([...toFloat16(Float32Array.of(65519, 65520, 1e9, -Infinity))]).toEqual([0x7bff, 0x7c00, 0x7c00, 0xfc00]);
    assert(
      property(array(float({ noNaN: true }), { maxLength: 8 }), (values) => {
        const halves = toFloat16(Float32Array.from(values));
        for (const [i, value] of values.entries()) expect(halves[i]! >> 15).toBe(Object.is(Math.abs(value), value) ? 0 : 1);
      }),
    );
  });
});
