import { ASSUMED } from '../../formats/onnx/assumed';
import type { FindingRule } from '../findingRule';

export const takenForGranted: FindingRule = {
  rule: 'taken-for-granted',
  severity: 'info',
  title: 'The model is shown for one value of an input',
  explanation:
    'An If of an ONNX model chooses between networks by an input or by a size. Everything here, runs included, is of the network that the value named chooses; what the others do is not looked at.',
  fix: null,
  reference: 'ONNX operator specification: If',
  check: ({ model, graph }) =>
    graph.index !== 0
      ? []
      : model.metadata
          .filter(({ name }) => name.startsWith(ASSUMED))
          .map(({ name, text }) => ({
            message: `Assumed for ${name.slice(ASSUMED.length)}: ${text ?? ''}`,
            name: name.slice(ASSUMED.length),
          })),
};
