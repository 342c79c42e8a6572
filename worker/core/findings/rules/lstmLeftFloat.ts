import { schemeOf } from '../../model/scheme';
import { listed } from '../../wording';
import type { FindingRule } from '../findingRule';
import { isIntegerOperator, weightedOperators } from '../weightedOperators';
import { QUANTIZE_AGAIN } from '../recipeFragment';

export const lstmLeftFloat: FindingRule = {
  rule: 'lstm-left-float',
  severity: 'warning',
  title: 'LSTM left in float',
  explanation:
    'Several quantizers pass over recurrent operators without a word. Such a model is neither small nor integer: its LSTM holds most of the weights and takes most of the time, in float, between two conversions.',
  fix: 'Quantize the float model again with a tool that quantizes LSTMs.',
  reference:
    'Vela 5.2.0, measured: refuses such a model as a whole; ai-edge-quantizer and ONNX Runtime, measured: leave LSTMs in float',
  recipe: QUANTIZE_AGAIN,
  check: ({ model, graph, lstms }) => {
    const left = lstms.filter(({ info }) => info.scheme === 'float');
    const [first] = left;
    if (first === undefined || schemeOf(model) === 'float') return [];
    const integer = weightedOperators(graph).filter(isIntegerOperator).length;
    if (integer === 0) return [];
    const names = listed(left.map(({ info }) => info.name));
    const message = `${names}: float, beside ${integer === 1 ? 'an integer operator' : `${integer} integer operators`} with weights.`;
    return [{ message, op: first.operator, name: first.info.name }];
  },
};
