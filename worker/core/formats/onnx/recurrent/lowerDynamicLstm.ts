import { ONNX_LSTM_OPTIONS } from '../../../model/lstmOperands';
import { ABSENT, type Operator, type Quantization } from '../../../model/model';
import { elementCount } from '../../../run/arrays';
import { directionsOf } from './directions';
import type { Folded } from './foldedConstants';
import { LAYER_INPUTS, type LayerDirection } from './layerParts';
import { lowerLstmOf, type LstmWeights } from './lowerLstm';
import { NotLowered, type RecurrentDraft } from './recurrentDraft';

/** Operands of com.microsoft's DynamicQuantizeLSTM beside those of ONNX's LSTM. */
const PARAMETERS = {
  w: { values: LAYER_INPUTS.w, scale: 8, zeroPoint: 9 },
  r: { values: LAYER_INPUTS.r, scale: 10, zeroPoint: 11 },
} as const;
const PEEPHOLE = 7;
const GATES = 4;

/** A matrix of all directions, [directions, columns, 4 * hidden]: the other way about than ONNX's LSTM has it. */
interface IntegerMatrix {
  readonly codes: Int8Array | Uint8Array;
  readonly columns: number;
  readonly rows: number;
  /** [directions] or [directions, rows] */
  readonly scales: Float32Array;
  readonly zeroPoints: ArrayLike<number>;
}

/**
 * DynamicQuantizeLSTM as UNIDIRECTIONAL_SEQUENCE_LSTM with the weights' own codes, one constant for each gate, and the option
 * `dynamic_quantize`, which tells its arithmetic from that of hybrid operators.
 * @throws NotLowered with what this engine does not express
 */
export function lowerDynamicLstm(draft: RecurrentDraft, operator: Operator): readonly Operator[] {
  const { count } = directionsOf(operator);
  if (operator.options.input_forget) throw new NotLowered('input_forget makes one gate of the other');
  if ((operator.inputs[LAYER_INPUTS.lengths] ?? ABSENT) !== ABSENT) {
    throw new NotLowered('batch rows of different lengths share the scale of their states');
  }
  const [w, r] = [integerMatrix(draft, operator, 'w', count), integerMatrix(draft, operator, 'r', count)];
  const hidden = r.columns;
  if (w.rows !== GATES * hidden || r.rows !== GATES * hidden) {
    throw new NotLowered(`W has ${w.rows} and R ${r.rows} columns, not 4 times the ${hidden} cells`);
  }
  const weights: LstmWeights = {
    input: w.columns,
    hidden,
    b: draft.optionalReals(operator, LAYER_INPUTS.b, count * 2 * GATES * hidden, 'its bias B'),
    p: draft.optionalReals(operator, PEEPHOLE, count * 3 * hidden, 'its peephole P'),
    matrix: (kind, direction, place, name) => gateConstant(draft, kind === 'w' ? w : r, direction, place, name),
  };
  return lowerLstmOf(draft, operator, weights, { [ONNX_LSTM_OPTIONS.dynamicQuantize]: true });
}

function integerMatrix(draft: RecurrentDraft, operator: Operator, kind: 'w' | 'r', directions: number): IntegerMatrix {
  const places = PARAMETERS[kind];
  const what = `its weight ${kind.toUpperCase()}`;
  const { shape, values } = folded(draft, operator, places.values, what);
  const [first = 0, columns = 0, rows = 0] = shape;
  if (!(values instanceof Int8Array || values instanceof Uint8Array)) throw new NotLowered(`${what} is not int8 or uint8`);
  if (shape.length !== 3 || first !== directions || columns < 1 || rows < 1) {
    throw new NotLowered(`${what} is [${shape.join(', ')}]`);
  }
  const scale = folded(draft, operator, places.scale, `the scale of ${what}`);
  const zeroPoint = folded(draft, operator, places.zeroPoint, `the zero point of ${what}`);
  for (const parameter of [scale, zeroPoint]) {
    const size = elementCount(parameter.shape);
    if (size !== directions && size !== directions * rows) {
      throw new NotLowered(`${what} has parameters of shape [${parameter.shape.join(', ')}]`);
    }
  }
  const zeroPoints = Array.from(zeroPoint.values as ArrayLike<number>, Number);
  if (zeroPoints.some((one, k) => one !== zeroPoints[k - (k % (zeroPoints.length / directions))])) {
    throw new NotLowered(`${what} has several zero points, which ONNX Runtime does not take`);
  }
  return { codes: values, columns, rows, scales: Float32Array.from(scale.values as ArrayLike<number>), zeroPoints };
}

function folded(draft: RecurrentDraft, operator: Operator, position: number, what: string): Folded {
  const found = draft.folded(operator.inputs[position] ?? ABSENT);
  if (found === null) throw new NotLowered(`${what} is missing or computed at run time`);
  return found;
}

/** The rows of one gate of one direction: [hidden, columns]. */
function gateConstant(
  draft: RecurrentDraft,
  { codes, columns, rows, scales, zeroPoints }: IntegerMatrix,
  { d, directions }: LayerDirection,
  place: number,
  name: string,
): number {
  const hidden = rows / GATES;
  const data = new Uint8Array(hidden * columns);
  for (let row = 0; row < hidden; row++) {
    for (let column = 0; column < columns; column++) {
      data[row * columns + column] = codes[(d * columns + column) * rows + place * hidden + row]!;
    }
  }
  const perRow = scales.length > directions.count;
  const own = perRow ? scales.slice(d * rows + place * hidden, d * rows + (place + 1) * hidden) : scales.slice(d, d + 1);
  const zeroPoint = zeroPoints[d * (zeroPoints.length / directions.count)] ?? 0;
  const quantization: Quantization = {
    scales: own,
    zeroPoints: new Float64Array(own.length).fill(zeroPoint),
    axis: 0,
    blockwise: null,
  };
  return draft.add(name, codes instanceof Int8Array ? 'int8' : 'uint8', [hidden, columns], { data, quantization });
}
