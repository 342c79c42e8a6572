import { groupedByWeights, multiplyAll, PauseMeter, type VariantGroup } from '../../lstm/mixed/sharedWeights';
import type { GruCell } from '../gruCell';
import { CANDIDATE, RESET, UPDATE } from '../gruStep';
import { MixedGru, type GruVariant } from './mixedGru';
import type { RealGruWeights } from './realGruWeights';

/** What one GRU of one variant computes in a step beside the products takes as long as about this many multiply-accumulates. */
const MACS_PER_UNIT = 3000;
/** Places of the exact and the rounded input among an input matrix's vectors. */
const [EXACT, ROUNDED] = [0, 1];

type Group = VariantGroup<RealGruWeights, MixedGru>;

/** Variants of one GRU run side by side, step by step. Products are float32; everything between them is float64. */
export class GruLockStep {
  readonly variants: readonly MixedGru[];
  readonly #groups: readonly Group[];
  #batch = 0;

  /** @param variants at most 16 of the same weights */
  constructor(
    private readonly cell: GruCell,
    variants: readonly GruVariant[],
  ) {
    this.variants = variants.map((variant) => new MixedGru(cell, variant));
    this.#groups = groupedByWeights<RealGruWeights, MixedGru>(this.variants);
  }

  /** About what one step of one batch row takes, in multiply-accumulates. */
  static macsPerStep({ sizes }: GruCell, variants: number, weightSets: number): number {
    const { input, hidden } = sizes;
    return 3 * hidden * (2 * weightSets * input + variants * hidden) + variants * hidden * MACS_PER_UNIT;
  }

  /** Puts all states to real zero. */
  reset(): void {
    this.#batch = 0;
  }

  /**
   * Runs on from the states of the last run, or from zero after a reset or with another batch size. Pauses every few milliseconds.
   * @param exact input as reals, [steps, batch, input]
   * @param rounded the same, rounded to the file's format
   * @param onRow told after each row, in order; `b` is its place in the batch
   */
  *run(
    exact: Float32Array,
    rounded: Float32Array,
    steps: number,
    batch: number,
    onRow: (b: number) => void,
  ): Generator<void, void> {
    if (batch !== this.#batch) for (const variant of this.variants) variant.reset(batch);
    this.#batch = batch;
    const { input } = this.cell.sizes;
    const perRow = GruLockStep.macsPerStep(this.cell, this.variants.length, this.#groups.length);
    const pause = new PauseMeter();
    for (let row = 0; row < steps * batch; row++) {
      const part = (values: Float32Array) => values.subarray(row * input, (row + 1) * input);
      for (const group of this.#groups) this.#step(group, part(exact), part(rounded), row % batch);
      onRow(row % batch);
      if (pause.isDue(perRow)) yield;
    }
  }

  #step({ weights, variants }: Group, exact: Float32Array, rounded: Float32Array, b: number): void {
    for (const matrix of weights.input) {
      matrix.vector(EXACT).set(exact);
      matrix.vector(ROUNDED).set(rounded);
      matrix.multiply(2);
    }
    const inputOf = (gate: number, { variant }: MixedGru) => weights.input[gate]!.sums(variant.exactInput ? EXACT : ROUNDED);
    for (const gate of [UPDATE, RESET]) {
      const recurrent = weights.recurrent[gate]!;
      multiplyAll(recurrent, variants, (variant) => variant.output(b));
      variants.forEach((variant, v) => variant.gate(gate, inputOf(gate, variant), recurrent.sums(v)));
    }
    const candidate = weights.recurrent[CANDIDATE]!;
    multiplyAll(candidate, variants, (variant) => (this.cell.linearBeforeReset ? variant.output(b) : variant.resetHidden(b)));
    variants.forEach((variant, v) => variant.finish(inputOf(CANDIDATE, variant), candidate.sums(v), b));
  }
}
