import type { LstmPart, PartCost } from '../../report/report';
import type { LstmCell, PerGate } from '../lstmCell';
import type { OperandReader } from '../operandReader';
import type { IntegerPersona } from '../persona';
import { MixedCell } from './mixedCell';
import { mixedFormats, roundToFormat, type MixedFormats } from './mixedFormats';
import { inputProducts, realWeights, type RealWeights } from './mixedWeights';

/** Multiply-accumulates that a measurement may take when nothing else is said; some seconds. */
const DEFAULT_MACS = 2e9;
const LEAST_STEPS = 32;
/** Above this an error is rounding of float64 itself. */
const LARGEST_DB = 200;

const PARTS: readonly LstmPart[] = ['W', 'x', 'i', 'f', 'g', 'o', 'c', 'm', 'h'];

export interface CostMeasurement {
  /** What h gains, in dB of SQNR against the float path, when one part is put back to float. Gains overlap and do not add up. */
  readonly costs: readonly PartCost[];
  /** SQNR of h with everything quantized; null when nothing was measured or nothing differs. */
  readonly sqnrDb: number | null;
  /** Steps (times batch rows) that the figures cover. */
  readonly steps: number;
  /** False when samples or steps were left out: the budget was used up, or the measurement stopped. */
  readonly complete: boolean;
}

export interface CostOptions {
  /** Weights of a float partner. Null: the quantized weights as reals; then the weights' own cost is not measured. */
  readonly floatCell: LstmCell | null;
  /** Steps (times batch rows) to cover at most; default: what 2e9 multiply-accumulates allow, at least 32. */
  readonly maxSteps?: number;
}

interface Variant {
  /** Null: everything quantized. */
  readonly part: LstmPart | null;
  readonly simulation: MixedCell;
  readonly floatWeights: boolean;
  readonly floatInput: boolean;
  error: number;
}

/** Measures one integer LSTM's costs over samples, one at a time; states start at zero in each. */
export class CostMeter {
  readonly #cell: LstmCell;
  readonly #formats: MixedFormats;
  readonly #quantizedWeights: RealWeights;
  readonly #floatWeights: RealWeights;
  readonly #float: MixedCell;
  readonly #variants: readonly Variant[];
  readonly #maxSteps: number;
  #steps = 0;
  #signal = 0;
  #complete = true;

  /**
   * @throws UnsupportedOperatorError when the cell is no integer LSTM whose parameters can be used
   */
  constructor(cell: LstmCell, reader: OperandReader, persona: IntegerPersona, options: CostOptions) {
    this.#cell = cell;
    this.#formats = mixedFormats(cell, persona, reader);
    if (this.#formats.scales.setUpFails) throw reader.refusal('a gate has no scale, so that all outputs are one constant');
    this.#quantizedWeights = realWeights(cell);
    this.#floatWeights = options.floatCell === null ? this.#quantizedWeights : realWeights(options.floatCell);
    this.#float = new MixedCell(cell, this.#floatWeights, null, new Set());
    const parts = PARTS.filter((part) => (part !== 'm' || cell.projection) && (part !== 'W' || options.floatCell !== null));
    this.#variants = [null, ...parts].map((part) => this.#variant(part));
    const { input, cell: cells, output } = cell.sizes;
    const macs =
      4 * cells * (4 * input + (parts.length + 2) * output) + (cell.projection ? (parts.length + 2) * cells * output : 0);
    this.#maxSteps = options.maxSteps ?? Math.max(LEAST_STEPS, Math.floor(DEFAULT_MACS / macs));
  }

  /** True when further samples would not be looked at. */
  get full(): boolean {
    return this.#steps >= this.#maxSteps;
  }

  /** Says that samples exist which are not added. */
  leaveOut(): void {
    this.#complete = false;
  }

  /**
   * Adds one sample; of one that goes beyond the budget its first steps.
   * @param x the float path's exact input as reals, [steps, batch, input], time-major
   */
  add(x: ArrayLike<number>, steps: number, batch: number): void {
    const taken = Math.min(steps, Math.ceil((this.#maxSteps - this.#steps) / batch));
    if (taken < steps) this.#complete = false;
    if (taken <= 0) return;
    const rows = taken * batch;
    const exact = Float64Array.from({ length: rows * this.#cell.sizes.input }, (_, k) => x[k]!);
    const rounded = this.#roundInput(exact);
    const products = new Map<string, PerGate<Float64Array | null>>();
    const productsOf = (floatWeights: boolean, floatInput: boolean): PerGate<Float64Array | null> => {
      const key = `${floatWeights} ${floatInput}`;
      const weights = floatWeights ? this.#floatWeights : this.#quantizedWeights;
      const known = products.get(key) ?? inputProducts(this.#cell, weights, floatInput ? exact : rounded, rows);
      products.set(key, known);
      return known;
    };
    const reference = this.#float.run(productsOf(true, true), taken, batch);
    for (const value of reference) this.#signal += value * value;
    for (const variant of this.#variants) {
      const h = variant.simulation.run(productsOf(variant.floatWeights, variant.floatInput), taken, batch);
      for (let k = 0; k < h.length; k++) variant.error += (h[k]! - reference[k]!) ** 2;
    }
    this.#steps += rows;
  }

  result(): CostMeasurement {
    const all = this.#variants.find(({ part }) => part === null);
    const sqnr = (error: number): number => Math.min(LARGEST_DB, 10 * Math.log10(this.#signal / error));
    const measured = this.#steps > 0 && this.#signal > 0 && all !== undefined && all.error > 0;
    if (!measured) return { costs: [], sqnrDb: null, steps: this.#steps, complete: this.#complete };
    const base = sqnr(all.error);
    const costs = this.#variants.flatMap(({ part, error }): PartCost[] =>
      part === null ? [] : [{ part, gainDb: sqnr(error) - base }],
    );
    return { costs, sqnrDb: base, steps: this.#steps, complete: this.#complete };
  }

  #variant(part: LstmPart | null): Variant {
    const quantized = new Set(PARTS.filter((other) => other !== part));
    const floatWeights = part === 'W';
    const weights = floatWeights ? this.#floatWeights : this.#quantizedWeights;
    const simulation = new MixedCell(this.#cell, weights, this.#formats, quantized);
    return { part, simulation, floatWeights, floatInput: part === 'x', error: 0 };
  }

  #roundInput(x: Float64Array): Float64Array {
    const { scale, zeroPoint } = this.#formats.scales.input;
    return x.map((value) => roundToFormat(value, scale, zeroPoint, this.#formats.rails));
  }
}
