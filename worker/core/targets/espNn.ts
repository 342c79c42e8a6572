import { FIX } from './fix';
import { broadcasts, hasKernel, type OptimisedKernel } from './micro/optimisedKernels';
import { inputOf, numberOption, outputOf } from './operands';
import type { OperatorContext, Rule, Target, Violation } from './target';
import { tflm } from './tflm';

const SOURCE = 'espressif/esp-tflite-micro 99f49e1, kernels/esp_nn; espressif/esp-nn d45b843';
const INT8 = ['int8'] as const;

function dilatedOrNot8Bit(context: OperatorContext): Violation | null {
  const [w, h] = [numberOption(context, 'dilation_w_factor', 1), numberOption(context, 'dilation_h_factor', 1)];
  if (w !== 1 || h !== 1) return { seen: `dilation ${w} x ${h}`, fix: FIX.noDilation };
  return notInt8Weights(context);
}

function notInt8Weights(context: OperatorContext): Violation | null {
  const weights = inputOf(context, 1)?.dtype ?? 'unknown';
  return weights === 'int8' ? null : { seen: `${weights} weights` };
}

const KERNELS: ReadonlyMap<string, OptimisedKernel> = new Map<string, OptimisedKernel>([
  ['ADD', { selector: -1, types: INT8, except: broadcasts }],
  ['AVERAGE_POOL_2D', { selector: 0, types: INT8 }],
  ['CONV_2D', { selector: 0, types: INT8, except: dilatedOrNot8Bit }],
  ['DEPTHWISE_CONV_2D', { selector: 0, types: INT8, except: dilatedOrNot8Bit }],
  ['FULLY_CONNECTED', { selector: 0, types: INT8, except: notInt8Weights }],
  ['MAX_POOL_2D', { selector: 0, types: INT8 }],
  ['MUL', { selector: 0, types: INT8, except: broadcasts }],
  [
    'SOFTMAX',
    { selector: 0, types: INT8, except: (context) => (outputOf(context)?.dtype === 'int8' ? null : { seen: 'output not int8' }) },
  ],
]);

const poolDepth: Rule = {
  rule: 'pooling: the depth is a multiple of 4',
  verdict: 'conditional',
  message: "The library's plain C kernel runs, without the vector instructions.",
  source: `${SOURCE}, pooling.cc`,
  broken: (context) => {
    const { name } = context.operator;
    const depth = inputOf(context, 0)?.shape[3] ?? 0;
    return (name === 'AVERAGE_POOL_2D' || name === 'MAX_POOL_2D') && depth % 4 !== 0 ? { seen: `depth ${depth}` } : null;
  },
};

const kernel = hasKernel(KERNELS, 'ESP-NN', SOURCE);

export const espNn: Target = {
  name: 'esp-nn',
  label: 'ESP-NN',
  version: 'd45b843',
  source: SOURCE,
  modelRules: tflm.modelRules,
  execution: { kind: 'interpreter' },
  notes: ['Runs inside TFLite Micro. Assembly for ESP32-S3 and ESP32-P4, generic C for the other chips. No LSTM kernel.'],
  rulesFor: (context) => [...tflm.rulesFor(context), kernel, poolDepth],
};
