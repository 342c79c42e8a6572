import type { Model } from '../../model/model';
import { dtypeFix, FIX } from '../fix';
import {
  constantIntegers,
  elementCount,
  flagOption,
  inputOf,
  isInteger,
  labelOf,
  numberOption,
  presentInputs,
  scaleOf,
  shapeText,
  sizeFromEnd,
} from '../operands';
import type { OperatorContext, Rule } from '../target';
import { featureMaps, ifmOf, inputsOfRole, ofmOf, weightsOf } from './roles';
import { paddedShape } from './shapes';
import { modelSemantic, semantic } from './velaRule';

export const constantsHaveData = modelSemantic('Constant tensors must not have empty buffers.', (model: Model) => {
  // The set is one over all subgraphs, as in the compiler, although indices count per subgraph.
  const written = new Set<number>();
  for (const graph of model.graphs) {
    graph.inputs.forEach((index) => written.add(index));
    graph.operators.forEach((operator) => operator.outputs.forEach((index) => written.add(index)));
    for (const operator of graph.operators) {
      for (const index of operator.inputs) {
        const tensor = graph.tensors[index];
        if (tensor === undefined || written.has(index) || tensor.isVariable || tensor.buffer === 0) continue;
        if (tensor.data === null || tensor.data.byteLength === 0) {
          return { seen: `${labelOf(tensor)}, operand of ${operator.name} ${operator.index}, has no data` };
        }
      }
    }
  }
  return null;
});

export const finiteScales = modelSemantic('Tensor quantization scales must be finite.', (model: Model) => {
  for (const graph of model.graphs) {
    const odd = graph.tensors.find((tensor) => tensor.quantization?.scales.some((scale) => !Number.isFinite(scale)));
    if (odd !== undefined) return { seen: `${labelOf(odd)} has scale ${odd.quantization?.scales[0] ?? 0}` };
  }
  return null;
});

export const hasSubgraphs = modelSemantic('The file holds a subgraph.', (model: Model) =>
  model.graphs.length === 0 ? { seen: 'no subgraph' } : null,
);

const scaleRatio = semantic(
  'Input and Output tensors must have quantization scales that fit within float32 precision.',
  (context) => {
    const [input, output] = [scaleOf(ifmOf(context)), scaleOf(ofmOf(context))];
    if (input === null || output === null || Number.isFinite(Math.fround(input / output))) return null;
    return { seen: `IFM scale ${input}, OFM scale ${output}` };
  },
);

const sameType = semantic('IFM and OFM types must match.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.dtype, ofmOf(context)?.dtype];
  return ifm === undefined || ofm === undefined || ifm === ofm ? null : { seen: `${ifm} to ${ofm}` };
});

const softmaxTypes = semantic('IFM and OFM types must match or upcast.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.dtype, ofmOf(context)?.dtype];
  return ifm === ofm || (ifm === 'int8' && ofm === 'int16') ? null : { seen: `${ifm ?? '?'} to ${ofm ?? '?'}` };
});

const sameShape = semantic('IFM and OFM shapes must match.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.shape ?? [], ofmOf(context)?.shape ?? []];
  return String(ifm) === String(ofm) ? null : { seen: `${shapeText(ifm)} and ${shapeText(ofm)}` };
});

const sameInputTypes = semantic('Both Input data types must match.', (context) => {
  const [first, second] = inputsOfRole(context, 'ifm').map((tensor) => tensor.dtype);
  return first === undefined || second === undefined || first === second ? null : { seen: `${first} and ${second}` };
});

const signedToSigned = semantic('For IFM that are signed, OFM must also be signed.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.dtype, ofmOf(context)?.dtype];
  return ifm?.startsWith('int') === true && ofm?.startsWith('int') === false ? { seen: `${ifm} to ${ofm}` } : null;
});

const unsignedToSame = semantic('For IFM that are unsigned, OFM must either be the same type or int32.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.dtype, ofmOf(context)?.dtype];
  return ifm?.startsWith('uint') === true && ofm !== ifm && ofm !== 'int32' ? { seen: `${ifm} to ${ofm ?? '?'}` } : null;
});

const broadcastable = semantic(
  "At least one Input's shape must match the OFM's shape, or their union must equal it if broadcast-able.",
  (context) => {
    const [first, second] = inputsOfRole(context, 'ifm').map((tensor) => paddedShape(tensor.shape));
    const ofm = paddedShape(ofmOf(context)?.shape ?? []);
    if (first === undefined || String(first) === String(ofm)) return null;
    const seen = { seen: `${shapeText(first)}${second ? ` and ${shapeText(second)}` : ''} to ${shapeText(ofm)}` };
    if (second === undefined) return seen;
    if (String(second) === String(ofm)) return null;
    const length = Math.max(first.length, second.length);
    const union = Array.from({ length }, (_, i) => Math.max(first[i] ?? 1, second[i] ?? 1));
    const fits = union.every((size, i) => [first[i] ?? 1, second[i] ?? 1].every((own) => own === size || own === 1));
    return fits && String(union) === String(ofm) ? null : seen;
  },
);

const reshapeQuantization = semantic('Input and output quantisation must match.', (context) => {
  const [input, output] = [scaleOf(ifmOf(context)), scaleOf(ofmOf(context))];
  return input === null || output === null || input === output
    ? null
    : { seen: `scale ${input} to ${output}`, fix: FIX.keepQuantization };
});

const reshapeElements = semantic('Input and output number of elements must match.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.shape ?? [], ofmOf(context)?.shape ?? []];
  const dynamic = featureMaps(context).some((tensor) => tensor.shapeSignature.includes(-1));
  if (dynamic) return null;
  return elementCount(ifm) === elementCount(ofm) ? null : { seen: `${shapeText(ifm)} to ${shapeText(ofm)}` };
});

const keptRank = semantic('IFM and OFM ranks must match when keep_num_dims is set.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.shape ?? [], ofmOf(context)?.shape ?? []];
  return flagOption(context, 'keep_num_dims') && ifm.length !== ofm.length
    ? { seen: `${shapeText(ifm)} to ${shapeText(ofm)}` }
    : null;
});

const groupDepth = semantic('IFM depth must be a whole multiple of the filter kernel depth.', (context) => {
  const [depth, filters] = [sizeFromEnd(ifmOf(context)?.shape ?? [], -1), sizeFromEnd(weightsOf(context)?.shape ?? [], -1)];
  return filters > 0 && depth % filters !== 0 ? { seen: `depth ${depth}, kernel depth ${filters}` } : null;
});

const groupCount = semantic(
  'Number of filter kernels must be equally divisible by the number of convolution groups.',
  (context) => {
    const weights = weightsOf(context)?.shape ?? [];
    const groups = Math.floor(sizeFromEnd(ifmOf(context)?.shape ?? [], -1) / sizeFromEnd(weights, -1));
    return groups > 0 && (weights[0] ?? 0) % groups !== 0 ? { seen: `${weights[0] ?? 0} kernels, ${groups} groups` } : null;
  },
);

const depthMultiplier = semantic('OFM depth must be equal to IFM depth times depth multiplier.', (context) => {
  const multiplier = numberOption(context, 'depth_multiplier', 0);
  if (featureMaps(context).some((tensor) => tensor.shape.length === 0)) return null;
  const [ifm, ofm] = [sizeFromEnd(ifmOf(context)?.shape ?? [], -1), sizeFromEnd(ofmOf(context)?.shape ?? [], -1)];
  return ifm * multiplier === ofm ? null : { seen: `${ifm} * ${multiplier}, OFM depth ${ofm}` };
});

const positiveBeta = semantic('Beta attr must be positive.', (context) => {
  const beta = numberOption(context, 'beta', 0);
  return beta < 0 ? { seen: `beta ${beta}` } : null;
});

const evenSplit = semantic('Size of dim to split must be divisible by the number of splits.', (context) => {
  const shape = ifmOf(context)?.shape ?? [];
  const axis = constantIntegers(inputOf(context, 0))?.[0];
  const splits = numberOption(context, 'num_splits', 0);
  if (axis === undefined || splits === 0) return null;
  const size = shape[axis < 0 ? axis + shape.length : axis] ?? 1;
  return size % splits === 0 ? null : { seen: `${size} in ${splits} parts` };
});

const oneInferredSize = semantic('Only one size is allowed to be inferred.', (context) => {
  const inferred = constantIntegers(inputOf(context, 1))?.filter((size) => size === -1).length ?? 0;
  return inferred > 1 ? { seen: `${inferred} sizes of -1` } : null;
});

const equalRanks = semantic('All Input ranks must match the OFM rank.', (context) => {
  const rank = ofmOf(context)?.shape.length ?? 0;
  const odd = presentInputs(context).find((tensor) => tensor.shape.length !== rank);
  return odd === undefined ? null : { seen: `rank ${odd.shape.length}, OFM rank ${rank}` };
});

function inputCount(count: number): Rule {
  return semantic(`Must have ${count} input tensors.`, ({ operator }) =>
    operator.inputs.length === count ? null : { seen: `${operator.inputs.length} inputs` },
  );
}

const padShape = semantic('Shape of OFM must equal the IFM shape plus padding.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.shape ?? [], ofmOf(context)?.shape ?? []];
  const pads = constantIntegers(inputOf(context, 1));
  if (pads === null) return null;
  const odd = ifm.findIndex((size, axis) => size + (pads[2 * axis] ?? 0) + (pads[2 * axis + 1] ?? 0) !== ofm[axis]);
  return odd < 0 ? null : { seen: `axis ${odd}: ${shapeText(ifm)} to ${shapeText(ofm)}` };
});

const input8Bit = semantic('IFM has to be 8bit.', (context) => {
  const dtype = ifmOf(context)?.dtype;
  return dtype === 'int8' || dtype === 'uint8'
    ? null
    : { seen: `IFM is ${dtype ?? 'absent'}`, ...dtypeFix(dtype ?? 'unknown', ['int8']) };
});

const argMaxOutput = semantic('OFM must be int32 or int64.', (context) => {
  const dtype = ofmOf(context)?.dtype;
  return dtype === 'int32' || dtype === 'int64' ? null : { seen: `OFM is ${dtype ?? 'absent'}` };
});

const gatherIndices = semantic('IFM2 must be INT16, INT32 or INT64.', (context) => {
  const dtype = inputOf(context, 1)?.dtype;
  return dtype === undefined || ['int16', 'int32', 'int64'].includes(dtype) ? null : { seen: `indices are ${dtype}` };
});

const permutationType = semantic('Params must be INT32 or UINT32.', (context) => {
  const dtype = inputOf(context, 1)?.dtype;
  return dtype === 'int32' || dtype === 'uint32' ? null : { seen: `permutation is ${dtype ?? 'absent'}` };
});

const permutationLength = semantic('Permutation vector size must match IFM rank.', (context) => {
  const [rank, length] = [ifmOf(context)?.shape.length ?? 0, sizeFromEnd(inputOf(context, 1)?.shape ?? [], -1)];
  return rank === length ? null : { seen: `${length} for rank ${rank}` };
});

const lstmInput = semantic('IFM must be INT8 or INT16.', (context) => {
  const dtype = ifmOf(context)?.dtype ?? 'unknown';
  if (dtype === 'int8' || dtype === 'int16') return null;
  const message = 'Vela refuses the whole model: float and hybrid LSTMs are no fallback to the CPU.';
  return isInteger(dtype)
    ? { seen: `IFM is ${dtype}`, fix: FIX.int8Activations }
    : { seen: `IFM is ${dtype}`, message, fix: FIX.quantizeInt8 };
});

const lstmRank = semantic('IFM and OFM must have 3D shape.', (context) => {
  const [ifm, ofm] = [ifmOf(context)?.shape.length ?? 0, ofmOf(context)?.shape.length ?? 0];
  return ifm === 3 && ofm === 3 ? null : { seen: `IFM rank ${ifm}, OFM rank ${ofm}` };
});

const lstmOperands = semantic(
  'Must have 24 input const tensors.',
  ({ operator }) => (operator.inputs.length === 24 ? null : { seen: `${operator.inputs.length} operands` }),
  FIX.use24Operands,
);

const lstmIntermediates = semantic(
  'Must have 5 intermediate tensors.',
  ({ operator }) => (operator.intermediates.length === 5 ? null : { seen: `${operator.intermediates.length} intermediates` }),
  FIX.addIntermediates,
);

const matmulRank = semantic('BatchMatMul inputs and output must have rank at least 2.', (context) => {
  const odd = featureMaps(context).find((tensor) => tensor.shape.length < 2);
  return odd === undefined ? null : { seen: `${labelOf(odd)} has shape ${shapeText(odd.shape)}` };
});

const UNARY = [broadcastable, sameType];
const ARITHMETIC = [broadcastable, sameInputTypes, signedToSigned, unsignedToSame];
const RESHAPE = [reshapeQuantization, reshapeElements];

const BY_OPERATOR: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['ABS', UNARY],
  ['ADD', ARITHMETIC],
  ['ARG_MAX', [input8Bit, argMaxOutput]],
  ['AVERAGE_POOL_2D', [sameType]],
  ['BATCH_MATMUL', [matmulRank]],
  ['CONCATENATION', [equalRanks]],
  ['CONV_2D', [groupDepth, groupCount]],
  ['DEPTHWISE_CONV_2D', [depthMultiplier]],
  ['EXP', UNARY],
  ['EXPAND_DIMS', RESHAPE],
  ['FULLY_CONNECTED', [keptRank]],
  ['GATHER', [gatherIndices, sameType]],
  ['HARD_SWISH', [input8Bit, sameType]],
  ['LEAKY_RELU', UNARY],
  ['MAXIMUM', UNARY],
  ['MAX_POOL_2D', [sameType]],
  ['MINIMUM', UNARY],
  ['MUL', ARITHMETIC],
  ['PAD', [inputCount(2), padShape]],
  ['RESHAPE', RESHAPE],
  ['RSQRT', UNARY],
  ['SOFTMAX', [sameShape, softmaxTypes, positiveBeta]],
  ['SPLIT', [evenSplit]],
  ['SPLIT_V', [oneInferredSize]],
  ['SQUARED_DIFFERENCE', [broadcastable]],
  ['SQUEEZE', RESHAPE],
  ['STRIDED_SLICE', [inputCount(4)]],
  ['SUB', ARITHMETIC],
  ['TRANSPOSE', [permutationType, permutationLength]],
  ['UNIDIRECTIONAL_SEQUENCE_LSTM', [lstmInput, sameType, lstmRank, lstmOperands, lstmIntermediates]],
]);

/** What the compiler checks before anything else; a broken rule refuses the whole model. */
export function semanticRules({ operator }: OperatorContext): readonly Rule[] {
  return [scaleRatio, ...(BY_OPERATOR.get(operator.name) ?? [])];
}
