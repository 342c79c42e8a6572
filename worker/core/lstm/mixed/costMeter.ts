import type { Graph, Operator } from '../../model/model';
import type { LstmPart } from '../../report/report';
import { describeCell } from '../describeCell';
import type { LstmCell } from '../lstmCell';
import { OperandReader } from '../operandReader';
import { integerPersona, type PersonaName, type PersonaOverrides } from '../persona';
import { addCostRow, emptyCosts, type CostSums, type PartMeter } from './costSums';
import { LockStep } from './lockStep';
import type { MixedVariant } from './mixedCell';
import { mixedFormats, roundToFormat, type MixedFormats } from './mixedFormats';
import { realWeights } from './mixedWeights';

export interface OperatorInGraph {
  readonly graph: Graph;
  readonly operator: Operator;
}

export interface CostOptions {
  readonly persona: PersonaName;
  readonly personaOverrides?: PersonaOverrides;
  /** The same LSTM in a float partner; null: the file's own weights as reals, and the weights' cost stays unmeasured. */
  readonly float: OperatorInGraph | null;
}

const PARTS: readonly LstmPart[] = ['W', 'x', 'i', 'f', 'g', 'o', 'c', 'm', 'h'];

/**
 * Measures what each part of one integer UNIDIRECTIONAL_SEQUENCE_LSTM costs: the SQNR that its output h gains when that part
 * alone is put back to float, the rest rounded and clamped as the file says.
 */
export class CostMeter implements PartMeter {
  readonly #cell: LstmCell;
  readonly #formats: MixedFormats;
  readonly #floatCell: LstmCell | null;
  readonly #parts: readonly LstmPart[];
  /** The float cell, the one with everything quantized, then one for each part; null until the first sample. */
  #simulation: LockStep | null = null;

  /** @throws UnsupportedOperatorError when the operator is no integer LSTM whose parameters can be used */
  constructor({ graph, operator }: OperatorInGraph, { persona, personaOverrides, float }: CostOptions) {
    const reader = new OperandReader(graph, operator);
    this.#cell = describeCell(reader);
    this.#formats = mixedFormats(this.#cell, integerPersona(persona, personaOverrides), reader);
    if (this.#formats.scales.setUpFails) throw reader.refusal('a gate has no scale, so that all outputs are one constant');
    this.#floatCell = float === null ? null : describeCell(new OperandReader(float.graph, float.operator));
    if (this.#floatCell !== null && !sameTopology(this.#cell, this.#floatCell)) {
      throw reader.refusal('the float model has an LSTM of another size or topology in its place');
    }
    this.#parts = PARTS.filter((part) => (part !== 'm' || this.#cell.projection) && (part !== 'W' || float !== null));
  }

  get macsPerStep(): number {
    return LockStep.macsPerStep(this.#cell, this.#parts.length + 2, this.#floatCell === null ? 1 : 2);
  }

  reset(): void {
    this.#simulation?.reset();
  }

  *measure(x: Float32Array, steps: number, batch: number): Generator<void, CostSums> {
    const simulation = (this.#simulation ??= yield* this.#prepare());
    const sums = emptyCosts(this.#parts);
    const exact = x.subarray(0, steps * batch * this.#cell.sizes.input);
    yield* simulation.run(exact, this.#roundInput(exact), steps, batch, (b) => {
      addCostRow(sums, simulation.variants.map((variant) => variant.output(b))); // prettier-ignore
    });
    return sums;
  }

  *#prepare(): Generator<void, LockStep> {
    const own = yield* realWeights(this.#cell);
    const float = this.#floatCell === null ? own : yield* realWeights(this.#floatCell);
    const formats = this.#formats;
    const variant = (part: LstmPart | null): MixedVariant => ({
      weights: part === 'W' ? float : own,
      exactInput: part === 'x',
      formats,
      quantized: new Set(PARTS.filter((other) => other !== part)),
    });
    const reference: MixedVariant = { weights: float, exactInput: true, formats: null, quantized: new Set() };
    return new LockStep(this.#cell, [reference, variant(null), ...this.#parts.map(variant)]);
  }

  #roundInput(x: Float32Array): Float32Array {
    const { scale, zeroPoint } = this.#formats.scales.input;
    return x.map((value) => roundToFormat(value, scale, zeroPoint, this.#formats.rails));
  }
}

function sameTopology(a: LstmCell, b: LstmCell): boolean {
  const sizes = (['input', 'cell', 'output'] as const).every((size) => a.sizes[size] === b.sizes[size]);
  return sizes && (['cifg', 'peephole', 'projection', 'layerNorm'] as const).every((part) => a[part] === b[part]);
}
