import type { Case } from './case';
import { affine, graphOf, lstmModel, lstmSpec, modelOf, tensor } from './models';

const [FORGET_BIAS, CELL_STATE] = [13, 19];

const hidden = (scale: number, zeroPoint: number) => tensor('lstm/hidden', 'int8', [0], affine(scale, zeroPoint));
const gates = [0, 1, 2, 3].map((n) => tensor(`i${n}`, 'float32', [0]));
const state = (name: string, dtype: 'int8' | 'int16', scale: number, isVariable = true) =>
  tensor(name, dtype, [1, 8], affine(scale), { isVariable });
const int32 = (values: readonly number[]) => new Uint8Array(Int32Array.from(values).buffer);
const converted = { description: 'MLIR Converted.' };

/** An int8 operator with weights, and an LSTM behind it. */
const denseThen = (kind: 'int8' | 'float') =>
  modelOf(
    graphOf([
      {
        name: 'FULLY_CONNECTED',
        version: 4,
        inputs: [tensor('a', 'int8', [1, 4], affine(0.5)), tensor('w', 'int8', [4, 4], affine(0.25), { constant: true }), null],
        outputs: [tensor('b', 'int8', [1, 4], affine(1))],
      },
      lstmSpec({ kind }),
    ]),
  );

const norm = (bias: number) =>
  lstmModel({
    layerNorm: true,
    operands: {
      [FORGET_BIAS]: tensor('lstm/bf', 'int32', [8], affine(1 / 16384 / 1024), { data: int32(Array<number>(8).fill(bias)) }),
    },
  });

const split = (parts: number, after: readonly string[]) => {
  const outputs = Array.from({ length: parts }, (_, n) => tensor(`part${n}`, 'float32', [1, 4]));
  return modelOf(
    graphOf([
      { name: 'SPLIT', inputs: [null, tensor('z', 'float32', [1, 4 * parts])], outputs },
      ...after.map((name, n) => ({ name, inputs: [outputs[n] ?? null], outputs: [tensor(`a${n}`, 'float32', [1, 4])] })),
    ]),
  );
};

export const LSTM_CASES: Readonly<Record<string, Case>> = {
  'state-not-variable': {
    fires: lstmModel({ operands: { [CELL_STATE]: state('lstm/c', 'int16', 2 ** -12, false) } }),
    says: ['lstm: lstm/c is not variable'],
    silent: lstmModel(),
  },
  'cell-type': {
    fires: lstmModel({ operands: { [CELL_STATE]: state('lstm/c', 'int8', 2 ** -12) } }),
    says: ['the cell state is int8'],
    silent: lstmModel({ kind: 'float' }),
  },
  'peephole-overrun': {
    fires: lstmModel({ projection: true, peephole: true, output: 9 }),
    says: ['peepholes of 8 cells are applied to 9'],
    silent: lstmModel({ projection: true, peephole: true, output: 8 }),
  },
  'cell-clip-zero': {
    fires: lstmModel({ options: { cell_clip: 0.0002 } }),
    says: ['clip ±0.0002', 'one code is 2^−12'],
    silent: lstmModel({ options: { cell_clip: 0.0003 } }),
  },
  'projection-clip-zero-point': {
    fires: lstmModel({ projection: true, options: { proj_clip: 0.5 } }),
    says: ['clip ±0.5, zero point 2', '−0.516 and 0.484'],
    // Beyond the range: every code passes.
    silent: lstmModel({ projection: true, options: { proj_clip: 2 } }),
  },
  'lstm-activation': {
    fires: lstmModel({ options: { fused_activation_function: 'NONE' } }),
    says: ['asks for NONE'],
    silent: lstmModel({ kind: 'float', options: { fused_activation_function: 'NONE' } }),
  },
  'lstm-left-float': { fires: denseThen('float'), says: ['lstm: float, beside an integer operator'], silent: denseThen('int8') },
  'lstm-16x8': {
    fires: lstmModel({ operands: { 0: tensor('lstm/x', 'int16', [1, 3, 4], affine(1 / 64)) } }),
    says: ['int16 data', 'TFLite Micro and CMSIS-NN run it'],
    silent: lstmModel(),
  },
  'lstm-operand-count': {
    fires: modelOf(graphOf([{ ...lstmSpec(), inputs: lstmSpec().inputs.slice(0, 20) }])),
    says: ['20 operands', '24'],
    silent: lstmModel(),
  },
  'calibrated-with-carried-states': {
    fires: { ...lstmModel(), ...converted },
    says: ["lstm: the file is from TensorFlow's converter"],
    silent: { ...lstmModel({ kind: 'float' }), ...converted },
  },
  'one-sided-range': {
    fires: lstmModel({ projection: true, intermediates: [...gates, hidden(0.01, -128)] }),
    says: ['lstm/hidden', '0 to 2.55'],
    silent: lstmModel({ projection: true, intermediates: [...gates, hidden(0.01, -127)] }),
  },
  'layer-norm-can-overflow': {
    // 2^31 - 1 without the coefficients, which are zeros here.
    fires: norm(-2147483648),
    says: ['f can reach 2,147,483,648', '8 cells'],
    silent: norm(2147483647),
  },
  'gru-decomposed': {
    fires: split(3, ['LOGISTIC', 'LOGISTIC', 'TANH']),
    says: ['One GRU step'],
    silent: split(3, ['LOGISTIC', 'TANH', 'TANH']),
  },
  'state-reset-cmsis-nn': {
    fires: lstmModel({ operands: { 0: tensor('lstm/x', 'int8', [1, 1, 4], affine(1 / 64, -1)) } }),
    says: ['one step a call'],
    silent: lstmModel({ projection: true, operands: { 0: tensor('lstm/x', 'int8', [1, 1, 4], affine(1 / 64, -1)) } }),
  },
  'state-kept-between-calls': {
    fires: lstmModel({ kind: 'float' }),
    says: ['lstm: output and cell state are variable'],
    silent: lstmModel({ operands: { 0: tensor('lstm/x', 'int8', [1, 1, 4], affine(1 / 64, -1)) } }),
  },
};
