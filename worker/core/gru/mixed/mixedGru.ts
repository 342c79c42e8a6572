import { ACTIVATION_INPUT_SCALE, ACTIVATION_OUTPUT_SCALE } from '../../lstm/integer/integerScales';
import { activate, addTo, clampTo16, saturate } from '../../lstm/mixed/mixedArithmetic';
import { roundToFormat } from '../../lstm/mixed/mixedFormats';
import type { AffineParameters } from '../../quantization/affine';
import type { LstmPart } from '../../report/report';
import type { GruCell } from '../gruCell';
import { CANDIDATE, RESET, UPDATE } from '../gruStep';
import type { RealGruWeights } from './realGruWeights';

/** What is rounded and clamped in an int8 GRU, on the real axis. */
export interface GruFormats {
  readonly input: AffineParameters;
  readonly hidden: AffineParameters;
  readonly recurrentSaturatesAlone: boolean;
}

/** What a mixed GRU computes: which weights it takes, and what is rounded and clamped. */
export interface GruVariant {
  readonly weights: RealGruWeights;
  /** Reads the exact input, not the one that is rounded to the file's format. */
  readonly exactInput: boolean;
  /** Null: nothing is quantized. */
  readonly formats: GruFormats | null;
  /** Parts that are rounded and clamped; what goes into the candidate (r times h, R h) is a part of n. */
  readonly quantized: ReadonlySet<LstmPart>;
}

const INT8: readonly [number, number] = [-128, 127];
const PARTS = ['z', 'r', 'n'] as const;

/**
 * One GRU as reals in which each part is either rounded and clamped as `IntegerGru` does it, or left as it is: its state and all of a
 * step but the matrix products, which are handed in. Multipliers and activation tables are exact reals, so that results differ from
 * the integers' in their last bits only.
 */
export class MixedGru {
  /** Activated z, r and n of the row computed last. */
  readonly #gates: readonly Float64Array[];
  readonly #acted: Float64Array;
  #h: readonly Float64Array[] = [];

  constructor(
    private readonly cell: GruCell,
    readonly variant: GruVariant,
  ) {
    const values = (): Float64Array => new Float64Array(cell.sizes.hidden);
    this.#gates = PARTS.map(values);
    this.#acted = values();
  }

  /** Puts the state of `batch` rows to real zero. */
  reset(batch: number): void {
    this.#h = Array.from({ length: batch }, () => new Float64Array(this.cell.sizes.hidden));
  }

  /** h of batch row `b` as reals. */
  output(b: number): Float64Array {
    return this.#h[b]!;
  }

  /** z or r of one step, by `gate`. @param x W x @param recurrent R h */
  gate(gate: number, x: Float32Array, recurrent: Float32Array): void {
    const sum = this.#takeInput(gate, x);
    addTo(sum, recurrent, this.#scaleOf(gate), this.#alone);
    this.#activate(gate);
  }

  /** r times h of batch row `b`, which the candidate's recurrent matrix multiplies where reset comes before. */
  resetHidden(b: number): Float64Array {
    const [r, h, acted] = [this.#gates[RESET]!, this.output(b), this.#acted];
    const format = this.#isQuantized(CANDIDATE) ? this.variant.formats?.hidden : undefined;
    for (let k = 0; k < h.length; k++) {
      const product = r[k]! * h[k]!;
      acted[k] = format === undefined ? product : roundToFormat(product, format.scale, format.zeroPoint, INT8);
    }
    return acted;
  }

  /** n, and h of batch row `b`. @param recurrent R h, or R (r h) where reset comes before */
  finish(x: Float32Array, recurrent: Float32Array, b: number): void {
    const sum = this.#takeInput(CANDIDATE, x);
    const scale = this.#scaleOf(CANDIDATE);
    if (this.cell.linearBeforeReset) {
      const [r, acted] = [this.#gates[RESET]!, this.#acted];
      const { recurrentCandidateBias: bias } = this.variant.weights;
      for (let k = 0; k < acted.length; k++) acted[k] = recurrent[k]! + (bias?.[k] ?? 0);
      if (scale !== null) saturate(acted, scale);
      for (let k = 0; k < acted.length; k++) acted[k]! *= r[k]!;
      addTo(sum, acted, scale, false);
    } else {
      addTo(sum, recurrent, scale, this.#alone);
    }
    this.#activate(CANDIDATE);
    this.#mix(this.output(b));
  }

  get #alone(): boolean {
    return this.variant.formats?.recurrentSaturatesAlone === true;
  }

  #isQuantized(gate: number): boolean {
    return this.variant.formats !== null && this.variant.quantized.has(PARTS[gate]!);
  }

  #scaleOf(gate: number): number | null {
    return this.#isQuantized(gate) ? ACTIVATION_INPUT_SCALE : null;
  }

  #takeInput(gate: number, x: Float32Array): Float64Array {
    const sum = this.#gates[gate]!;
    const bias = this.variant.weights.bias[gate];
    for (let k = 0; k < sum.length; k++) sum[k] = x[k]! + (bias?.[k] ?? 0);
    if (this.#isQuantized(gate)) saturate(sum, ACTIVATION_INPUT_SCALE);
    return sum;
  }

  #activate(gate: number): void {
    const values = this.#gates[gate]!;
    const clip = this.cell.gateClip;
    if (clip > 0) for (let k = 0; k < values.length; k++) values[k] = Math.min(clip, Math.max(-clip, values[k]!));
    activate(values, gate === CANDIDATE, this.#isQuantized(gate));
  }

  #mix(h: Float64Array): void {
    const [z, n] = [this.#gates[UPDATE]!, this.#gates[CANDIDATE]!];
    const { formats, quantized } = this.variant;
    if (formats === null || !quantized.has('h')) {
      for (let k = 0; k < h.length; k++) h[k] = z[k]! * h[k]! + (1 - z[k]!) * n[k]!;
      return;
    }
    const { scale, zeroPoint } = formats.hidden;
    for (let k = 0; k < h.length; k++) {
      const before = clampTo16(Math.round(h[k]! / ACTIVATION_OUTPUT_SCALE)) * ACTIVATION_OUTPUT_SCALE;
      h[k] = roundToFormat(z[k]! * before + (1 - z[k]!) * n[k]!, scale, zeroPoint, INT8);
    }
  }
}
