import { constantValues } from '../../core/model/constants';
import { INTEGER_RAILS } from '../../core/model/dtype';
import type { Graph, Operator } from '../../core/model/model';
import { quantizeRoundHalfToEven } from '../../core/quantization/affine';
import { allocate } from '../../core/run/arrays';
import type { Path } from '../../core/run/graphRunner';
import type { PreparedOp } from '../../core/run/preparedOp';
import type { Value } from '../../core/run/value';
import { refused } from './refusals';

const CODES: ReadonlySet<string> = new Set(['int8', 'uint8']);
/** Attributes by which the two are something else than the plain form. */
const OTHER_FORMS = ['block_size', 'output_dtype', 'precision', 'saturate'];

/**
 * QuantizeLinear and DequantizeLinear with one scale that the file has, on paths with codes. In float32, as ONNX defines them:
 * code = clamp(roundHalfToEven(x / scale) + zeroPoint), real = (code - zeroPoint) * scale. They stand between all operators of a QDQ
 * model, and to ask a thread for them takes many times as long. Null for all else.
 */
export function convertedHere(graph: Graph, operator: Operator, path: Path): PreparedOp | null {
  const isQuantize = operator.name === 'QuantizeLinear';
  if (path === 'float' || (!isQuantize && operator.name !== 'DequantizeLinear') || (operator.domain ?? '') !== '') return null;
  if (OTHER_FORMS.some((name) => operator.options[name])) return null;
  const [from, scaleOf, zeroOf] = operator.inputs.map((index) => graph.tensors[index]);
  const to = graph.tensors[operator.outputs[0] ?? -1];
  const [reals, codes] = isQuantize ? [from, to] : [to, from];
  if (reals?.dtype !== 'float32' || codes === undefined || !CODES.has(codes.dtype) || scaleOf?.dtype !== 'float32') return null;
  const scale = single(scaleOf);
  const zeroPoint = zeroOf === undefined ? 0 : single(zeroOf);
  if (scale === null || zeroPoint === null) return null;
  const { dtype } = codes;
  const [low, high] = INTEGER_RAILS[dtype]!;
  const parameters = { scale, zeroPoint };
  const run = ([value]: readonly (Value | null)[]): Value[] => {
    if (!value) return [];
    const source = value.data as Float32Array;
    const result = allocate(isQuantize ? dtype : 'float32', source.length) as Float32Array | null;
    if (result === null || value.dtype !== (isQuantize ? 'float32' : dtype)) throw refused(operator, `values of ${value.dtype}`);
    for (let k = 0; k < source.length; k++) {
      const given = source[k]!;
      result[k] = isQuantize ? quantizeRoundHalfToEven(given, parameters, low, high) : (given - zeroPoint) * scale;
    }
    return [{ dtype: isQuantize ? dtype : 'float32', shape: value.shape, data: result }];
  };
  return { operator, cells: [], run, resetState: () => undefined };
}

/** The value of a constant that has only one. */
function single(tensor: Graph['tensors'][number]): number | null {
  if (tensor.data === null || tensor.shape.some((size) => size !== 1)) return null;
  return Number(constantValues(tensor)[0]);
}
