import { LSTM_INTERMEDIATES } from '../../model/lstmOperands';
import { GATE_LETTERS, GATES } from '../../lstm/signals';
import { QUANTIZE_AGAIN, recipeOf } from '../recipeFragment';
import { everyLstm, type FindingRule } from '../findingRule';

/** The set-up fails on the first gate without a scale, the failure is ignored, and every output is one constant. */
export const gateScaleMissing: FindingRule = {
  rule: 'gate-scale-missing',
  severity: 'error',
  title: 'All outputs will be one constant',
  explanation:
    "Layer norm needs the scale of the gate's sum. Without it the kernel leaves all its multipliers at 0, and each gate answers with one constant.",
  fix: 'Give intermediate 0 any scale, such as 2^−12. With CIFG its value is never used.',
  reference: 'TensorFlow Lite 2.21, measured on all CIFG models with layer norm that its quantizer makes',
  check: everyLstm(({ info, isInteger, intermediate, operator }) => {
    if (!isInteger || !info.layerNorm || operator.intermediates.length !== 5) return null;
    const gate = GATES.find((name) => (intermediate(LSTM_INTERMEDIATES.gate[name])?.quantization?.scales.length ?? 0) === 0);
    if (gate === undefined) return null;
    const position = LSTM_INTERMEDIATES.gate[gate];
    const tensor = intermediate(position);
    const message = `${info.name}: with layer norm, intermediate ${position} (${GATE_LETTERS[gate]} before layer norm) has no scale. TFLite's set-up fails on it without a word.`;
    const other =
      gate === 'input' && info.cifg
        ? { recipe: recipeOf({ mendCifgLayerNorm: true }) }
        : { fix: 'Calibrate the gate and store its scale.', recipe: QUANTIZE_AGAIN };
    return { message, ...other, ...(tensor === null ? {} : { tensor }) };
  }),
};
