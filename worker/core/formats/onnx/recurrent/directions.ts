import { ABSENT, type Operator } from '../../../model/model';
import { madeOperator, NotLowered, type RecurrentDraft } from './recurrentDraft';

/** How an ONNX recurrent operator lies in memory: its layout and its directions. */
export class Directions {
  constructor(
    readonly count: 1 | 2,
    /** Direction of the only one. */
    private readonly isBackward: boolean,
    /** `layout` 1: [batch, steps, directions, hidden]; else [steps, directions, batch, hidden]. */
    readonly batchMajor: boolean,
  ) {}

  isReverse(d: number): boolean {
    return this.count === 1 ? this.isBackward : d === 1;
  }

  /** Of Y, from the first two axes of X. */
  sequenceShape(first: number, second: number, hidden: number): readonly number[] {
    return this.batchMajor ? [first, second, this.count, hidden] : [first, this.count, second, hidden];
  }

  /** Of a state. */
  stateShape(batch: number, hidden: number): readonly number[] {
    return this.batchMajor ? [batch, this.count, hidden] : [this.count, batch, hidden];
  }

  /** Axis of the directions in values of 4 axes (sequences) and 3 (states). */
  axisOf(rank: 3 | 4): number {
    return rank - (this.batchMajor ? 2 : 3);
  }

  /** A tensor for one direction's part of an output. */
  half(draft: RecurrentDraft, output: number, d: number): number {
    const tensor = draft.tensor(output);
    const { hasRank = false, shapeSignature = [], name = '' } = tensor ?? {};
    const rank = shapeSignature.length === 4 ? 4 : 3;
    const shape = hasRank ? shapeSignature.map((size, axis) => (axis === this.axisOf(rank) ? 1 : size)) : null;
    return draft.add(`${name}/${d === 0 ? 'forward' : 'backward'}`, 'float32', shape);
  }
}

/** @throws NotLowered for a direction that ONNX does not have */
export function directionsOf({ options }: Operator): Directions {
  const direction = options.direction ?? 'forward';
  const batchMajor = options.layout === 1;
  if (direction === 'forward' || direction === 'reverse') return new Directions(1, direction === 'reverse', batchMajor);
  if (direction === 'bidirectional') return new Directions(2, false, batchMajor);
  throw new NotLowered(`its direction is ${String(direction).slice(0, 40)}`);
}

/**
 * One direction's part of a state that is given for all: the tensor itself where there is one only, a constant, or what a Gather takes
 * out at run time, which is added to `before`. ABSENT where none is given.
 */
export function splitState(draft: RecurrentDraft, index: number, directions: Directions, d: number, before: Operator[]): number {
  const tensor = draft.tensor(index);
  if (index === ABSENT || tensor === null || directions.count === 1) return tensor === null ? ABSENT : index;
  const name = `${tensor.name}[${d === 0 ? 'forward' : 'backward'}]`;
  const place = draft.int64Constant(`${name}/direction`, [d]);
  const axis = directions.axisOf(3);
  const shape = tensor.hasRank ? tensor.shapeSignature.map((size, other) => (other === axis ? 1 : size)) : null;
  const part = draft.add(name, 'float32', shape);
  before.push(madeOperator('Gather', draft.opset, [index, place], [part], { axis }));
  return part;
}

/** Concat operators that join the parts of two directions into the outputs that the file has. */
export function joinDirections(
  draft: RecurrentDraft,
  outputs: readonly number[],
  halves: readonly (readonly number[])[],
  directions: Directions,
): readonly Operator[] {
  return outputs.map((output, position) => {
    const parts = halves.map((own) => own[position] ?? ABSENT);
    const axis = directions.axisOf(position === 0 ? 4 : 3);
    return madeOperator('Concat', draft.opset, parts, [output], { axis });
  });
}
