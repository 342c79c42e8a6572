import { constantValues, realConstant } from '../model/constants';
import { BITS_PER_ELEMENT } from '../model/dtype';
import { ABSENT, type Graph, type Operator, type Tensor } from '../model/model';
import { quantizationInfo } from '../report/tensorInfo';
import type {
  ComparedTensor,
  OperatorPlace,
  OptionDifference,
  StaticDifferences,
  TensorAspect,
  TensorDifference,
} from './comparison';
import type { GraphPairing } from './matchGraphs';
import { nameInFile } from '../model/operatorName';

const MOST_OPERATORS = 50;
const MOST_OPTIONS = 200;
const MOST_TENSORS = 1000;

/** What differs between two graphs without running them. Pauses after every tensor. */
export function* staticDifferences(a: Graph, b: Graph, pairing: GraphPairing): Generator<void, StaticDifferences> {
  const taken = new Set(pairing.partners);
  const alone = a.operators.filter((_, position) => (pairing.partners[position] ?? null) === null);
  const pairs = pairTensors(a, b, pairing);
  const differing: TensorDifference[] = [];
  let count = 0;
  for (const pair of pairs) {
    const difference = tensorDifference(a, b, pair);
    if (difference !== null && ++count <= MOST_TENSORS) differing.push(difference);
    yield;
  }
  return {
    by: pairing.by,
    operators: { a: a.operators.length, b: b.operators.length, matched: a.operators.length - alone.length },
    onlyA: alone.slice(0, MOST_OPERATORS).map((one) => placeOf(a, one)), // prettier-ignore
    onlyB: b.operators.filter((_, position) => !taken.has(position)).slice(0, MOST_OPERATORS).map((one) => placeOf(b, one)), // prettier-ignore
    options: optionDifferences(a, b, pairing),
    tensors: { a: a.tensors.length, b: b.tensors.length, matched: pairs.length, differing: count },
    differing,
  };
}

export function placeOf(graph: Graph, operator: Operator): OperatorPlace {
  const { index, outputs } = operator;
  return { index, op: nameInFile(operator), name: graph.tensors[outputs[0] ?? ABSENT]?.name ?? '' };
}

interface TensorPair {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly by: 'name' | 'place';
}

/** By name where a name is unique in both graphs; then by their places in matched operators. */
function pairTensors(a: Graph, b: Graph, { partners, inputs }: GraphPairing): TensorPair[] {
  const pairs = new Map<number, TensorPair>();
  const taken = new Set<number>();
  const add = (first: Tensor | undefined, second: Tensor | undefined, by: TensorPair['by']) => {
    if (first === undefined || second === undefined || pairs.has(first.index) || taken.has(second.index)) return;
    pairs.set(first.index, { a: first, b: second, by });
    taken.add(second.index);
  };
  const named = uniqueNames(b);
  for (const [name, tensor] of uniqueNames(a)) add(tensor, named.get(name), 'name');
  inputs.forEach((from, to) => add(a.tensors[a.inputs[from] ?? ABSENT], b.tensors[b.inputs[to] ?? ABSENT], 'place'));
  a.operators.forEach((operator, position) => {
    const other = b.operators[partners[position] ?? -1];
    if (other === undefined) return;
    for (const role of ['inputs', 'outputs', 'intermediates'] as const) {
      operator[role].forEach((index, operand) => add(a.tensors[index], b.tensors[other[role][operand] ?? ABSENT], 'place'));
    }
  });
  return [...pairs.values()].sort((x, y) => x.a.index - y.a.index);
}

function uniqueNames({ tensors }: Graph): Map<string, Tensor> {
  const unique = new Map<string, Tensor>();
  const seen = new Set<string>();
  for (const tensor of tensors) {
    if (seen.has(tensor.name)) unique.delete(tensor.name);
    else if (tensor.name !== '') unique.set(tensor.name, tensor);
    seen.add(tensor.name);
  }
  return unique;
}

function tensorDifference(graphA: Graph, graphB: Graph, { a, b, by }: TensorPair): TensorDifference | null {
  const aspects: TensorAspect[] = [];
  const [first, second] = [describe(a), describe(b)];
  if (a.dtype !== b.dtype) aspects.push('dtype');
  if (String(a.shapeSignature) !== String(b.shapeSignature)) aspects.push('shape');
  if (String(first.quantization?.scales ?? '') !== String(second.quantization?.scales ?? '')) aspects.push('scale');
  if (String(first.quantization?.zeroPoints ?? '') !== String(second.quantization?.zeroPoints ?? '')) aspects.push('zero point');
  if ((a.data === null) !== (b.data === null)) aspects.push('constant');
  const values = constantDifference(graphA, graphB, a, b);
  if (values !== null && values.differing > 0) aspects.push('values');
  return aspects.length === 0 ? null : { name: a.name, a: first, b: second, by, aspects, values };
}

function describe(tensor: Tensor): ComparedTensor {
  const { index, dtype, shapeSignature } = tensor;
  return { index, dtype, shape: [...shapeSignature], quantization: quantizationInfo(tensor) };
}

/** Null where there are no two constants of the same shape and of numbers. */
function constantDifference(graphA: Graph, graphB: Graph, a: Tensor, b: Tensor): TensorDifference['values'] {
  if (a.data === null || b.data === null || String(a.shape) !== String(b.shape)) return null;
  if (BITS_PER_ELEMENT[a.dtype] === 0 || BITS_PER_ELEMENT[b.dtype] === 0) return null;
  const isInteger = a.dtype === b.dtype && !/float/.test(a.dtype);
  if (a.dtype === b.dtype && a.sparsity === null && b.sparsity === null && sameBytes(a.data, b.data)) {
    return {
      count: a.shape.reduce((product, size) => product * size, 1),
      differing: 0,
      largest: 0,
      unit: isInteger ? 'codes' : 'reals',
    };
  }
  const [x, y] = isInteger ? [constantValues(a), constantValues(b)] : [realConstant(a, graphA), realConstant(b, graphB)];
  let differing = 0;
  let largest = 0;
  for (let k = 0; k < x.length; k++) {
    const difference = Math.abs(Number(x[k]) - Number(y[k]));
    if (difference !== 0) differing++;
    if (difference > largest) largest = difference;
  }
  return { count: x.length, differing, largest: Number.isFinite(largest) ? largest : 0, unit: isInteger ? 'codes' : 'reals' };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

function optionDifferences(a: Graph, b: Graph, { partners }: GraphPairing): OptionDifference[] {
  const differences = a.operators.flatMap((operator, position) => {
    const other = b.operators[partners[position] ?? -1];
    if (other === undefined) return [];
    const names = new Set([...Object.keys(operator.options), ...Object.keys(other.options)]);
    return [...names].flatMap((option): OptionDifference[] => {
      const [valueA, valueB] = [operator, other].map(({ options }) => String(options[option] ?? 'none')) as [string, string];
      return valueA === valueB ? [] : [{ a: placeOf(a, operator), b: placeOf(b, other), option, valueA, valueB }];
    });
  });
  return differences.slice(0, MOST_OPTIONS);
}
