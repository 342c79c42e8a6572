import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../../worker/core/formats/onnx/readOnnx';
import { schemeOf } from '../../../worker/core/model/scheme';
import { onnxModel, type OnnxModelSpec } from '../formats/onnxLstmModel';

const CONSTANTS = {
  s: { shape: [], values: Float32Array.of(0.02) },
  z: { shape: [], values: Uint8Array.of(128) },
  wz: { shape: [], values: Int8Array.of(0) },
  m: { shape: [2, 2], values: Int8Array.of(1, 2, 3, 4) },
};
const QUANTIZE = { op: 'QuantizeLinear', inputs: ['x', 's', 'z'], outputs: ['q'] };
const DYNAMIC = { op: 'DynamicQuantizeLinear', inputs: ['x'], outputs: ['q', 'qs', 'qz'] };
const DEQUANTIZE = { op: 'DequantizeLinear', inputs: ['q', 's', 'z'], outputs: ['d'] };

const scheme = (nodes: OnnxModelSpec['nodes'], output: string) =>
  schemeOf(
    readOnnx(
      onnxModel({ nodes, constants: CONSTANTS, inputs: { x: 'float32' }, shapes: { x: [2, 2] }, outputs: [output] }),
      'x.onnx',
    ),
  );

describe('the scheme of an ONNX model', () => {
  it('is int8 where operators without weights compute between DequantizeLinear and QuantizeLinear', () => {
    const again = { op: 'QuantizeLinear', inputs: ['y', 's', 'z'], outputs: ['p'] };
    expect(scheme([QUANTIZE, DEQUANTIZE, { op: 'Sigmoid', inputs: ['d'], outputs: ['y'] }, again], 'p')).toBe('int8');
    expect(scheme([{ op: 'Sigmoid', inputs: ['x'], outputs: ['y'] }], 'y')).toBe('float');
  });

  it('is int8 with scales that a run computes', () => {
    const product = { op: 'QLinearMatMul', inputs: ['q', 'qs', 'qz', 'm', 's', 'wz', 's', 'z'], outputs: ['y'] };
    expect(scheme([DYNAMIC, product], 'y')).toBe('int8');
  });

  it('is hybrid with dynamic quantization', () => {
    expect(scheme([DYNAMIC, { op: 'MatMulInteger', inputs: ['q', 'm', 'qz', 'wz'], outputs: ['y'] }], 'y')).toBe('hybrid');
    expect(scheme([DYNAMIC, { op: 'MatMulInteger', inputs: ['q', 'q', 'qz', 'qz'], outputs: ['y'] }], 'y')).toBe('hybrid');
    const product = { op: 'DynamicQuantizeMatMul', domain: 'com.microsoft', inputs: ['x', 'm', 's'], outputs: ['y'] };
    expect(scheme([product], 'y')).toBe('hybrid');
  });
});
