import { QUANTIZE_AGAIN } from '../recipeFragment';
import { everyLstm, type FindingRule } from '../findingRule';

export const lstm16x8: FindingRule = {
  rule: 'lstm-16x8',
  severity: 'warning',
  title: '16x8 LSTM runs on few runtimes',
  explanation:
    'With 16-bit data and 8-bit weights only the kernels for microcontrollers compute an LSTM. The interpreter for phones and servers has none and refuses the model when it allocates tensors.',
  fix: 'Quantize to int8 data if the model is meant for anything but TFLite Micro and CMSIS-NN.',
  reference:
    'tensorflow/tensorflow issues 59626 and 60884; LiteRT 2.3.0, measured: refused; tflite-micro 8f6596d, measured: runs',
  recipe: QUANTIZE_AGAIN,
  check: everyLstm(({ info }) => {
    if (info.scheme !== '16x8') return null;
    const runs = !info.cifg && !info.peephole && !info.projection && !info.layerNorm;
    const micro = runs ? 'TFLite Micro and CMSIS-NN run it' : 'TFLite Micro runs 16x8, but not this topology';
    return { message: `${info.name}: int16 data and int8 weights. TFLite refuses the model; ${micro}.` };
  }),
};
