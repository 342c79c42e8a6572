import type { Graph, Operator } from '../../model/model';
import type { FindingRule, Occurrence } from '../findingRule';
import { newestVersion, oldestVersion } from '../operatorVersions';

export const operatorVersion: FindingRule = {
  rule: 'operator-version',
  severity: 'info',
  title: 'Operator version does not fit its types',
  explanation:
    'The version of an operator tells a runtime what it has to be able to do. With one that is too old, runtimes of that age take the model and then fail on it or compute something else; with one that is too new, no runtime takes it.',
  fix: 'Write the file again with a tool that sets versions by types and operands.',
  reference: 'TensorFlow Lite tools/versioning/op_version.cc; LiteRT 02c75e3, tflite/core/kernels/register.cc',
  check: ({ graph }) => graph.operators.flatMap((operator) => misfit(graph, operator) ?? []),
};

function misfit(graph: Graph, operator: Operator): Occurrence | null {
  const { name, index, version } = operator;
  const [oldest, newest] = [oldestVersion(graph, operator), newestVersion(operator)];
  const here = { op: operator, name: `${name} ${index}` };
  if (newest !== null && version > newest) {
    return { ...here, message: `${name} ${index} has version ${version}; LiteRT goes up to ${newest}.`, severity: 'warning' };
  }
  if (version >= oldest.version) return null;
  return { ...here, message: `${name} ${index} has version ${version}; ${oldest.why} came with version ${oldest.version}.` };
}
