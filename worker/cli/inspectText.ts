import { count, real, scale, signedReal } from '../../webview/charts/format';
import type { Scheme } from '../core/model/model';
import type {
  LstmInfo,
  ModelOverview,
  OperatorInfo,
  QuantizationInfo,
  RecognisedInfo,
  TensorInfo,
} from '../core/report/overview';
import { formatTitle } from '../core/report/formatTitle';
import type { Reason, TargetPlacement } from '../core/targets/verdict';
import type { Finding } from '../core/findings/finding';
import { textTable } from './textTable';

const SCHEMES: Readonly<Record<Scheme, string>> = {
  float: 'float',
  hybrid: 'hybrid: integer weights, float values',
  int8: 'integer: int8 values and weights',
  '16x8': 'integer: int16 values, int8 weights',
  mixed: 'mixed: operators differ in how they are quantized',
};

/**
 * What `gatescope inspect` prints for people: answer first, then every part of the file.
 * @param tensors whether every tensor is listed as well
 */
export function inspectText(overview: ModelOverview, tensors = false): string {
  const sections = [
    heading(overview),
    section('Inputs', tensorRows(overview.inputs)),
    section('Outputs', tensorRows(overview.outputs)),
    section('Signatures', signatureRows(overview)),
    section('Metadata', metadataRows(overview)),
    section(`LSTMs (${overview.lstms.length})`, lstmRows(overview.lstms)),
    section('LSTMs and GRUs in small operators', recognisedRows(overview.recognised ?? [])),
    section(`Operators (${overview.ops.length})`, operatorRows(overview.ops)),
    tensors ? section(`Tensors (${overview.tensors.length})`, allTensorRows(overview.tensors)) : [],
    section('Targets', targetRows(overview)),
    section(
      `Findings (${overview.findings.length})`,
      overview.findings.flatMap((finding) => findingLines(finding, overview)),
    ),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function heading(overview: ModelOverview): string[] {
  const kinds = new Map<string, number>();
  for (const { op } of overview.ops) kinds.set(op, (kinds.get(op) ?? 0) + 1);
  const listed = [...kinds].map(([op, uses]) => (uses === 1 ? op : `${op} x${uses}`)).join(', ');
  const open = overview.inputs.some(({ shape }) => shape.includes(-1));
  const rows = [
    ['Format', `${formatTitle(overview)}, ${count(overview.byteLength)} bytes`],
    ...(overview.description === '' ? [] : [['Description', overview.description]]),
    ['Scheme', SCHEMES[overview.scheme]],
    ['Parameters', count(overview.params)],
    ['MACs', `${count(overview.macs)}${open ? ', open axes counted as 1' : ''}`],
    ['Bytes', overview.bytesByType.map(({ label, bytes }) => `${label} ${count(bytes)}`).join(', ')],
    ['Contents', `${listed === '' ? 'no operators' : listed}; ${count(overview.tensors.length)} tensors`],
  ];
  return [overview.fileName, ...textTable(rows)];
}

function tensorRows(tensors: readonly TensorInfo[]): string[] {
  return textTable(
    tensors.map((tensor) => [
      String(tensor.index),
      tensor.name,
      tensor.dtype,
      shapeText(tensor.shape),
      formula(tensor.quantization),
    ]),
    ['right'],
  );
}

function allTensorRows(tensors: readonly TensorInfo[]): string[] {
  const several = tensors.some(({ subgraph }) => subgraph !== 0);
  return textTable(
    tensors.map((tensor) => [
      several ? `${tensor.subgraph}/${tensor.index}` : String(tensor.index),
      tensor.dtype,
      shapeText(tensor.shape),
      tensor.isVariable ? 'variable' : tensor.constantBytes > 0 ? `${count(tensor.constantBytes)} bytes` : '',
      formula(tensor.quantization),
      tensor.name,
    ]),
    ['right', 'left', 'left', 'right'],
  );
}

/** `real = 0.029396 (q + 11), −3.44 to +4.06`; per-channel parameters by their number and axis. */
function formula(quantization: QuantizationInfo | null): string {
  if (quantization === null) return '';
  const { scales, zeroPoints, axis, range, blockSize } = quantization;
  if (blockSize !== undefined) return `blocks of ${blockSize} along axis ${axis}`;
  if (scales.length > 1) return `${scales.length} scales along axis ${axis}`;
  const zeroPoint = zeroPoints[0] ?? 0;
  const code = zeroPoint === 0 ? 'q' : `(q ${zeroPoint < 0 ? '+' : '−'} ${count(Math.abs(zeroPoint))})`;
  const ends = range === null ? '' : `, ${signedReal(range[0])} to ${signedReal(range[1])}`;
  return `real = ${scale(scales[0] ?? 0)} ${code}${ends}`;
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.map((size) => (size === -1 ? '?' : size)).join(', ')}]`;
}

function signatureRows({ signatures }: ModelOverview): string[] {
  return textTable(
    signatures.map(({ key, subgraph, inputs, outputs }) => [
      key === '' ? '(no name)' : key,
      `subgraph ${subgraph}`,
      `${inputs.join(', ')} > ${outputs.join(', ')}`,
    ]),
  );
}

function metadataRows({ metadata }: ModelOverview): string[] {
  return textTable(metadata.map(({ name, byteLength, text }) => [name, text ?? `${count(byteLength)} bytes`]));
}

function lstmRows(lstms: readonly LstmInfo[]): string[] {
  return textTable(
    lstms.map((lstm) => [
      String(lstm.op),
      lstm.name,
      lstm.scheme,
      `${lstm.input} > ${lstm.cell} > ${lstm.output}`,
      parts(lstm),
      [
        ...(lstm.cellIntegerBits === null ? [] : [`cell Q${lstm.cellIntegerBits}.${15 - lstm.cellIntegerBits}`]),
        ...(lstm.cellClip === 0 ? [] : [`cell clip ${real(lstm.cellClip)}`]),
        ...(lstm.projectionClip === 0 ? [] : [`projection clip ${real(lstm.projectionClip)}`]),
        ...(lstm.timeMajor ? ['time-major'] : []),
      ].join(', '),
    ]),
    ['right'],
  );
}

function recognisedRows(recognised: readonly RecognisedInfo[]): string[] {
  const rows = textTable(
    recognised.map((cell) => [
      `${cell.subgraph}/${cell.ops[0] ?? 0}`,
      cell.name,
      cell.kind.toUpperCase(),
      cell.scheme,
      `${cell.input} > ${cell.cell}`,
      `${cell.form}, ${count(cell.steps)} ${cell.steps === 1 ? 'step' : 'steps'}${cell.direction === 'backward' ? ', backward' : ''}`,
    ]),
    ['right'],
  );
  return rows.flatMap((row, i) => {
    const { isFusable = false, text = '' } = recognised[i] ?? {};
    return [row, `      ${isFusable ? `gatescope fuse: ${text}` : text}`];
  });
}

function parts(lstm: LstmInfo): string {
  const present = [
    lstm.bidirectional ? 'bidirectional' : null,
    lstm.cifg ? 'CIFG' : null,
    lstm.layerNorm ? 'layer norm' : null,
    lstm.projection ? 'projection' : null,
    lstm.peephole ? 'peephole' : null,
  ].filter((part) => part !== null);
  return present.length === 0 ? 'plain' : present.join(', ');
}

function operatorRows(ops: readonly OperatorInfo[]): string[] {
  if (ops.length === 0) return [];
  const several = ops.some(({ subgraph }) => subgraph !== 0);
  const rows = ops.map((op) => [
    several ? `${op.subgraph}/${op.index}` : String(op.index),
    op.op,
    `v${op.version}`,
    op.dtypes,
    shapeText(op.outputShape),
    op.macs === 0 ? '' : count(op.macs),
    op.params === 0 ? '' : count(op.params),
    op.name,
  ]);
  const titles = ['#', 'operator', '', 'type', 'output', 'MACs', 'parameters', 'name'];
  return textTable([titles, ...rows], ['right', 'left', 'left', 'left', 'left', 'right', 'right']);
}

function targetRows({ targets }: ModelOverview): string[] {
  return textTable(
    Object.values(targets).map((target) => [
      target.label,
      target.version,
      target.result,
      target.result === 'runs' ? nativeShare(target) : (firstReason(target) ?? ''),
    ]),
  );
}

function nativeShare({ ops }: TargetPlacement): string {
  const native = ops.filter(({ verdict }) => verdict === 'native').length;
  return `${native} of ${ops.length} operators native`;
}

/** The rule that the whole model breaks, or else its first operator that breaks one, and what was seen. */
function firstReason({ reasons, ops }: TargetPlacement): string | undefined {
  const [whole] = reasons;
  if (whole !== undefined) return ruleAndSeen(whole);
  const first = ops.find(({ verdict, reached }) => verdict === 'rejected' && reached);
  const reason = first?.reasons[0];
  return first === undefined || reason === undefined ? undefined : `operator ${first.index}, ${first.op}: ${ruleAndSeen(reason)}`;
}

function ruleAndSeen({ rule, seen }: Reason): string {
  return `${rule.replace(/\.$/, '')} (seen: ${seen})`;
}

function findingLines({ severity, title, message, fix, subgraph, op }: Finding, { ops, lstms }: ModelOverview): string[] {
  const lstm = lstms.find((info) => info.subgraph === subgraph && info.op === op);
  const name = lstm?.name ?? ops.find((info) => info.subgraph === subgraph && info.index === op)?.op;
  const where = op === null ? '' : ` (operator ${op}${name === undefined ? '' : `, ${name}`})`;
  return [`  ${severity}: ${title}${where}`, `    ${message}`, ...(fix === null ? [] : [`    ${fix}`])];
}
