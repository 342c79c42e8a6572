import type { Graph, Operator, Tensor } from '../model/model';
import type { Path } from '../run/graphRunner';
import { gridOf } from '../run/gridValues';

/** Operators that move values and compute none. */
const MOVES: ReadonlySet<string> = new Set([
  'RESHAPE',
  'SQUEEZE',
  'EXPAND_DIMS',
  'TRANSPOSE',
  'REVERSE_V2',
  'SLICE',
  'STRIDED_SLICE',
  'SPLIT',
  'SPLIT_V',
  'UNPACK',
  'PACK',
  'CONCATENATION',
  'GATHER',
  'PAD',
  'PADV2',
  'TILE',
  'BROADCAST_TO',
]);

/** Where the values of one tensor go, unchanged or into arithmetic. */
export interface RealReach {
  /** The tensor and all that hold its values, only moved, with its parameters. */
  readonly tensors: ReadonlySet<number>;
  /** Positions of the operators that move the values. */
  readonly movers: readonly number[];
  /** Positions of the operators that compute with them. */
  readonly consumers: readonly number[];
}

export function isMove(operator: Operator): boolean {
  return MOVES.has(operator.name);
}

/** @param last position of the last operator that counts */
export function realReach(graph: Graph, tensor: number, path: Path, last: number): RealReach {
  const tensors = new Set([tensor]);
  const movers: number[] = [];
  const consumers: number[] = [];
  graph.operators.slice(0, last + 1).forEach((operator, position) => {
    const source = operator.inputs.find((index) => tensors.has(index));
    if (source === undefined) return;
    const sameGrid = operator.outputs.every((index) => haveSameGrid(graph.tensors[source], graph.tensors[index], path));
    if (isMove(operator) && sameGrid) {
      movers.push(position);
      for (const index of operator.outputs) tensors.add(index);
    } else {
      consumers.push(position);
    }
  });
  return { tensors, movers, consumers };
}

function haveSameGrid(a: Tensor | undefined, b: Tensor | undefined, path: Path): boolean {
  const [first, second] = [gridOf(a, path), gridOf(b, path)];
  return first !== null && second !== null && first.scale === second.scale && first.zeroPoint === second.zeroPoint;
}
