import type { SignalArray } from '../core/lstm/signals';
import type { Operator } from '../core/model/model';
import type { LstmProbe, PreparedCell } from '../core/run/preparedOp';
import type { Value } from '../core/run/value';

/**
 * What one operator leaves in a trace, by name: `OP/SIGNAL` [batch, step, n] for LSTMs, with `OP/backward/SIGNAL` for the
 * backward cell of a bidirectional one (steps in the order in which it walks them, last first); `OP/out` for others, and
 * `OP/out1` ... for further outputs.
 */
export function traceArrays(
  operator: Operator,
  cells: readonly PreparedCell[],
  outputs: readonly Value[],
  probes: readonly LstmProbe[],
): [name: string, value: Value][] {
  if (cells.length === 0) {
    return outputs.map((value, index) => [`${operator.index}/out${index === 0 ? '' : index}`, value]);
  }
  return cells.flatMap(({ direction, runner }, index) => {
    const probe = probes[index];
    const prefix = direction === 'backward' ? `${operator.index}/backward` : `${operator.index}`;
    return runner.signals.flatMap((signal): [string, Value][] => {
      const array = probe?.trace[signal.name];
      if (probe === undefined || array === undefined) return [];
      const data = batchMajor(array, probe.steps, probe.batch, signal.size);
      return [[`${prefix}/${signal.name}`, { dtype: signal.dtype, shape: [probe.batch, probe.steps, signal.size], data }]];
    });
  });
}

/** [steps, batch, size] to [batch, steps, size]. */
function batchMajor(array: SignalArray, steps: number, batch: number, size: number): SignalArray {
  const result = array.slice(0, steps * batch * size);
  if (batch === 1) return result;
  for (let step = 0; step < steps; step++) {
    for (let row = 0; row < batch; row++) {
      const source = (step * batch + row) * size;
      result.set(array.subarray(source, source + size), (row * steps + step) * size);
    }
  }
  return result;
}
