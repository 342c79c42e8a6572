import type { LstmPart } from '../../report/report';
import { ACTIVATION_INPUT_SCALE, ACTIVATION_OUTPUT_SCALE } from '../integer/integerScales';
import type { LstmCell, PerGate } from '../lstmCell';
import { GATE_LETTERS, type Gate } from '../signals';
import { activate, addTo, clampTo16, INT16, saturate } from './mixedArithmetic';
import { roundToFormat, type MixedFormats } from './mixedFormats';
import type { RealWeights } from './mixedWeights';

/** What a mixed cell computes: which weights it takes, and what is rounded and clamped. */
export interface MixedVariant {
  readonly weights: RealWeights;
  /** Reads the exact input, not the one that is rounded to the file's format. */
  readonly exactInput: boolean;
  /** Null: nothing is quantized, and the runtime's departures from the paper do not apply. */
  readonly formats: MixedFormats | null;
  /** Parts that are rounded and clamped. */
  readonly quantized: ReadonlySet<LstmPart>;
}

/** What TensorFlow Lite's float layer norm adds to the variance. */
const VARIANCE_EPSILON = 1e-8;
/** Steps per deviation that the integer layer norm keeps. */
const NORM_RESOLUTION = 1024;
/** 1 in Q0.15 is not representable: the coupled input gate is this minus f. */
const LARGEST_Q15 = 32767 / 32768;

/**
 * One LSTM cell as reals in which each part is either rounded and clamped to the file's formats, or left as it is: its state
 * and all of a step but the matrix products, which are handed in. The order of roundings and saturations is the integer
 * kernel's; multipliers and activation tables are exact reals here, so that results differ from the integers' in their last
 * bits only.
 */
export class MixedCell {
  /** m of the row computed last: [cell]. */
  readonly hidden: Float64Array;
  readonly #added: Float64Array;
  readonly #activated: Readonly<Record<Gate, Float64Array>>;
  /** State per batch row: c [cell] and h [output], as reals. */
  #c: readonly Float64Array[] = [];
  #h: readonly Float64Array[] = [];

  constructor(
    readonly cell: LstmCell,
    readonly variant: MixedVariant,
  ) {
    const perCell = (): Float64Array => new Float64Array(cell.sizes.cell);
    this.#added = perCell();
    this.#activated = { input: perCell(), forget: perCell(), cell: perCell(), output: perCell() };
    this.hidden = perCell();
  }

  /** Puts the state of `batch` rows to real zero. */
  reset(batch: number): void {
    const zeros = (size: number) => Array.from({ length: batch }, () => new Float64Array(size));
    this.#c = zeros(this.cell.sizes.cell);
    this.#h = zeros(this.cell.sizes.output);
  }

  /** State h of batch row `b` as reals: [output]. */
  output(b: number): Float64Array {
    return this.#h[b]!;
  }

  /**
   * Gates, cell and `hidden` of one step of batch row `b`.
   * @param x W x per gate, [cell]
   * @param recurrent R h per gate, [cell]
   * @param rows that the kernel computes in one call, of which this is row `position`
   */
  step(
    x: PerGate<Float32Array | null>,
    recurrent: PerGate<Float32Array | null>,
    b: number,
    { position, rows }: { readonly position: number; readonly rows: number },
  ): void {
    const { input: i, forget: f, cell: g, output: o } = this.#activated;
    const c = this.#c[b]!;
    const flat = position * this.cell.sizes.cell;
    this.#gate('forget', x.forget, recurrent.forget, c, flat, rows);
    if (this.cell.cifg) {
      const one = this.variant.quantized.has('i') ? LARGEST_Q15 : 1;
      for (let k = 0; k < i.length; k++) i[k] = one - f[k]!;
    } else {
      this.#gate('input', x.input, recurrent.input, c, flat, rows);
    }
    this.#gate('cell', x.cell, recurrent.cell, c, flat, rows);
    this.#updateCell(i, f, g, c);
    this.#gate('output', x.output, recurrent.output, c, flat, rows);
    this.#hide(o, c);
  }

  /**
   * Ends the step of batch row `b`: h from `hidden`.
   * @param projected P m, [output]; null without a projection
   */
  finish(projected: Float32Array | null, b: number): void {
    const h = this.output(b);
    if (projected === null) this.#storeHidden(h);
    else this.#project(projected, h);
  }

  /** @param flat position of the row's first cell among all rows' */
  #gate(gate: Gate, x: Float32Array | null, recurrent: Float32Array | null, c: Float64Array, flat: number, rows: number): void {
    if (x === null || recurrent === null) return;
    const { weights, formats } = this.variant;
    const scale = this.variant.quantized.has(GATE_LETTERS[gate]) ? (formats?.scales.gate[gate] ?? null) : null;
    const z = this.#activated[gate];
    const bias = this.cell.layerNorm ? null : weights.bias[gate];
    if (bias === null) z.set(x);
    else for (let k = 0; k < z.length; k++) z[k] = x[k]! + bias[k]!;
    if (scale !== null) saturate(z, scale);
    addTo(z, recurrent, scale, formats?.recurrentSaturatesAlone === true);
    const peephole = weights.peephole[gate];
    if (peephole !== null) {
      const width = formats?.peepholeWidth ?? z.length;
      const added = this.#added;
      for (let k = 0; k < z.length; k++) {
        added[k] = flat + k < rows * width ? (peephole[(flat + k) % width] ?? 0) * c[k]! : 0;
      }
      addTo(z, added, scale, false);
    }
    const coefficients = weights.norm[gate];
    if (coefficients !== null) this.#normalize(gate, z, coefficients, scale);
    activate(z, gate === 'cell', scale !== null);
  }

  #normalize(gate: Gate, z: Float64Array, coefficients: Float32Array, scale: number | null): void {
    const bias = this.variant.weights.bias[gate];
    const n = z.length;
    let sum = 0;
    for (let k = 0; k < n; k++) sum += z[k]!;
    const mean = sum / n;
    let squares = 0;
    for (let k = 0; k < n; k++) squares += (z[k]! - mean) * (z[k]! - mean);
    let variance = squares / n;
    if (scale === null) variance += VARIANCE_EPSILON;
    else if (variance < scale * scale) variance = scale * scale * this.#guard(gate);
    const inverse = 1 / Math.sqrt(variance);
    for (let k = 0; k < n; k++) {
      const normalized = (z[k]! - mean) * inverse;
      const kept = scale === null ? normalized : Math.round(normalized * NORM_RESOLUTION) / NORM_RESOLUTION;
      z[k] = kept * coefficients[k]! + (bias === null ? 0 : bias[k]!);
    }
    if (scale !== null) saturate(z, ACTIVATION_INPUT_SCALE);
  }

  #guard(gate: Gate): number {
    const coefficientScale = this.cell.layerNormCoefficients[gate]?.tensor.quantization?.scales[0] ?? 0;
    return this.variant.formats?.varianceGuard(coefficientScale) ?? 1;
  }

  #updateCell(i: Float64Array, f: Float64Array, g: Float64Array, c: Float64Array): void {
    const { formats, quantized } = this.variant;
    if (formats === null || !quantized.has('c')) {
      const clip = this.cell.cellClip > 0 ? this.cell.cellClip : Infinity;
      for (let k = 0; k < c.length; k++) c[k] = Math.min(clip, Math.max(-clip, f[k]! * c[k]! + i[k]! * g[k]!));
      return;
    }
    const scale = formats.scales.cellScale;
    const perCode = 1 / scale;
    const limit = formats.cellClip ?? 32768;
    for (let k = 0; k < c.length; k++) {
      const code = clampTo16(Math.round(f[k]! * c[k]! * perCode) + Math.round(i[k]! * g[k]! * perCode));
      c[k] = Math.min(limit, Math.max(-limit, code)) * scale;
    }
  }

  #hide(o: Float64Array, c: Float64Array): void {
    const { formats, quantized } = this.variant;
    const m = this.hidden;
    const roundsTanh = quantized.has('c');
    for (let k = 0; k < m.length; k++) {
      const tanh = Math.tanh(c[k]!);
      m[k] = o[k]! * (roundsTanh ? roundToFormat(tanh, ACTIVATION_OUTPUT_SCALE, 0, INT16) : tanh);
    }
    if (formats === null || !this.cell.projection || !quantized.has('m')) return;
    const { scale, zeroPoint } = formats.scales.hidden;
    for (let k = 0; k < m.length; k++) m[k] = roundToFormat(m[k]!, scale, zeroPoint, formats.rails);
  }

  #project(projected: Float32Array, h: Float64Array): void {
    const { formats, quantized, weights } = this.variant;
    const bias = weights.projectionBias;
    const clip = this.cell.projectionClip;
    for (let k = 0; k < h.length; k++) {
      const sum = projected[k]! + (bias?.[k] ?? 0);
      if (formats !== null && quantized.has('h')) {
        const { scale, zeroPoint } = formats.scales.output;
        h[k] = roundToFormat(sum, scale, zeroPoint, formats.projectionClip ?? formats.rails);
      } else {
        h[k] = clip > 0 ? Math.min(clip, Math.max(-clip, sum)) : sum;
      }
    }
  }

  /** Without a projection m is the output: rounded with the hidden value's parameters, read with the output's. */
  #storeHidden(h: Float64Array): void {
    const { formats, quantized } = this.variant;
    if (formats === null || !quantized.has('h')) {
      h.set(this.hidden);
      return;
    }
    const { hidden, output } = formats.scales;
    for (let k = 0; k < h.length; k++) {
      const real = roundToFormat(this.hidden[k]!, hidden.scale, hidden.zeroPoint, formats.rails);
      const code = Math.round(real / hidden.scale) + hidden.zeroPoint;
      h[k] = (code - output.zeroPoint) * output.scale;
    }
  }
}
