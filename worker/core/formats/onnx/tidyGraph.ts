import { ABSENT, type Graph, type Tensor } from '../../model/model';

/** A graph without the tensors that nothing refers to any more, under names that are each used once. */
export function tidyGraph(graph: Graph): Graph {
  const used = new Set([...graph.inputs, ...graph.outputs]);
  for (const { inputs, outputs, intermediates } of graph.operators)
    for (const list of [inputs, outputs, intermediates]) for (const index of list) used.add(index);
  for (const { index, quantization } of graph.tensors) {
    if (!used.has(index)) continue;
    used.add(quantization?.blockwise?.scalesTensor ?? index);
    used.add(quantization?.blockwise?.zeroPointsTensor ?? index);
  }
  const kept = graph.tensors.filter(({ index }) => used.has(index));
  const places = new Map(kept.map(({ index }, place) => [index, place]));
  const place = (index: number) => places.get(index) ?? ABSENT;
  const [inputs, outputs] = [graph.inputs.map(place), graph.outputs.map(place)];
  const names = uniqueNames(kept, [...inputs, ...outputs]);
  return {
    ...graph,
    inputs,
    outputs,
    tensors: kept.map((tensor, index) => ({
      ...tensor,
      index,
      name: names[index] ?? '',
      quantization: movedQuantization(tensor, place),
    })),
    operators: graph.operators.map((operator) => ({
      ...operator,
      inputs: operator.inputs.map(place),
      outputs: operator.outputs.map(place),
      intermediates: operator.intermediates.map(place),
    })),
  };
}

function movedQuantization({ quantization }: Tensor, place: (index: number) => number): Tensor['quantization'] {
  const blockwise = quantization?.blockwise ?? null;
  if (quantization === null || blockwise === null) return quantization;
  const { scalesTensor, zeroPointsTensor, blockSize } = blockwise;
  return {
    ...quantization,
    blockwise: { scalesTensor: place(scalesTensor), zeroPointsTensor: place(zeroPointsTensor), blockSize },
  };
}

/**
 * Inlined graphs may use a name again; the second use is numbered.
 * @param first tensors that keep their names
 */
function uniqueNames(tensors: readonly Tensor[], first: readonly number[]): string[] {
  const names = tensors.map(({ name }) => name);
  const uses = new Map<string, number>();
  for (const index of new Set([...first, ...names.keys()])) {
    const name = names[index] ?? '';
    const used = name === '' ? undefined : uses.get(name);
    uses.set(name, used ?? 1);
    if (used === undefined) continue;
    let next = used + 1;
    while (uses.has(`${name}_${next}`)) next++;
    uses.set(name, next).set(`${name}_${next}`, 1);
    names[index] = `${name}_${next}`;
  }
  return names;
}
