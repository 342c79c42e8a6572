import { describe, expect, it } from 'vitest';
import { floatPartner } from '../../../extension/floatPartner';

const SAMPLES = ['digits-float.tflite', 'digits-hybrid.tflite', 'digits-int8-miscalibrated.tflite', 'digits-int8.tflite'];

describe('float partner by name', () => {
  it.each([
    ['digits-int8.tflite', 'digits-float.tflite'],
    ['digits-int8-miscalibrated.tflite', 'digits-float.tflite'],
    ['digits-hybrid.tflite', 'digits-float.tflite'],
    ['digits-float.tflite', null],
  ])('%s among the samples: %s', (model, partner) => {
    expect(floatPartner(model, SAMPLES)).toBe(partner);
  });

  it.each([
    ['X.int8.tflite', ['X.float.tflite', 'X.tflite'], 'X.float.tflite'],
    ['X_quant.tflite', ['X.tflite', 'Y.tflite'], 'X.tflite'],
    ['dtln_model_quant_1.tflite', ['dtln_model_1.tflite', 'dtln_model_2.tflite'], 'dtln_model_1.tflite'],
    ['dtln_model_quant_2.tflite', ['dtln_model_1.tflite', 'dtln_model_2.tflite'], 'dtln_model_2.tflite'],
    ['dtln_model_1_qdq.onnx', ['dtln_model_1.onnx', 'dtln_model_2.onnx', 'dtln_model_1_dynamic.onnx'], 'dtln_model_1.onnx'],
    ['lstm.int8.cal100.tflite', ['lstm.float.tflite'], 'lstm.float.tflite'],
    ['net_int8.tflite', ['net_uint8.tflite', 'net_w8a8.tflite'], null],
    ['net.tflite', ['net_float32.tflite', 'net_old.tflite'], 'net_float32.tflite'],
    ['net.tflite', ['other.tflite'], null],
    ['net_int8.tflite', ['net.onnx', 'net_fp32.onnx'], null],
    ['int8.tflite', ['float.tflite', 'a.tflite'], 'float.tflite'],
    ['Net-INT8.TFLITE', ['net-Float.tflite'], 'net-Float.tflite'],
  ])('%s among %j: %s', (model, names, partner) => {
    expect(floatPartner(model, [model, ...names])).toBe(partner);
  });

  it('does not depend on the order of the listing', () => {
    const names = ['n_float_b.tflite', 'n_float.tflite', 'n_f32.tflite', 'n.tflite'];
    expect(floatPartner('n_int8.tflite', names)).toBe(floatPartner('n_int8.tflite', [...names].reverse()));
  });
});
