import type { RecurrentInfo } from '../report/overview';
import { GRU_OPERANDS, RNN_OPERANDS } from './gruOperands';
import { commonName, nodeName, schemeOfLstm } from './lstmInfo';
import { ONNX_LSTM_OPTIONS } from './lstmOperands';
import type { Graph, Operator } from './model';
import { operandTensor } from './operands';
import { weightOperands } from './parameters';

/** Sizes, form and direction of every GRU and simple recurrent layer of a graph, in file order. */
export function describeRecurrent(graph: Graph): RecurrentInfo[] {
  const infos = graph.operators.flatMap((operator) =>
    operator.name === 'GRU' || operator.name === 'VANILLA_RNN' ? [describe(graph, operator)] : [],
  );
  const isUnique = (name: string) => name !== '' && infos.filter((info) => info.name === name).length === 1;
  return infos.map((info) => ({ ...info, name: isUnique(info.name) ? info.name : `${info.kind.toUpperCase()} ${info.op}` }));
}

function describe(graph: Graph, operator: Operator): RecurrentInfo {
  const isGru = operator.name === 'GRU';
  const { options } = operator;
  const tensor = (operand: number) => operandTensor(graph, operator, operand);
  const weights = tensor(isGru ? GRU_OPERANDS.inputToGate.update : RNN_OPERANDS.inputWeights);
  const roles = weightOperands(operator);
  const clip = options[ONNX_LSTM_OPTIONS.gateClip];
  return {
    kind: isGru ? 'gru' : 'rnn',
    subgraph: graph.index,
    op: operator.index,
    name: nodeName(operator) ?? commonName([...(roles?.weights ?? []), ...(roles?.biases ?? [])].map(tensor)),
    scheme: recurrentScheme(graph, operator),
    input: weights?.shape[1] ?? 0,
    hidden: weights?.shape[0] ?? 0,
    reset: isGru ? (options.linear_before_reset === true ? 'after' : 'before') : null,
    direction: options[ONNX_LSTM_OPTIONS.reverse] === true ? 'backward' : 'forward',
    gateActivation: isGru ? String(options[ONNX_LSTM_OPTIONS.gateActivation] ?? 'SIGMOID') : null,
    activation: String(options.fused_activation_function ?? 'TANH'),
    gateClip: typeof clip === 'number' ? clip : 0,
  };
}

/** One int8 matrix makes it hybrid: converters leave small ones float. */
function recurrentScheme(graph: Graph, operator: Operator): RecurrentInfo['scheme'] {
  const input = operandTensor(graph, operator, 0);
  const schemes = (weightOperands(operator)?.weights ?? []).map((at) => schemeOfLstm(input, operandTensor(graph, operator, at)));
  if (schemes.includes('int8')) return 'int8';
  return schemes.includes('hybrid') ? 'hybrid' : 'float';
}
