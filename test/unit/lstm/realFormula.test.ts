import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../worker/core/formats/readModel';
import { realLstmFormulas, type RealLstmFormula } from '../../../worker/core/lstm/float/realFormula';
import { constantValues } from '../../../worker/core/model/constants';
import { LSTM_OPERANDS } from '../../../worker/core/model/lstmOperands';

const samples = resolve(import.meta.dirname, '../../../samples');

function lstmOf(name: string) {
  const path = resolve(samples, name);
  const graph = readModel({ name, bytes: new Uint8Array(readFileSync(path)) }).graphs[0]!;
  const operator = graph.operators.find((one) => one.name === 'UNIDIRECTIONAL_SEQUENCE_LSTM')!;
  const formulas: readonly RealLstmFormula[] = realLstmFormulas(graph, operator);
  return { graph, operator, formulas };
}

describe('the formula of an LSTM that computes in reals', () => {
  it('of a hybrid one names the scales of the file, the depths and the range of each bias', () => {
    const { graph, operator, formulas } = lstmOf('digits-hybrid.tflite');
    expect(formulas).toHaveLength(1);
    const [formula] = formulas;
    const tensorOf = (position: number) => graph.tensors[operator.inputs[position]!]!;
    const weights = tensorOf(LSTM_OPERANDS.inputToGate.forget);
    const forget = formula!.gates.find(({ gate }) => gate === 'forget')!;
    const [scale] = weights.quantization!.scales;
    expect(formula!.arithmetic).toBe('hybrid');
    expect(forget.input).toEqual({ depth: weights.shape[1], codes: { dtype: 'int8', scales: [scale, scale], zeroPoint: 0 } });
    const bias = Array.from(constantValues(tensorOf(LSTM_OPERANDS.gateBias.forget)) as Float32Array);
    expect(forget.bias).toEqual([Math.min(...bias), Math.max(...bias)]);
    expect(formula!.source).toContain('EvalHybrid');
  });

  it('of a float one has no codes, of an integer one there is none', () => {
    const [formula] = lstmOf('digits-float.tflite').formulas;
    expect(formula!.arithmetic).toBe('float');
    expect(formula!.gates.every(({ input, recurrent }) => input.codes === null && recurrent.codes === null)).toBe(true);
    expect(lstmOf('digits-int8.tflite').formulas).toEqual([]);
  });
});
