import type { CalibratedRange, LstmRanges } from '../calibration/calibratedRanges';
import { GATES, type Gate } from '../lstm/signals';
import { LSTM_INTERMEDIATES, LSTM_OPERANDS, LSTM_OUTPUTS } from '../model/lstmOperands';
import { ABSENT } from '../model/model';
import { type Bits, parametersFrom, parametersOf } from './activations';
import { biasFormat, WEIGHTS_INT8, weightsInt16Format } from './constantFormats';
import type { DraftOperator } from './draft';
import { checkRange } from './plan';
import { cellIntegerBits, INT16_LEVELS, largest, scaleProduct, symmetric } from './quantizedValues';
import { RecipeError } from './recipeError';
import type { Rewriting } from './rewriting';

/** Q3.12, what the activations take; the gates' results have it without layer norm. */
const GATE_SCALE = 2 ** -12;
/** Layer norm computes with 10 more bits than its int16 result has. */
const LAYER_NORM_BIAS_FACTOR = 2 ** -10;
/** The kernels' tanh takes the cell up to Q6.9. */
const MOST_CELL_BITS = 6;
/** Beyond, a range says that something is wrong rather than large. */
const LARGEST_CELL = 2 ** 15;

/** Four gates and the hidden value. */
const INTERMEDIATES = 5;

const PEEPHOLE_GATES = ['input', 'forget', 'output'] as const;

/**
 * The paper's recipe for one LSTM cell (arXiv 2101.05453, section 3.2, as TensorFlow Lite's quantizer has it): int8 data and
 * matrices, int16 cell with a power-of-two scale, int16 peepholes and layer norm, int32 biases. With 16 bits: int16 data, int64 biases.
 * @throws RecipeError when weights or ranges are not finite, or the cell leaves what 16 bits are for
 */
export function quantizeLstm(rewriting: Rewriting, operator: DraftOperator, bits: Bits): void {
  new LstmRecipe(rewriting, operator, bits).apply();
}

class LstmRecipe {
  readonly #r: Rewriting;
  readonly #operator: DraftOperator;
  readonly #bits: Bits;
  readonly #ranges: LstmRanges;

  constructor(rewriting: Rewriting, operator: DraftOperator, bits: Bits) {
    const [ranges] = operator.cells;
    if (ranges === undefined) throw new RangeError(`The LSTM ${operator.index} has no ranges.`);
    this.#r = rewriting;
    this.#operator = operator;
    this.#bits = bits;
    this.#ranges = ranges;
  }

  apply(): void {
    const { inputs } = this.#operator;
    inputs[LSTM_OPERANDS.input] = this.#r.activations.integer(inputs[LSTM_OPERANDS.input] ?? ABSENT, this.#bits);
    this.#states();
    this.#givenStates();
    this.#weights();
    this.#intermediates();
    this.#biases();
    this.#operator.version = Math.max(this.#operator.version, 2);
  }

  /** h and the output share parameters; c has a power of two. */
  #states(): void {
    const output = this.#tensor(this.#operator.outputs[0]);
    const outputState = this.#tensor(this.#operator.inputs[LSTM_OPERANDS.outputState]);
    checkRange(output.name, this.#ranges.output);
    const parameters = this.#r.activations.parameters(output, this.#ranges.output, this.#bits);
    for (const tensor of [output, outputState]) {
      tensor.calibrated = this.#ranges.output;
      this.#r.activations.give(tensor, parameters, this.#bits);
    }
    const cell = this.#tensor(this.#operator.inputs[LSTM_OPERANDS.cellState]);
    cell.dtype = 'int16';
    cell.quantization = parametersFrom(2 ** (this.#cellBits(cell.name) - 15), 0);
    cell.range = null;
  }

  /** ONNX: states that are given for every run, and those after the last step, have the parameters of the states themselves. */
  #givenStates(): void {
    const { inputs, outputs } = this.#operator;
    for (const { state, given, last, bits } of [
      { state: LSTM_OPERANDS.outputState, given: LSTM_OPERANDS.initialOutput, last: LSTM_OUTPUTS.lastOutput, bits: this.#bits },
      { state: LSTM_OPERANDS.cellState, given: LSTM_OPERANDS.initialCell, last: LSTM_OUTPUTS.lastCell, bits: 16 as const },
    ]) {
      const parameters = parametersOf(this.#tensor(inputs[state]));
      const index = inputs[given] ?? ABSENT;
      if (index !== ABSENT) inputs[given] = this.#r.activations.state(index, parameters, bits);
      const output = outputs[last] ?? ABSENT;
      if (output !== ABSENT) this.#r.activations.give(this.#tensor(output), parameters, bits);
    }
  }

  #cellBits(name: string): number {
    const range = this.#ranges.cell;
    checkRange(name, range);
    const { cellExponent } = this.#override();
    if (cellExponent !== undefined) {
      this.#note(
        'override',
        `The cell is Q${cellExponent}.${15 - cellExponent}, as the recipe says; its range is ±${2 ** cellExponent}.`,
      );
      return cellExponent;
    }
    const reach = largest(range);
    if (reach > LARGEST_CELL) {
      const message = `The cell of ${this.#name()} reached ${reach}: beyond ±${LARGEST_CELL}, 16 bits hold nothing of it.`;
      throw new RecipeError(
        'CELL_RANGE',
        message,
        null,
        `at most ${LARGEST_CELL}; set a cell clip, keep the LSTM float or give a cellExponent`,
      );
    }
    const bits = cellIntegerBits(range);
    if (bits <= MOST_CELL_BITS) return bits;
    const text = `The cell reached ${reach}; the kernels hold ±${2 ** MOST_CELL_BITS} at most (Q6.9), so it saturates there.`;
    this.#note('range', text);
    return MOST_CELL_BITS;
  }

  #weights(): void {
    const matrices = [LSTM_OPERANDS.inputToGate, LSTM_OPERANDS.recurrentToGate].flatMap((group) => Object.values(group));
    for (const position of [...matrices, LSTM_OPERANDS.projectionWeights]) this.#constant(position, WEIGHTS_INT8);
    const vectors = [
      ...PEEPHOLE_GATES.map((gate) => LSTM_OPERANDS.cellToGate[gate]),
      ...Object.values(LSTM_OPERANDS.layerNormCoefficients),
    ];
    for (const position of vectors) this.#constant(position, weightsInt16Format());
  }

  /** The gates' results before layer norm, and the hidden value; made where the file has none. */
  #intermediates(): void {
    const { draft } = this.#r;
    const { intermediates } = this.#operator;
    const like = { dtype: 'float32', shape: [0], hasRank: true } as const;
    // Operators made for the 8x8->8 kernel have 12 of other meanings.
    intermediates.splice(INTERMEDIATES);
    for (let i = intermediates.length; i < INTERMEDIATES; i++)
      intermediates.push(draft.add(`${this.#name()}/intermediate_${i}`, like));
    const hasLayerNorm = this.#has(LSTM_OPERANDS.layerNormCoefficients.forget);
    for (const gate of GATES) {
      const scale = hasLayerNorm ? this.#gateScale(gate) : null;
      if (scale === null) continue;
      const tensor = this.#tensor(intermediates[LSTM_INTERMEDIATES.gate[gate]]);
      tensor.dtype = 'int16';
      tensor.quantization = parametersFrom(scale, 0);
      tensor.range = null;
    }
    const hidden = this.#tensor(intermediates[LSTM_INTERMEDIATES.hidden]);
    checkRange(hidden.name, this.#ranges.hidden);
    // TFLM takes m's parameters from the output; the 16-bit form runs there only.
    hidden.calibrated = this.#bits === 16 ? this.#ranges.output : this.#ranges.hidden;
    this.#r.activations.give(hidden, this.#r.activations.parameters(hidden, hidden.calibrated, this.#bits), this.#bits);
  }

  #gateScale(gate: Gate): number | null {
    const range = this.#ranges.gates[gate];
    if (range === null) return this.#absentGateScale(gate);
    checkRange(`the ${gate} gate of ${this.#name()}`, range);
    const parameters = symmetric(range, INT16_LEVELS);
    if (parameters !== null) return parameters.scale;
    this.#note('range', `The ${gate} gate's result was 0 throughout calibration: its scale is 2^-12.`);
    return GATE_SCALE;
  }

  /** With CIFG there is no input gate, yet without a scale for it TFLite's set-up fails and is not heard. */
  #absentGateScale(gate: Gate): number | null {
    if (this.#r.recipe.mendCifgLayerNorm === false) return null;
    const text =
      `CIFG with layer norm: intermediate ${LSTM_INTERMEDIATES.gate[gate]} got the scale 2^-12. TensorFlow Lite's quantizer leaves it ` +
      'without one; its kernel then fails to set up, does not say so, and every output is one constant.';
    this.#note('mended', text);
    return GATE_SCALE;
  }

  #biases(): void {
    const hasLayerNorm = this.#has(LSTM_OPERANDS.layerNormCoefficients.forget);
    for (const gate of GATES) {
      const scale = hasLayerNorm
        ? scaleProduct(this.#scale(LSTM_OPERANDS.layerNormCoefficients[gate]), LAYER_NORM_BIAS_FACTOR)
        : scaleProduct(this.#scale(LSTM_OPERANDS.input), this.#scale(LSTM_OPERANDS.inputToGate[gate]));
      this.#constant(LSTM_OPERANDS.gateBias[gate], biasFormat(Float32Array.of(scale), this.#bits));
    }
    const hidden = parametersOf(this.#tensor(this.#operator.intermediates[LSTM_INTERMEDIATES.hidden])).scale;
    const scale = scaleProduct(this.#scale(LSTM_OPERANDS.projectionWeights), hidden);
    this.#constant(LSTM_OPERANDS.projectionBias, biasFormat(Float32Array.of(scale), this.#bits));
  }

  #constant(position: number, format: Parameters<Rewriting['constants']['quantize']>[1]): void {
    const index = this.#operator.inputs[position] ?? ABSENT;
    if (index !== ABSENT) this.#operator.inputs[position] = this.#r.constants.quantize(index, format);
  }

  #has(position: number): boolean {
    return (this.#operator.inputs[position] ?? ABSENT) !== ABSENT;
  }

  #scale(position: number): number {
    return this.#has(position) ? parametersOf(this.#tensor(this.#operator.inputs[position])).scale : 0;
  }

  #tensor(index: number | undefined) {
    return this.#r.draft.tensor(index ?? ABSENT);
  }

  #override() {
    return this.#r.overrides.lstms.get(this.#operator.stands ?? -1) ?? {};
  }

  #name(): string {
    return this.#tensor(this.#operator.outputs[0]).name;
  }

  #note(kind: 'range' | 'mended' | 'override', text: string): void {
    this.#r.notes.add({ kind, op: this.#operator.stands, tensor: null, name: this.#name(), text });
  }
}

/** A range that holds both. */
export function union(a: CalibratedRange, b: CalibratedRange): CalibratedRange {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) };
}
