import { ABSENT, type Operator } from '../../model/model';
import type { Dataflow } from '../dataflow';
import type { RecognisedLstm } from '../recognised';

/** What of a cell's values is still needed once its operators are gone. */
export interface NeededOutputs {
  /** PACK operators that join the hidden values of all steps along the time axis. */
  readonly joins: readonly { readonly operator: Operator; readonly axis: 0 | 1; readonly isReversed: boolean }[];
  /** Steps whose hidden values are needed one by one, ascending. */
  readonly single: readonly number[];
  /** A value inside the cell that somebody reads, and who; null where there is none. */
  readonly inner: { readonly tensor: number; readonly reader: Operator | null } | null;
}

/**
 * @param dead operators that go, the cell's own included
 * @param kept tensors that are needed by others than the operators that stay: outputs of the graph, inputs of fused cells
 */
export function neededOutputs(
  flow: Dataflow,
  lstm: RecognisedLstm,
  dead: ReadonlySet<number>,
  kept: ReadonlySet<number>,
): NeededOutputs {
  const living = (tensor: number) => flow.readers(tensor).filter((reader) => !dead.has(reader.index));
  const joins = new Map<number, NeededOutputs['joins'][number]>();
  const single: number[] = [];
  for (const [step, tensor] of lstm.hidden.entries()) {
    let isAlone = kept.has(tensor);
    for (const reader of living(tensor)) {
      const join = joinOf(flow, reader, lstm.hidden);
      if (join === null) isAlone = true;
      else joins.set(reader.index, join);
    }
    if (isAlone) single.push(step);
  }
  const hidden = new Set(lstm.hidden);
  let inner: NeededOutputs['inner'] = null;
  for (const index of lstm.operators) {
    for (const tensor of flow.graph.operators[index]?.outputs ?? []) {
      if (hidden.has(tensor)) continue;
      const [reader] = living(tensor);
      if (reader !== undefined || kept.has(tensor)) inner ??= { tensor, reader: reader ?? null };
    }
  }
  return { joins: [...joins.values()], single, inner };
}

/** PACK of all steps, ascending or descending, along one of the first two axes. */
function joinOf(flow: Dataflow, operator: Operator, hidden: readonly number[]): NeededOutputs['joins'][number] | null {
  if (operator.name !== 'PACK' || operator.inputs.length !== hidden.length) return null;
  const stored = Number(operator.options['axis']);
  const axis = stored < 0 ? stored + flow.shape(operator.outputs[0] ?? ABSENT).length : stored;
  if (axis !== 0 && axis !== 1) return null;
  if (operator.inputs.every((input, step) => input === hidden[step])) return { operator, axis, isReversed: false };
  const isReversed = operator.inputs.every((input, step) => input === hidden[hidden.length - 1 - step]);
  return isReversed ? { operator, axis, isReversed } : null;
}
