import { everyLstm, type FindingRule } from '../findingRule';

const ALL = 24;

export const lstmOperandCount: FindingRule = {
  rule: 'lstm-operand-count',
  severity: 'warning',
  title: 'LSTM lists 20 operands',
  explanation:
    "Files of before layer norm list 20 operands, today's 24, the last four absent without layer norm. TFLite takes both, microcontrollers and NPUs only the longer list.",
  fix: 'Write the operator with 24 operands; absent ones are −1.',
  reference: 'tflite-micro 8f6596d and Vela 5.2.0, measured: refuse the model',
  check: everyLstm(({ info, isInteger, operator }) => {
    const count = operator.inputs.length;
    if (!isInteger || count >= ALL) return null;
    return { message: `${info.name}: ${count} operands. TFLite Micro and Vela want ${ALL}.` };
  }),
};
