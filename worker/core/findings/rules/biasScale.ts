import { LSTM_INTERMEDIATES, LSTM_OPERANDS } from '../../model/lstmOperands';
import type { Graph, Operator, Tensor } from '../../model/model';
import { operandTensor } from '../../model/operands';
import { GATES } from '../../lstm/signals';
import type { FindingRule, LintedLstm, Occurrence } from '../findingRule';
import { real, scaleText, tensorName } from '../wording';
import { QUANTIZE_AGAIN } from '../recipeFragment';

/** Products of float32 scales, rounded once more when stored. */
const TOLERANCE = 1e-5;

export const biasScale: FindingRule = {
  rule: 'bias-scale',
  severity: 'warning',
  title: 'Bias scale does not fit',
  explanation:
    "A bias is added to the sum of products as it is stored, so kernels take it to have the product's scale, whatever the file says.",
  fix: 'Quantize the bias with the product of the input scale and the weight scale.',
  reference: 'arXiv 2101.05453; TensorFlow Lite 8-bit quantization specification',
  recipe: QUANTIZE_AGAIN,
  check: ({ graph, lstms }) => [
    ...lstms.flatMap((lstm) => lstmBiases(lstm)),
    ...graph.operators.flatMap((operator) => matmulBias(graph, operator)),
  ],
};

function lstmBiases({ info, isInteger, operand, intermediate, operator }: LintedLstm): readonly Occurrence[] {
  if (!isInteger) return [];
  const input = scaleOf(operand(LSTM_OPERANDS.input));
  const hidden = scaleOf(intermediate(LSTM_INTERMEDIATES.hidden));
  const gates = GATES.map((gate) => {
    const norm = scaleOf(operand(LSTM_OPERANDS.layerNormCoefficients[gate]));
    const wanted = info.layerNorm ? norm * 2 ** -10 : input * scaleOf(operand(LSTM_OPERANDS.inputToGate[gate]));
    return compare(`${info.name}: `, operand(LSTM_OPERANDS.gateBias[gate]), 0, wanted, operator);
  });
  const projection = hidden * scaleOf(operand(LSTM_OPERANDS.projectionWeights));
  return [...gates, compare(`${info.name}: `, operand(LSTM_OPERANDS.projectionBias), 0, projection, operator)].flat();
}

const MATMULS: ReadonlySet<string> = new Set(['FULLY_CONNECTED', 'CONV_2D', 'DEPTHWISE_CONV_2D']);

function matmulBias(graph: Graph, operator: Operator): readonly Occurrence[] {
  if (!MATMULS.has(operator.name)) return [];
  const [input, weights, bias] = [0, 1, 2].map((position) => operandTensor(graph, operator, position));
  const activations = input?.dtype ?? 'unknown';
  if (activations !== 'int8' && activations !== 'int16' && activations !== 'uint8') return [];
  const scales = weights?.quantization?.scales ?? new Float32Array();
  for (let channel = 0; channel < scales.length; channel++) {
    const found = compare('', bias ?? null, channel, scaleOf(input ?? null) * (scales[channel] ?? 0), operator);
    if (found.length > 0) return found;
  }
  return [];
}

function compare(prefix: string, bias: Tensor | null, channel: number, wanted: number, op: Operator): readonly Occurrence[] {
  const scales = bias?.quantization?.scales;
  const scale = scales?.[scales.length > 1 ? channel : 0];
  if (bias === null || scale === undefined || !(wanted > 0) || Math.abs(scale / wanted - 1) <= TOLERANCE) return [];
  const where = scales !== undefined && scales.length > 1 ? ` in channel ${channel}` : '';
  return [
    {
      message: `${prefix}${tensorName(bias)} has scale ${scaleText(scale)}${where}; the kernels read it as ${scaleText(wanted)}, which is ${real(wanted / scale)} times as much.`,
      op,
      tensor: bias,
    },
  ];
}

function scaleOf(tensor: Tensor | null): number {
  return tensor?.quantization?.scales[0] ?? 0;
}
