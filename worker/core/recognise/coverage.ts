import type { Dataflow } from './dataflow';

/**
 * Operators that compute `results`, back to `stops` and to the matrix products, whose input is not followed.
 * @returns indices, ascending
 */
export function operatorsBehind(flow: Dataflow, results: readonly number[], stops: ReadonlySet<number>): number[] {
  const found = new Set<number>();
  const open = [...results];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    const operator = stops.has(tensor) ? null : flow.producer(tensor);
    if (operator === null || found.has(operator.index)) continue;
    found.add(operator.index);
    open.push(...(operator.name === 'FULLY_CONNECTED' ? operator.inputs.slice(2) : operator.inputs));
  }
  return [...found].sort((a, b) => a - b);
}

/**
 * Operators whose results nobody needs any more once others are gone, those included.
 * What nobody read before stays.
 */
export function deadWithout(flow: Dataflow, gone: Iterable<number>, outputs: Iterable<number>): Set<number> {
  const dead = new Set(gone);
  const isOutput = new Set(outputs);
  const open = [...dead];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    for (const input of flow.graph.operators[index]?.inputs ?? []) {
      const producer = flow.producer(input);
      if (producer === null || dead.has(producer.index)) continue;
      const isNeeded = producer.outputs.some(
        (output) => isOutput.has(output) || flow.readers(output).some((reader) => !dead.has(reader.index)),
      );
      if (isNeeded) continue;
      dead.add(producer.index);
      open.push(producer.index);
    }
  }
  return dead;
}
