import { counted, grouped } from '../../wording';
import type { FindingRule } from '../findingRule';

/** Less is not worth a word: converters leave the initial values of states behind. */
const NOTABLE_BYTES = 1024;

export const unusedBuffers: FindingRule = {
  rule: 'unused-buffers',
  severity: 'info',
  title: 'Bytes in the file that nothing refers to',
  explanation:
    'Values of constants are kept in buffers, which tensors and metadata refer to by number. Buffers without any reference only make the file larger: mostly the float weights of before quantization.',
  fix: 'Write the file again with a tool that drops them.',
  reference: 'TensorFlow Lite schema: buffers of a model',
  check: ({ model, graph }) => {
    const { count, bytes } = model.unusedBuffers ?? { count: 0, bytes: 0 };
    if (graph.index !== 0 || bytes < NOTABLE_BYTES) return [];
    return [{ message: `${counted(count, 'buffer')}, ${grouped(bytes)} of the file's ${grouped(model.byteLength)} bytes.` }];
  },
};
