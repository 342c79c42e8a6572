import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import { lstmFormula, type LstmFormula, type MatmulFormula } from '../../../worker/core/lstm/integer/integerFormula';
import type { PersonaName } from '../../../worker/core/lstm/persona';
import { constantValues } from '../../../worker/core/model/constants';
import { LSTM_OPERANDS } from '../../../worker/core/model/lstmOperands';
import type { Graph, Operator } from '../../../worker/core/model/model';
import { describeShared } from '../../shared';

const samples = resolve(import.meta.dirname, '../../../samples');

function lstmOf(path: string, at = 0): { readonly graph: Graph; readonly operator: Operator } {
  const graph = readModel({ name: path, bytes: new Uint8Array(readFileSync(path)) }).graphs[0]!;
  const operator = graph.operators.filter(({ name }) => name === 'UNIDIRECTIONAL_SEQUENCE_LSTM')[at]!;
  return { graph, operator };
}

function formulaOf(path: string, at = 0, persona: PersonaName = 'tflite'): LstmFormula {
  const { graph, operator } = lstmOf(path, at);
  const formula = lstmFormula(graph, operator, persona);
  if (formula === null) throw new Error(`${path} has no integer LSTM.`);
  return formula;
}

/** What multiplier and shift stand for, against the quotient of the scales; float32 rounds it twice. */
function expectQuotient({ scales: [first, second, result], multiplier, shift }: MatmulFormula): void {
  const real = multiplier * 2 ** (shift - 31);
  expect(Math.abs(real / ((first * second) / result) - 1)).toBeLessThan(2 ** -22);
  expect(multiplier).toBeGreaterThanOrEqual(2 ** 30);
  expect(multiplier).toBeLessThan(2 ** 31);
}

/** Effective biases by their definition: bias - zeroPoint * row sum. */
function biasRange(graph: Graph, operator: Operator, weights: number, bias: number | null, zeroPoint: number): [number, number] {
  const valuesOf = (position: number) => constantValues(graph.tensors[operator.inputs[position]!]!) as ArrayLike<number>;
  const tensor = graph.tensors[operator.inputs[weights]!]!;
  const [rows = 0, columns = 0] = tensor.shape;
  const matrix = valuesOf(weights);
  const effective = Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += matrix[row * columns + k]!;
    return (bias === null ? 0 : valuesOf(bias)[row]!) - zeroPoint * sum;
  });
  return [Math.min(...effective), Math.max(...effective)];
}

describe('formula of an integer LSTM', () => {
  const path = `${samples}/digits-int8.tflite`;

  it('has the file’s scales and what they became, gate by gate', () => {
    const { graph, operator } = lstmOf(path);
    const formula = formulaOf(path);
    expect(formula).toMatchObject({ accumulator: 'int32', recurrentSaturatesAlone: false, projection: { depth: 64 } });
    expect(formula.gates.map(({ gate }) => gate)).toEqual(['input', 'forget', 'cell', 'output']);
    for (const { gate, input, recurrent, peephole, layerNorm } of formula.gates) {
      expectQuotient(input);
      expectQuotient(recurrent);
      expect([input.depth, recurrent.depth, peephole]).toEqual([120, 32, null]);
      const weights = graph.tensors[operator.inputs[LSTM_OPERANDS.inputToGate[gate]]!]!;
      expect(input.scales[0]).toBe(weights.quantization?.scales[0]);
      // With layer norm the gate's bias comes after it, and is no part of the sum.
      expect(input.hasBias).toBe(false);
      expect(input.bias).toEqual(biasRange(graph, operator, LSTM_OPERANDS.inputToGate[gate], null, input.zeroPoint));
      expect(recurrent.bias).toEqual(biasRange(graph, operator, LSTM_OPERANDS.recurrentToGate[gate], null, recurrent.zeroPoint));
      expect(layerNorm!.multiplier * 2 ** (layerNorm!.shift - 31)).toBeCloseTo(layerNorm!.scale * 4096, 9);
    }
    expectQuotient(formula.projection!);
    expect(formula.cell).toMatchObject({
      exponent: -12,
      products: { kind: 'shift', forgetShift: 15, inputShift: 18 },
      clip: 32767,
    });
  });

  it('is null where the arithmetic is not integer, or the runtime refuses it', () => {
    for (const [name, persona] of [
      ['digits-float', 'tflite'],
      ['digits-hybrid', 'tflite'],
    ] as const) {
      const { graph, operator } = lstmOf(`${samples}/${name}.tflite`);
      expect(lstmFormula(graph, operator, persona)).toBeNull();
    }
    const { graph } = lstmOf(path);
    expect(lstmFormula(graph, graph.operators[2]!, 'tflite')).toBeNull();
  });

  describeShared('of reference models', (shared) => {
    it('takes the stored bias in where there is no layer norm', () => {
      const mnist = `${shared}/data/tflite/mnist_lstm_int8.tflite`;
      const { graph, operator } = lstmOf(mnist);
      const { gates } = formulaOf(mnist);
      for (const { gate, input } of gates) {
        expect(input).toMatchObject({ hasBias: true, scales: [expect.any(Number), expect.any(Number), 2 ** -12] });
        const { inputToGate, gateBias } = LSTM_OPERANDS;
        expect(input.bias).toEqual(biasRange(graph, operator, inputToGate[gate], gateBias[gate], input.zeroPoint));
      }
    });

    it('gives the multipliers that the runtime computes', () => {
      const { gates } = formulaOf(`${shared}/data/speech-digits/models/lstm.int8.tflite`, 1);
      const output = gates.find(({ gate }) => gate === 'output');
      expect(output?.input).toMatchObject({ multiplier: 2_104_698_880, shift: -2, bias: [1013, 8208] });
      expect(output?.recurrent).toMatchObject({ multiplier: 1_604_015_232, shift: -2 });
    });

    it('follows the persona', () => {
      const mnist = `${shared}/data/tflite/mnist_lstm_int8.tflite`;
      const tflm = formulaOf(mnist, 0, 'tflm');
      expect(tflm).toMatchObject({ recurrentSaturatesAlone: true, cell: { products: { kind: 'multiplier' } } });
      expect(tflm.source).toContain('TFLM');
    });

    it('has peepholes, and no input gate with CIFG', () => {
      const full = formulaOf(`${shared}/golden/lstm16/lstm-ln-proj-peep-clipped-timemajor/int8.tflite`);
      expect(full.gates.map(({ peephole }) => peephole !== null)).toEqual([true, true, false, true]);
      expect(full.projection?.clip).not.toBeNull();
      const coupled = formulaOf(`${shared}/golden/lstm16/cifg-peep-pow2/int8.tflite`);
      expect(coupled.gates.map(({ gate }) => gate)).toEqual(['forget', 'cell', 'output']);
    });
  });
});
