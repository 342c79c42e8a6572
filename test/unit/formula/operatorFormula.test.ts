import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operatorFormula } from '../../../worker/core/formula/describeOperator';
import type { OperatorFormula, Rescale } from '../../../worker/core/formula/operatorFormula';
import {
  multiplyByQuantizedMultiplierDoubleRounding as twice,
  multiplyByQuantizedMultiplierSingleRounding as once,
} from '../../../worker/core/quantization/fixedPoint';
import type { PersonaName } from '../../../worker/core/lstm/persona';
import { buildOperator, type OperatorSpec, type TensorSpec } from '../../lstmBuilder';
import { float32, int8, run } from '../ops/oneOperator';

const scale = fc.double({ min: 1e-3, max: 0.5, noNaN: true }).map(Math.fround);
const code = fc.integer({ min: -128, max: 127 });
const persona = fc.constantFrom<PersonaName>('tflite', 'tflm');
const tensor = (shape: readonly number[], own: number, zeroPoint: number): TensorSpec => ({
  shape,
  dtype: 'int8',
  scale: own,
  zeroPoint,
});

function formulaOf(spec: OperatorSpec, name: PersonaName = 'tflite'): OperatorFormula {
  const { graph, operator } = buildOperator(spec);
  const formula = operatorFormula(graph, operator, name);
  if (formula === null) throw new Error(`${spec.name} has no formula.`);
  return formula;
}

/** What a reader of the formula would compute: its numbers alone, nothing else of the model. */
const zeroOf = ({ operands }: OperatorFormula, symbol: string) => operands.find((one) => one.symbol === symbol)?.zeroPoint ?? NaN;
const limited = ({ limits }: OperatorFormula, value: number) =>
  Math.min(Math.max(value, limits?.low ?? NaN), limits?.high ?? NaN);
const byTwo = (x: number, { multiplier, shift }: Rescale) => twice(x, multiplier, shift);

describe('the formula of an operator gives what the engine computes', () => {
  it('ADD and SUB', () => {
    const property = fc.property(
      fc.tuple(scale, scale, scale),
      fc.tuple(code, code, code),
      code,
      code,
      fc.constantFrom('ADD', 'SUB'),
      fc.constantFrom('NONE', 'RELU', 'RELU6'),
      (s, z, p, q, name, activation) => {
        const spec: OperatorSpec = {
          name,
          operands: [tensor([1], s[0], z[0]), tensor([1], s[1], z[1])],
          outputs: [tensor([1], s[2], z[2])],
          options: { fused_activation_function: activation },
        };
        const formula = formulaOf(spec);
        const { arithmetic } = formula;
        if (arithmetic.kind !== 'sum') throw new Error(arithmetic.kind);
        const { sign, leftShift, first, second, result } = arithmetic;
        const a = byTwo((p - zeroOf(formula, 'a')) * 2 ** leftShift, first);
        const b = byTwo((q - zeroOf(formula, 'b')) * 2 ** leftShift, second);
        const expected = limited(formula, byTwo(a + sign * b, result) + zeroOf(formula, 'y'));
        expect(run(spec, [int8([1], [p]), int8([1], [q])])[0]?.data[0]).toBe(expected);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('MUL and QUANTIZE of codes', () => {
    const property = fc.property(fc.tuple(scale, scale, scale), fc.tuple(code, code, code), code, code, (s, z, p, q) => {
      const options = { fused_activation_function: 'NONE' };
      const [a, b, y] = [tensor([1], s[0], z[0]), tensor([1], s[1], z[1]), tensor([1], s[2], z[2])];
      const multiply: OperatorSpec = { name: 'MUL', operands: [a, b], outputs: [y], options };
      const product = formulaOf(multiply);
      if (product.arithmetic.kind !== 'product') throw new Error(product.arithmetic.kind);
      const value = byTwo((p - z[0]) * (q - z[1]), product.arithmetic.rescale) + zeroOf(product, 'y');
      expect(run(multiply, [int8([1], [p]), int8([1], [q])])[0]?.data[0]).toBe(limited(product, value));

      const requantize: OperatorSpec = { name: 'QUANTIZE', operands: [a], outputs: [y], options: {} };
      const between = formulaOf(requantize);
      if (between.arithmetic.kind !== 'rescale') throw new Error(between.arithmetic.kind);
      const moved = byTwo(p - zeroOf(between, 'x'), between.arithmetic.rescale) + zeroOf(between, 'y');
      expect(run(requantize, [int8([1], [p])])[0]?.data[0]).toBe(limited(between, moved));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('FULLY_CONNECTED, one scale or one for each unit, under both roundings', () => {
    const units = 3;
    const property = fc.property(
      persona,
      fc.tuple(scale, scale),
      fc.oneof(fc.tuple(scale), fc.tuple(scale, scale, scale)),
      fc.tuple(code, code),
      fc.array(code, { minLength: 4, maxLength: 4 }),
      fc.array(fc.integer({ min: -127, max: 127 }), { minLength: 12, maxLength: 12 }),
      fc.array(fc.integer({ min: -1e5, max: 1e5 }), { minLength: units, maxLength: units }),
      (name, [sx, sy], sw, [zx, zy], x, w, bias) => {
        const [only, more] = sw as readonly number[];
        const spec: OperatorSpec = {
          name: 'FULLY_CONNECTED',
          operands: [
            tensor([1, 4], sx, zx),
            {
              shape: [units, 4],
              dtype: 'int8',
              values: Int8Array.from(w),
              zeroPoint: 0,
              ...(more === undefined ? { scale: only! } : { rowScales: sw }),
            },
            { shape: [units], dtype: 'int32', values: Int32Array.from(bias) },
          ],
          outputs: [tensor([1, units], sy, zy)],
          options: { fused_activation_function: 'RELU' },
        };
        const formula = formulaOf(spec, name);
        const { arithmetic } = formula;
        if (arithmetic.kind !== 'products') throw new Error(arithmetic.kind);
        expect(arithmetic).toMatchObject({
          depth: 4,
          channels: units,
          accumulator: 'int32',
          bias: [Math.min(...bias), Math.max(...bias)],
        });
        const multiply = arithmetic.rounding === 'once' ? once : twice;
        const expected = Array.from({ length: units }, (_, unit) => {
          const sum = x.reduce((total, value, k) => total + (value - zeroOf(formula, 'x')) * w[unit * 4 + k]!, bias[unit]!);
          const rescale = arithmetic.rescales[arithmetic.rescales.length === 1 ? 0 : unit]!;
          return limited(formula, multiply(sum, rescale.multiplier, rescale.shift) + zeroOf(formula, 'y'));
        });
        expect([...run(spec, [int8([1, 4], x)], { path: 'int8', persona: name })[0]!.data]).toEqual(expected);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it('RELU6 and LEAKY_RELU', () => {
    const property = fc.property(fc.tuple(scale, scale), fc.tuple(code, code), code, ([sx, sy], [zx, zy], p) => {
      const operands = [tensor([1], sx, zx)];
      const outputs = [tensor([1], sy, zy)];
      for (const spec of [
        { name: 'RELU6', operands, outputs, options: {} },
        { name: 'LEAKY_RELU', operands, outputs, options: { alpha: 0.25 } },
      ] satisfies OperatorSpec[]) {
        const formula = formulaOf(spec);
        if (formula.arithmetic.kind !== 'rescale') throw new Error(formula.arithmetic.kind);
        const { rescale, below } = formula.arithmetic;
        const value = byTwo(p - zx, p < zx && below ? below : rescale) + zy;
        expect(run(spec, [int8([1], [p])])[0]?.data[0]).toBe(limited(formula, value));
      }
    });
    fc.assert(property, { numRuns: 200 });
  });
});

describe('operatorFormula', () => {
  it('says how a runtime computes σ, tanh and softmax', () => {
    const of = (name: string, runtime: PersonaName) =>
      formulaOf(
        { name, operands: [tensor([1, 4], 0.1, 0)], outputs: [tensor([1, 4], 1 / 256, -128)], options: { beta: 1 } },
        runtime,
      ).arithmetic;
    expect(of('LOGISTIC', 'tflite')).toEqual({ kind: 'function', of: 'sigmoid', by: 'float32 table' });
    expect(of('TANH', 'tflm')).toEqual({ kind: 'function', of: 'tanh', by: 'gemmlowp Q4.27' });
    expect(of('SOFTMAX', 'tflm')).toEqual({ kind: 'softmax', beta: 1, depth: 4, by: 'gemmlowp Q5.26' });
  });

  it('has none for floats, and none where operands contradict each other', () => {
    const real: TensorSpec = { shape: [2], dtype: 'float32' };
    const add: OperatorSpec = { name: 'ADD', operands: [real, real], outputs: [real], options: {} };
    expect(run(add, [float32([2], [1, 2]), float32([2], [3, 4])])[0]?.data[1]).toBe(6);
    const of = (spec: OperatorSpec) => {
      const { graph, operator } = buildOperator(spec);
      return operatorFormula(graph, operator, 'tflite');
    };
    expect(of(add)).toBe(null);
    expect(of({ ...add, operands: [tensor([2], 0.1, 0), { shape: [2], dtype: 'int8' }], outputs: [tensor([2], 0.1, 0)] })).toBe(
      null,
    );
    expect(of({ ...add, name: 'NO_SUCH_OPERATOR', operands: [tensor([2], 0.1, 0)], outputs: [tensor([2], 0.1, 0)] })).toBe(null);
  });
});
