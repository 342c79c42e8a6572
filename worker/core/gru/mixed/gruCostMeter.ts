import type { CostOptions, OperatorInGraph } from '../../lstm/mixed/costMeter';
import { addCostRow, emptyCosts, type CostSums, type PartMeter } from '../../lstm/mixed/costSums';
import { roundToFormat } from '../../lstm/mixed/mixedFormats';
import { OperandReader } from '../../lstm/operandReader';
import { integerPersona } from '../../lstm/persona';
import { GRU_OPERANDS } from '../../model/gruOperands';
import { ONNX_LSTM_OPTIONS } from '../../model/lstmOperands';
import type { LstmPart } from '../../report/report';
import { describeGru, GRU_GATES, type GruCell } from '../gruCell';
import { GruLockStep } from './gruLockStep';
import type { GruFormats, GruVariant } from './mixedGru';
import { realGruWeights } from './realGruWeights';

const PARTS: readonly LstmPart[] = ['W', 'x', 'z', 'r', 'n', 'h'];
const INT8: readonly [number, number] = [-128, 127];

/**
 * Measures what each part of one int8 GRU costs: the SQNR that its output h gains when that part alone is put back to float, the rest
 * rounded and clamped as `IntegerGru` does it. States start at zero; one that reads backward is fed from the last step on.
 */
export class GruCostMeter implements PartMeter {
  readonly #cell: GruCell;
  readonly #floatCell: GruCell | null;
  readonly #formats: GruFormats;
  readonly #parts: readonly LstmPart[];
  readonly #isBackward: boolean;
  #simulation: GruLockStep | null = null;

  /** @throws UnsupportedOperatorError when the operator is no int8 GRU, or its counterpart is another one */
  constructor({ graph, operator }: OperatorInGraph, { persona, personaOverrides = {}, float }: CostOptions) {
    const reader = new OperandReader(graph, operator);
    this.#cell = describeGru(reader);
    const { input, output, gates } = this.#cell;
    const weights = GRU_GATES.flatMap((gate) => [gates[gate].input, gates[gate].recurrent]);
    if (input.dtype !== 'int8' || weights.some(({ tensor }) => tensor.dtype !== 'int8')) throw reader.refusal('it is not int8');
    if (reader.optional(GRU_OPERANDS.sequenceLengths) !== null) throw reader.refusal('rows have steps of their own');
    this.#formats = {
      input: reader.affine(input),
      hidden: reader.affine(output),
      recurrentSaturatesAlone: integerPersona(persona, personaOverrides).recurrentSaturatesAlone,
    };
    this.#floatCell = float === null ? null : describeGru(new OperandReader(float.graph, float.operator));
    if (this.#floatCell !== null && !sameForm(this.#cell, this.#floatCell)) {
      throw reader.refusal('the float model has a GRU of another size or form in its place');
    }
    this.#parts = PARTS.filter((part) => part !== 'W' || float !== null);
    this.#isBackward = reader.option(ONNX_LSTM_OPTIONS.reverse) === true;
  }

  get macsPerStep(): number {
    return GruLockStep.macsPerStep(this.#cell, this.#parts.length + 2, this.#floatCell === null ? 1 : 2);
  }

  reset(): void {
    this.#simulation?.reset();
  }

  *measure(x: Float32Array, steps: number, batch: number): Generator<void, CostSums> {
    const simulation = (this.#simulation ??= yield* this.#prepare());
    const sums = emptyCosts(this.#parts);
    const perStep = batch * this.#cell.sizes.input;
    const exact = this.#isBackward ? backward(x, steps, perStep) : x.subarray(0, steps * perStep);
    const { scale, zeroPoint } = this.#formats.input;
    const rounded = exact.map((value) => roundToFormat(value, scale, zeroPoint, INT8));
    yield* simulation.run(exact, rounded, steps, batch, (b) => {
      addCostRow(sums, simulation.variants.map((variant) => variant.output(b))); // prettier-ignore
    });
    return sums;
  }

  *#prepare(): Generator<void, GruLockStep> {
    const own = yield* realGruWeights(this.#cell);
    const float = this.#floatCell === null ? own : yield* realGruWeights(this.#floatCell);
    const variant = (part: LstmPart | null): GruVariant => ({
      weights: part === 'W' ? float : own,
      exactInput: part === 'x',
      formats: this.#formats,
      quantized: new Set(PARTS.filter((other) => other !== part)),
    });
    const reference: GruVariant = { weights: float, exactInput: true, formats: null, quantized: new Set() };
    return new GruLockStep(this.#cell, [reference, variant(null), ...this.#parts.map(variant)]);
  }
}

/** The last `steps` steps, the last one first. */
function backward(x: Float32Array, steps: number, perStep: number): Float32Array {
  const reversed = new Float32Array(steps * perStep);
  for (let step = 0; step < steps; step++) {
    const from = x.length - (step + 1) * perStep;
    reversed.set(x.subarray(from, from + perStep), step * perStep);
  }
  return reversed;
}

function sameForm(a: GruCell, b: GruCell): boolean {
  const sizes = a.sizes.input === b.sizes.input && a.sizes.hidden === b.sizes.hidden;
  const activations = a.activations.gates === b.activations.gates && a.activations.candidate === b.activations.candidate;
  return sizes && activations && a.linearBeforeReset === b.linearBeforeReset && a.gateClip === b.gateClip;
}
