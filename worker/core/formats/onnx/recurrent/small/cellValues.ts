import { ABSENT, type Operator } from '../../../../model/model';
import { elementCount } from '../../../../run/arrays';
import type { Dataflow } from '../../../../recognise/dataflow';
import type { RecognisedLstm } from '../../../../recognise/recognised';

/** The values of all steps in one tensor. */
export interface Sequence {
  readonly tensor: number;
  readonly timeAxis: 0 | 1;
}

/** The cell's input where one tensor [steps, batch, size] or [batch, steps, size] holds it, with so many steps in every run. */
export function inputSequence(flow: Dataflow, { input, steps, sizes, hidden }: RecognisedLstm): Sequence | null {
  if (input.kind !== 'sequence') return null;
  const axes = steps === 1 ? ([input.timeAxis, input.timeAxis === 0 ? 1 : 0] as const) : [input.timeAxis];
  const axis = axes.find((one) => isSequence(flow, input.tensor, one, steps, sizes.input, rowsOf(flow, hidden[0] ?? ABSENT)));
  return axis === undefined ? null : { tensor: input.tensor, timeAxis: axis };
}

/** Rows of a value [..., size]; -1 where they are open, null where they are a multiple of an open size. */
export function rowsOf(flow: Dataflow, tensor: number): number | null {
  const sizes = (flow.tensor(tensor)?.shapeSignature ?? []).slice(0, -1).filter((size) => size !== 1);
  return !sizes.includes(-1) ? elementCount(sizes) : sizes.length === 1 ? -1 : null;
}

function isSequence(flow: Dataflow, tensor: number, axis: 0 | 1, steps: number, size: number, rows: number | null): boolean {
  const { dtype, hasRank, shapeSignature = [] } = flow.tensor(tensor) ?? {};
  const isFloat = dtype === 'float32' && hasRank === true && shapeSignature.length === 3;
  return isFloat && shapeSignature[axis] === steps && shapeSignature[2] === size && shapeSignature[axis === 0 ? 1 : 0] === rows;
}

/** A Concat that puts the hidden values of all steps together, and the axis on which it does. */
export interface Join {
  /** Index of the operator. */
  readonly operator: number;
  readonly output: number;
  readonly timeAxis: 0 | 1;
}

/** @param hidden values of all steps, in the order that is looked for */
export function joinsOf(flow: Dataflow, hidden: readonly number[], size: number): readonly Join[] {
  const steps = hidden.length;
  const [first = ABSENT] = hidden;
  const rows = rowsOf(flow, first);
  const readers = steps < 2 ? [] : readersBehindAliases(flow, first);
  return readers.flatMap(({ name, index, options, inputs, outputs: [output = ABSENT] }) => {
    const axis = Number(options.axis);
    if (name !== 'CONCATENATION' || inputs.length !== steps || (axis !== 0 && axis !== 1)) return [];
    const isAll = inputs.every((input, step) => flow.origin(input) === hidden[step]);
    const isWhole = isSequence(flow, output, axis, steps, size, rows);
    const areSteps = inputs.every((input) => isSequence(flow, input, axis, 1, size, rows));
    return isAll && isWhole && areSteps ? [{ operator: index, output, timeAxis: axis }] : [];
  });
}

/** Operators that read a value, also under other shapes. */
function readersBehindAliases(flow: Dataflow, tensor: number): readonly Operator[] {
  const found = new Set<Operator>();
  const open = [tensor];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    for (const reader of flow.readers(index)) {
      if (found.has(reader)) continue;
      found.add(reader);
      open.push(...reader.outputs.filter((output) => flow.origin(output) === tensor));
    }
  }
  return [...found];
}

/** A tensor with the values of another that the cell reads as rows of `size`; the other itself where there is none. */
export function asRead(flow: Dataflow, { operators }: RecognisedLstm, tensor: number, size: number): number {
  const read = operators
    .flatMap((index) => flow.graph.operators[index]?.inputs ?? [])
    .find((input) => flow.origin(input) === tensor && flow.tensor(input)?.shapeSignature.at(-1) === size);
  return read ?? tensor;
}
