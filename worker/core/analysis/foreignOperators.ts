import type { GraphRunner } from '../run/graphRunner';
import type { PreparedOp } from '../run/preparedOp';
import { nameInFile } from '../model/operatorName';

/** An operator that this engine does not compute, on one path or both. */
export interface ForeignOperator {
  readonly index: number;
  /** Its name, a custom operator's own. */
  readonly op: string;
  readonly path: 'float' | 'quantized' | 'both';
  /** Whose arithmetic it is, such as `LiteRT`: its inside is not seen, and rounding is the runtime's own. Null: nobody computes it. */
  readonly runtime: string | null;
  /** Why nobody computes it, so that nothing is known of it and of what needs its values. */
  readonly reason: string | null;
}

type Runner = Pick<GraphRunner, 'operators'>;

/** @param float null where it is another graph, or where there is no such path; the same for `quantized` */
export function foreignOperators(float: Runner | null, quantized: Runner | null): ForeignOperator[] {
  const found: ForeignOperator[] = [];
  const count = Math.max(float?.operators.length ?? 0, quantized?.operators.length ?? 0);
  for (let position = 0; position < count; position++) {
    const [onFloat, onQuantized] = [foreign(float?.operators[position]), foreign(quantized?.operators[position])];
    if (onFloat !== null && onQuantized !== null && JSON.stringify(onFloat) === JSON.stringify(onQuantized)) {
      found.push({ ...onFloat, path: 'both' });
      continue;
    }
    if (onFloat !== null) found.push({ ...onFloat, path: quantized === null ? 'both' : 'float' });
    if (onQuantized !== null) found.push({ ...onQuantized, path: float === null ? 'both' : 'quantized' });
  }
  return found;
}

function foreign(prepared: PreparedOp | undefined): Omit<ForeignOperator, 'path'> | null {
  if (prepared === undefined || (prepared.runtime === undefined && prepared.notComputed === undefined)) return null;
  const { operator, runtime = null, notComputed = null } = prepared;
  const isComputed = notComputed === null;
  return {
    index: operator.index,
    op: nameInFile(operator),
    runtime: isComputed ? runtime : null,
    reason: notComputed,
  };
}
