import type { Model, Operator, OptionValue } from '../../core/model/model';

/** Options that hold numbers of graphs: WHILE's condition and body, IF's branches and so on. */
const GRAPH_OPTION = /subgraph(_index|_indices)?$/;

/** Graphs that an operator calls, and those that they call in turn, each once, in the order that they are met. */
export function calledGraphs(model: Model, operator: Operator): readonly number[] {
  const met = new Set<number>();
  const pending = [...ownCalls(operator)];
  for (let index = pending.shift(); index !== undefined; index = pending.shift()) {
    if (met.has(index)) continue;
    met.add(index);
    for (const inner of model.graphs[index]?.operators ?? []) pending.push(...ownCalls(inner));
  }
  return [...met];
}

/** The operator with other numbers of the graphs that it calls. */
export function withCalls(operator: Operator, renumber: (graph: number) => number): Operator {
  const entries = Object.entries(operator.options).map(([name, value]): [string, OptionValue] => {
    if (!GRAPH_OPTION.test(name)) return [name, value];
    if (typeof value === 'number') return [name, renumber(value)];
    return [name, typeof value === 'object' ? value.map(renumber) : value];
  });
  return { ...operator, options: Object.fromEntries(entries) };
}

function ownCalls({ options }: Operator): number[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (!GRAPH_OPTION.test(name)) return [];
    return typeof value === 'number' ? [value] : typeof value === 'object' ? [...value] : [];
  });
}
