import { describeLstms } from '../../model/lstmInfo';
import type { Graph } from '../../model/model';
import type { LstmInfo } from '../../report/overview';
import type { Checked } from './checker';
import type { Condition } from './conditions';
import { readRange, within } from './range';

const FLAGS = ['cifg', 'peephole', 'projection', 'layerNorm', 'bidirectional', 'timeMajor'] as const;
const SIZES = ['input', 'cell', 'output'] as const;
const SCHEMES = ['float', 'hybrid', 'int8', '16x8'] as const;

const known = new WeakMap<Graph, ReadonlyMap<number, LstmInfo>>();

function lstmOf(graph: Graph, operator: number): LstmInfo | undefined {
  const found = known.get(graph) ?? new Map(describeLstms(graph).map((info) => [info.op, info]));
  known.set(graph, found);
  return found.get(operator);
}

/** Holds for operators that are no LSTM; otherwise when topology, sizes and arithmetic are those asked for. */
export function readLstmCondition(checked: Checked): Condition {
  const fields = checked.object([...FLAGS, ...SIZES, 'scheme']);
  if (fields === null) return () => ({ holds: true, seen: '' });
  const flags = FLAGS.flatMap((name) => (fields[name].isThere ? [{ name, wanted: fields[name].flag() }] : []));
  const sizes = SIZES.flatMap((name) => (fields[name].isThere ? [{ name, range: readRange(fields[name]) }] : []));
  const schemes = fields.scheme.isThere
    ? fields.scheme.list(SCHEMES.length, 'schemes').flatMap((item) => item.oneOf(SCHEMES) ?? [])
    : SCHEMES;
  return ({ graph, operator }) => {
    const info = lstmOf(graph, operator.index);
    if (info === undefined) return { holds: true, seen: 'no LSTM' };
    const flag = flags.find(({ name, wanted }) => info[name] !== wanted);
    if (flag !== undefined) return { holds: false, seen: `${info[flag.name] ? '' : 'no '}${flag.name}` };
    const size = sizes.find(({ name, range }) => !within(info[name], range));
    if (size !== undefined) return { holds: false, seen: `${size.name} size ${info[size.name]}` };
    return { holds: schemes.includes(info.scheme), seen: `${info.scheme} LSTM, ${info.input} > ${info.cell} > ${info.output}` };
  };
}
