import { keepsStates, LSTM_OPERANDS } from '../../model/lstmOperands';
import { listed } from '../../wording';
import type { FindingRule, LintedLstm } from '../findingRule';

export const stateResetOnCmsisNn: FindingRule = {
  rule: 'state-reset-cmsis-nn',
  severity: 'warning',
  title: 'State restarts at each call on CMSIS-NN',
  explanation:
    'A streaming model takes one step a call and lives from its state. TFLite and the reference kernels of TFLite Micro keep the state between calls; the wrapper of CMSIS-NN passes no place for it, so that each call starts at 0.',
  fix: 'Build TFLite Micro with its reference kernel for this operator, or feed the states in and out as tensors of the model.',
  reference:
    'ARM-software/CMSIS-NN 99f736a with tflite-micro, kernels/cmsis_nn/unidirectional_sequence_lstm.cc; CMSIS-NN issue 219',
  check: ({ lstms }) => {
    const streaming = lstms.filter(isStreaming);
    const [first] = streaming;
    if (first === undefined) return [];
    const names = listed(streaming.map(({ info }) => info.name));
    return [{ message: `${names}: one step a call, of which the next call keeps nothing on CMSIS-NN.`, op: first.operator }];
  },
};

/** One step a call, states kept inside, and of a topology that runs there at all. */
function isStreaming({ info, operator, isInteger, operand }: LintedLstm): boolean {
  if (!keepsStates(operator)) return false;
  const shape = operand(LSTM_OPERANDS.input)?.shape ?? [];
  const steps = shape.length === 3 ? shape[info.timeMajor ? 0 : 1] : 1;
  return isInteger && steps === 1 && !info.cifg && !info.peephole && !info.projection && !info.layerNorm;
}
