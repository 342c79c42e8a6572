import { describeCell } from '../lstm/describeCell';
import { fromTimeMajor, outputShape, sequenceShape, toTimeMajor, type SequenceShape } from '../lstm/layout';
import type { LstmCell } from '../lstm/lstmCell';
import type { OperatorInGraph } from '../lstm/mixed/costMeter';
import { LockStep } from '../lstm/mixed/lockStep';
import type { MixedVariant } from '../lstm/mixed/mixedCell';
import { mixedFormats, type MixedFormats } from '../lstm/mixed/mixedFormats';
import { realWeights, type RealWeights } from '../lstm/mixed/mixedWeights';
import { OperandReader } from '../lstm/operandReader';
import { integerPersona, type PersonaName, type PersonaOverrides } from '../lstm/persona';
import type { Gate } from '../lstm/signals';
import { keepsStates, LSTM_OPERANDS } from '../model/lstmOperands';
import type { LstmPart } from '../report/report';
import { UnsupportedOperatorError } from '../run/preparedOp';
import type { Value } from '../run/value';
import type { Variant } from './mixture';

export interface EmulationOptions {
  readonly persona: PersonaName;
  readonly personaOverrides?: PersonaOverrides;
  /** The same LSTM in a float model; null: there are no other weights than the file's own. */
  readonly float: OperatorInGraph | null;
  /** Whether each matrix is tried on its own beside all weights together. */
  readonly eachOperand: boolean;
}

const PARTS: readonly LstmPart[] = ['i', 'f', 'g', 'o', 'c', 'm', 'h'];

/**
 * One integer UNIDIRECTIONAL_SEQUENCE_LSTM emulated with reals: everything quantized (`plain`), or one part of it not, or with
 * weights of the float model.
 */
export class LstmEmulation {
  readonly variants: readonly Variant[];
  readonly #cell: LstmCell;
  readonly #formats: MixedFormats;
  #weights: { readonly own: RealWeights; readonly float: RealWeights } | null = null;

  /** Null for operators that cannot be emulated: no integer LSTM that keeps its states itself, or one that its runtime breaks. */
  static of(place: OperatorInGraph, options: EmulationOptions): LstmEmulation | null {
    try {
      const emulation = new LstmEmulation(place, options);
      const states = [LSTM_OPERANDS.outputState, LSTM_OPERANDS.cellState].map((operand) => emulation.reader.optional(operand));
      const isOwn = states.every((state) => state?.isVariable === true) && keepsStates(place.operator);
      return isOwn && place.operator.name === 'UNIDIRECTIONAL_SEQUENCE_LSTM' ? emulation : null;
    } catch (error) {
      if (error instanceof UnsupportedOperatorError) return null;
      throw error;
    }
  }

  private readonly reader: OperandReader;
  private readonly floatCell: LstmCell | null;

  private constructor({ graph, operator }: OperatorInGraph, { persona, personaOverrides, float, eachOperand }: EmulationOptions) {
    this.reader = new OperandReader(graph, operator);
    this.#cell = describeCell(this.reader);
    this.#formats = mixedFormats(this.#cell, integerPersona(persona, personaOverrides), this.reader);
    if (this.#formats.scales.setUpFails) throw this.reader.refusal('a gate has no scale, so that all outputs are one constant');
    this.floatCell = float === null ? null : describeCell(new OperandReader(float.graph, float.operator));
    const { cifg, projection } = this.#cell;
    const matrices = [LSTM_OPERANDS.inputToGate, LSTM_OPERANDS.recurrentToGate].flatMap((gates) => Object.values(gates));
    const operands = [...matrices, ...(projection ? [LSTM_OPERANDS.projectionWeights] : [])].filter(
      (operand) => this.reader.optional(operand) !== null,
    );
    this.variants = [
      'plain',
      ...PARTS.filter((part) => (part !== 'm' || projection) && (part !== 'i' || !cifg)),
      ...(float === null ? [] : (['W'] as const)),
      ...(float === null || !eachOperand ? [] : operands.map((operand) => `operand ${operand}` as const)),
    ];
  }

  /** Runs that keep their states from call to call, with all variants side by side, or with some. */
  *open(variants: readonly Variant[] = this.variants): Generator<void, EmulatedLstm> {
    const { own, float } = yield* this.#realWeights();
    const all = new Set<LstmPart>(['W', 'x', ...PARTS]);
    const mixed = variants.map((variant): MixedVariant => ({
      weights: variant === 'W' ? float : variant.startsWith('operand') ? withOperand(own, float, Number(variant.slice(8))) : own,
      exactInput: true,
      formats: this.#formats,
      quantized: new Set([...all].filter((part) => part !== variant)),
    }));
    return new EmulatedLstm(this.#cell, this.reader, variants, mixed);
  }

  *#realWeights(): Generator<void, { readonly own: RealWeights; readonly float: RealWeights }> {
    if (this.#weights !== null) return this.#weights;
    const own = yield* realWeights(this.#cell);
    this.#weights = { own, float: this.floatCell === null ? own : yield* realWeights(this.floatCell) };
    return this.#weights;
  }
}

/** Variants of one emulated LSTM under way on a sequence. */
export class EmulatedLstm {
  readonly #steps: LockStep;

  constructor(
    private readonly cell: LstmCell,
    private readonly reader: OperandReader,
    private readonly variants: readonly Variant[],
    mixed: readonly MixedVariant[],
  ) {
    this.#steps = new LockStep(cell, mixed);
  }

  /** States at real zero. */
  reset(): void {
    this.#steps.reset();
  }

  /**
   * The output of each variant, as reals that are on the output's grid unless `h` is not quantized.
   * @param x as reals, in the operator's own layout
   */
  *run(x: Value): Generator<void, ReadonlyMap<Variant, Value>> {
    const { cell, variants } = this;
    const shape: SequenceShape = sequenceShape(x.shape, cell.sizes.input, cell.rowsTogether, this.reader);
    const { steps, batch } = shape;
    const size = cell.sizes.output;
    const rows = toTimeMajor(x.data as Float32Array, shape, cell.sizes.input);
    const outputs = variants.map(() => new Float32Array(steps * batch * size));
    let row = 0;
    yield* this.#steps.run(rows, rows, steps, batch, (b) => {
      this.#steps.variants.forEach((variant, position) => outputs[position]!.set(variant.output(b), row * size));
      row++;
    });
    return new Map(
      variants.map((variant, position): [Variant, Value] => {
        const data = fromTimeMajor(outputs[position]!, shape, size);
        return [variant, { dtype: 'float32', shape: outputShape(shape, size), data }];
      }),
    );
  }
}

/** The file's weights with one matrix of the float model. */
function withOperand(own: RealWeights, float: RealWeights, operand: number): RealWeights {
  if (operand === LSTM_OPERANDS.projectionWeights) return { ...own, projection: float.projection };
  const gateOf = (gates: Readonly<Record<Gate, number>>) =>
    (Object.keys(gates) as Gate[]).find((gate) => gates[gate] === operand);
  const input = gateOf(LSTM_OPERANDS.inputToGate);
  if (input !== undefined) return { ...own, input: { ...own.input, [input]: float.input[input] } };
  const recurrent = gateOf(LSTM_OPERANDS.recurrentToGate);
  if (recurrent === undefined) throw new RangeError(`Operand ${operand} is no matrix of an LSTM.`);
  return { ...own, recurrent: { ...own.recurrent, [recurrent]: float.recurrent[recurrent] } };
}
