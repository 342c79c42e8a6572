import type { Operator } from '../../model/model';

/** The operators with each after those whose results it reads, otherwise in the order given. */
export function inOrder<T extends Pick<Operator, 'inputs' | 'outputs'>>(operators: readonly T[]): T[] {
  const producers = new Map(operators.flatMap((operator) => operator.outputs.map((output) => [output, operator] as const)));
  const ordered: T[] = [];
  const state = new Map<T, 'open' | 'placed'>();
  for (const root of operators) {
    const stack = [root];
    while (stack.length > 0) {
      const operator = stack.at(-1);
      if (operator === undefined) break;
      const waiting = state.has(operator) ? [] : operator.inputs.flatMap((input) => producers.get(input) ?? []);
      if (!state.has(operator)) state.set(operator, 'open');
      const before = waiting.filter((producer) => !state.has(producer));
      if (before.length > 0) {
        stack.push(...before.reverse());
        continue;
      }
      stack.pop();
      if (state.get(operator) === 'placed') continue;
      state.set(operator, 'placed');
      ordered.push(operator);
    }
  }
  return ordered;
}
