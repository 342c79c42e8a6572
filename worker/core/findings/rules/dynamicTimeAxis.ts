import { LSTM_OPERANDS } from '../../model/lstmOperands';
import type { FindingRule } from '../findingRule';

export const dynamicTimeAxis: FindingRule = {
  rule: 'dynamic-time-axis',
  severity: 'info',
  title: 'Dynamic time axis',
  explanation: 'A compiler for an NPU unrolls the steps of an LSTM, and has to know how many there are.',
  fix: 'Export the model with a fixed number of steps if it is meant for an NPU.',
  reference: 'Vela 5.2.0: only the first dimension of tensors can be dynamic',
  check: ({ model, lstms }) => {
    // Ethos-U's compiler does not read ONNX, and there the open axis is mostly the batch.
    if (model.format === 'onnx') return [];
    const dynamic = lstms.filter(
      ({ isInteger, operand }) => isInteger && operand(LSTM_OPERANDS.input)?.shapeSignature.slice(1).includes(-1) === true,
    );
    const [first] = dynamic;
    if (first === undefined) return [];
    const names = dynamic.map(({ info }) => info.name).join(', ');
    return [
      {
        message: `${names}: the number of steps is open. Ethos-U leaves ${dynamic.length === 1 ? 'it' : 'them'} on the CPU.`,
        op: first.operator,
      },
    ];
  },
};
