import type { Float32Matrix } from '../../kernels/float32Matrix';
import type { LstmCell, PerGate } from '../lstmCell';
import { computedGates } from '../lstmCell';
import type { Gate } from '../signals';
import { MixedCell, type MixedVariant } from './mixedCell';
import type { RealWeights } from './mixedWeights';
import { groupedByWeights, multiplyAll, PauseMeter, type VariantGroup } from './sharedWeights';

/** What one cell of one variant computes in a step beside the products takes as long as about this many multiply-accumulates. */
const MACS_PER_CELL = 3000;
/** Rows whose input products are computed together; they do not depend on the state. */
const ROWS_TOGETHER = 8;

interface Group extends VariantGroup<RealWeights, MixedCell> {
  /** Where the products of a vector lie. */
  readonly inputSums: readonly PerGate<Float32Array | null>[];
  readonly recurrentSums: readonly PerGate<Float32Array | null>[];
}

/**
 * Variants of one LSTM cell run side by side, step by step, so that the products of all of them come from one pass over the
 * weights. Products are float32; everything between them is float64.
 */
export class LockStep {
  readonly variants: readonly MixedCell[];
  readonly #cell: LstmCell;
  readonly #gates: readonly Gate[];
  readonly #groups: readonly Group[];
  readonly #pause = new PauseMeter();
  #batch = 0;

  /** @param variants at most 16 of the same weights */
  constructor(cell: LstmCell, variants: readonly MixedVariant[]) {
    this.#cell = cell;
    this.#gates = computedGates(cell);
    this.variants = variants.map((variant) => new MixedCell(cell, variant));
    this.#groups = groupedByWeights<RealWeights, MixedCell>(this.variants).map(({ weights, variants: own }) => {
      const inputSums = Array.from({ length: 2 * ROWS_TOGETHER }, (_, v) => sums(weights.input, v));
      return { weights, variants: own, inputSums, recurrentSums: own.map((_, v) => sums(weights.recurrent, v)) };
    });
  }

  /** About what one step of one batch row takes, in multiply-accumulates. */
  static macsPerStep({ sizes, cifg, projection }: LstmCell, variants: number, weightSets: number): number {
    const { input, cell, output } = sizes;
    const gates = cifg ? 3 : 4;
    const products = gates * cell * (2 * weightSets * input + variants * output);
    return products + (projection ? variants * cell * output : 0) + variants * cell * MACS_PER_CELL;
  }

  /** Puts all states to real zero. */
  reset(): void {
    this.#batch = 0;
  }

  /**
   * Runs on from the states of the last run, or from zero after a reset or with another batch size. Pauses every few
   * milliseconds.
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
    const { sizes } = this.#cell;
    const rows = steps * batch;
    const perRow = LockStep.macsPerStep(this.#cell, this.variants.length, this.#groups.length);
    for (let first = 0; first < rows; first += ROWS_TOGETHER) {
      const count = Math.min(ROWS_TOGETHER, rows - first);
      for (const group of this.#groups) {
        for (const gate of this.#gates) {
          multiplyInputs(group.weights.input[gate], exact, rounded, first, count);
          if (this.#pause.isDue(2 * count * sizes.cell * sizes.input)) yield;
        }
      }
      for (let row = first; row < first + count; row++) {
        yield* this.#step(row - first, row % batch, batch);
        onRow(row % batch);
        if (this.#pause.isDue(perRow)) yield;
      }
    }
  }

  /** @param slot of the row among those whose input products were computed together */
  *#step(slot: number, b: number, batch: number): Generator<void, void> {
    const { sizes, rowsTogether } = this.#cell;
    const place = rowsTogether ? { position: b, rows: batch } : { position: 0, rows: 1 };
    for (const { weights, variants, inputSums, recurrentSums } of this.#groups) {
      for (const gate of this.#gates) {
        multiplyAll(weights.recurrent[gate], variants, (variant) => variant.output(b));
        if (this.#pause.isDue(variants.length * sizes.cell * sizes.output)) yield;
      }
      variants.forEach((variant, v) => {
        const x = 2 * slot + (variant.variant.exactInput ? 0 : 1);
        variant.step(inputSums[x]!, recurrentSums[v]!, b, place);
      });
      multiplyAll(weights.projection, variants, ({ hidden }) => hidden);
      variants.forEach((variant, v) => variant.finish(weights.projection?.sums(v) ?? null, b));
    }
  }
}

function multiplyInputs(
  matrix: Float32Matrix | null,
  exact: Float32Array,
  rounded: Float32Array,
  first: number,
  count: number,
): void {
  if (matrix === null) return;
  const { columns } = matrix;
  for (let row = 0; row < count; row++) {
    const from = (first + row) * columns;
    matrix.vector(2 * row).set(exact.subarray(from, from + columns));
    matrix.vector(2 * row + 1).set(rounded.subarray(from, from + columns));
  }
  matrix.multiply(2 * count);
}

function sums(matrices: PerGate<Float32Matrix | null>, v: number): PerGate<Float32Array | null> {
  const { input, forget, cell, output } = matrices;
  return {
    input: input?.sums(v) ?? null,
    forget: forget?.sums(v) ?? null,
    cell: cell?.sums(v) ?? null,
    output: output?.sums(v) ?? null,
  };
}
