import type { Graph, Model, Tensor } from '../../model/model';
import { counted, grouped } from '../../wording';
import type { FindingRule } from '../findingRule';
import { listSome, tensorName } from '../wording';

const NAMED = 3;
/** Fewer and smaller are not worth a word: converters leave absent operands and loop bounds behind. */
const NOTABLE_BYTES = 1024;
const NOTABLE_COUNT = 20;

export const unusedTensors: FindingRule = {
  rule: 'unused-tensors',
  severity: 'info',
  title: 'Tensors that nothing uses',
  explanation:
    'Converters and editors leave tensors behind when they remove or fuse operators. They cost space in the file and, in some runtimes, memory.',
  fix: 'Write the file again with a tool that drops them.',
  reference: 'TensorFlow Lite schema: tensors of a subgraph; flatbuffer reserialization',
  check: ({ model, graph }) => {
    const unused = unusedOf(model, graph);
    const [first] = unused;
    const bytes = unused.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
    if (first === undefined || (bytes < NOTABLE_BYTES && unused.length < NOTABLE_COUNT)) return [];
    const size = bytes === 0 ? 'without values' : `${grouped(bytes)} bytes of constants`;
    const named = listSome(
      unused.map((tensor) => tensorName(tensor)),
      NAMED,
    );
    return [{ message: `${counted(unused.length, 'tensor')}, ${size}: ${named}.`, tensor: first }];
  },
};

function unusedOf(model: Model, graph: Graph): Tensor[] {
  const used = new Set<number>([...graph.inputs, ...graph.outputs]);
  for (const { inputs, outputs, intermediates } of graph.operators) {
    for (const list of [inputs, outputs, intermediates]) for (const index of list) used.add(index);
  }
  for (const { graph: of, inputs, outputs } of model.signatures) {
    if (of === graph.index) for (const { tensor } of [...inputs, ...outputs]) used.add(tensor);
  }
  for (const { quantization } of graph.tensors) {
    const blockwise = quantization?.blockwise ?? null;
    if (blockwise !== null) used.add(blockwise.scalesTensor).add(blockwise.zeroPointsTensor);
  }
  return graph.tensors.filter(({ index }) => !used.has(index));
}
