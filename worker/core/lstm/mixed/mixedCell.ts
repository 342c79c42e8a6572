import type { LstmPart } from '../../report/report';
import { ACTIVATION_INPUT_SCALE, ACTIVATION_OUTPUT_SCALE } from '../integer/integerScales';
import type { LstmCell, PerGate } from '../lstmCell';
import { GATE_LETTERS, type Gate } from '../signals';
import { roundToFormat, type MixedFormats } from './mixedFormats';
import { multiplyInto, type RealWeights } from './mixedWeights';

const INT16: readonly [number, number] = [-32768, 32767];
/** What TensorFlow Lite's float layer norm adds to the variance. */
const VARIANCE_EPSILON = 1e-8;
/** Steps per deviation that the integer layer norm keeps. */
const NORM_RESOLUTION = 1024;
/** 1 in Q0.15 is not representable: the coupled input gate is this minus f. */
const LARGEST_Q15 = 32767 / 32768;

/**
 * One LSTM cell in float64 in which each part is either rounded and clamped to the file's formats, or left as it is. The
 * order of roundings and saturations is the integer kernel's; multipliers and activation tables are exact reals here, so
 * that results differ from the integers' in their last bits only.
 */
export class MixedCell {
  readonly #stage: Float64Array;
  readonly #activated: Readonly<Record<Gate, Float64Array>>;
  readonly #hidden: Float64Array;
  readonly #projected: Float64Array;

  /**
   * @param quantized parts that are rounded and clamped
   * @param formats null: nothing is quantized, and the runtime's departures from the paper do not apply
   */
  constructor(
    readonly cell: LstmCell,
    readonly weights: RealWeights,
    readonly formats: MixedFormats | null,
    readonly quantized: ReadonlySet<LstmPart>,
  ) {
    const perCell = (): Float64Array => new Float64Array(cell.sizes.cell);
    this.#stage = perCell();
    this.#activated = { input: perCell(), forget: perCell(), cell: perCell(), output: perCell() };
    this.#hidden = perCell();
    this.#projected = new Float64Array(cell.sizes.output);
  }

  /**
   * Runs one sample from the state at real zero.
   * @param products W x (+ bias) per gate, [steps * batch, cell]
   * @returns h as reals, [steps * batch, output]
   */
  run(products: PerGate<Float64Array | null>, steps: number, batch: number): Float64Array {
    const { cell: cells, output: outputs } = this.cell.sizes;
    const c = new Float64Array(batch * cells);
    const h = new Float64Array(batch * outputs);
    const y = new Float64Array(steps * batch * outputs);
    for (let step = 0; step < steps; step++) {
      for (let b = 0; b < batch; b++) {
        const row = step * batch + b;
        const ownC = c.subarray(b * cells, (b + 1) * cells);
        const ownH = h.subarray(b * outputs, (b + 1) * outputs);
        this.#step(products, row, this.cell.rowsTogether ? b : 0, this.cell.rowsTogether ? batch : 1, ownC, ownH);
        y.set(ownH, row * outputs);
      }
    }
    return y;
  }

  #step(products: PerGate<Float64Array | null>, row: number, b: number, batch: number, c: Float64Array, h: Float64Array): void {
    const { input: i, forget: f, cell: g, output: o } = this.#activated;
    this.#gate('forget', products, row, b, batch, c, h);
    if (this.cell.cifg) {
      const one = this.quantized.has('i') ? LARGEST_Q15 : 1;
      for (let k = 0; k < i.length; k++) i[k] = one - f[k]!;
    } else {
      this.#gate('input', products, row, b, batch, c, h);
    }
    this.#gate('cell', products, row, b, batch, c, h);
    this.#updateCell(i, f, g, c);
    this.#gate('output', products, row, b, batch, c, h);
    this.#output(o, c, h);
  }

  #gate(
    gate: Gate,
    products: PerGate<Float64Array | null>,
    row: number,
    b: number,
    batch: number,
    c: Float64Array,
    h: Float64Array,
  ): void {
    const { sizes } = this.cell;
    const recurrent = this.weights.recurrent[gate];
    const product = products[gate];
    if (recurrent === null || product === null) return;
    const z = this.#activated[gate];
    const added = this.#stage;
    const scale = this.quantized.has(GATE_LETTERS[gate]) ? (this.formats?.scales.gate[gate] ?? null) : null;
    for (let k = 0, at = row * sizes.cell; k < z.length; k++) z[k] = product[at + k]!;
    if (scale !== null) saturate(z, scale);
    multiplyInto(recurrent, h, 0, sizes.output, added);
    if (scale !== null && this.formats?.recurrentSaturatesAlone === true) saturate(added, scale);
    addTo(z, added, scale);
    const peephole = this.weights.peephole[gate];
    if (peephole !== null) {
      const width = this.formats?.peepholeWidth ?? sizes.cell;
      for (let k = 0; k < z.length; k++) {
        const flat = b * sizes.cell + k;
        added[k] = flat < batch * width ? (peephole[flat % width] ?? 0) * c[k]! : 0;
      }
      addTo(z, added, scale);
    }
    const coefficients = this.weights.norm[gate];
    if (coefficients !== null) this.#normalize(gate, z, coefficients, scale);
    activate(z, gate === 'cell', scale !== null);
  }

  #normalize(gate: Gate, z: Float64Array, coefficients: Float64Array, scale: number | null): void {
    const bias = this.weights.bias[gate];
    const n = z.length;
    let mean = 0;
    for (let k = 0; k < n; k++) mean += z[k]! / n;
    let variance = 0;
    for (let k = 0; k < n; k++) variance += (z[k]! - mean) ** 2 / n;
    if (scale === null) variance += VARIANCE_EPSILON;
    else if (variance < scale * scale) variance = scale * scale * this.#guard(gate);
    const inverse = 1 / Math.sqrt(variance);
    for (let k = 0; k < n; k++) {
      const normalized = (z[k]! - mean) * inverse;
      const kept = scale === null ? normalized : Math.round(normalized * NORM_RESOLUTION) / NORM_RESOLUTION;
      z[k] = kept * coefficients[k]! + (bias?.[k] ?? 0);
    }
    if (scale !== null) saturate(z, ACTIVATION_INPUT_SCALE);
  }

  #guard(gate: Gate): number {
    const coefficientScale = this.cell.layerNormCoefficients[gate]?.tensor.quantization?.scales[0] ?? 0;
    return this.formats?.varianceGuard(coefficientScale) ?? 1;
  }

  #updateCell(i: Float64Array, f: Float64Array, g: Float64Array, c: Float64Array): void {
    const formats = this.quantized.has('c') ? this.formats : null;
    const clip = this.cell.cellClip;
    for (let k = 0; k < c.length; k++) {
      if (formats === null) {
        const sum = f[k]! * c[k]! + i[k]! * g[k]!;
        c[k] = clip > 0 ? Math.min(clip, Math.max(-clip, sum)) : sum;
        continue;
      }
      const scale = formats.scales.cellScale;
      const code = clampTo16(Math.round((f[k]! * c[k]!) / scale) + Math.round((i[k]! * g[k]!) / scale));
      const limit = formats.cellClip ?? 32768;
      c[k] = Math.min(limit, Math.max(-limit, code)) * scale;
    }
  }

  #output(o: Float64Array, c: Float64Array, h: Float64Array): void {
    const { projection, projectionBias } = this.weights;
    const { formats, quantized } = this;
    const m = this.#hidden;
    for (let k = 0; k < m.length; k++) {
      const tanh = Math.tanh(c[k]!);
      m[k] = o[k]! * (quantized.has('c') ? roundToFormat(tanh, ACTIVATION_OUTPUT_SCALE, 0, INT16) : tanh);
    }
    if (projection === null) {
      this.#storeHidden(m, h);
      return;
    }
    if (formats !== null && quantized.has('m')) {
      const { scale, zeroPoint } = formats.scales.hidden;
      for (let k = 0; k < m.length; k++) m[k] = roundToFormat(m[k]!, scale, zeroPoint, formats.rails);
    }
    const p = this.#projected;
    multiplyInto(projection, m, 0, m.length, p);
    const clip = this.cell.projectionClip;
    for (let k = 0; k < h.length; k++) {
      const sum = p[k]! + (projectionBias?.[k] ?? 0);
      if (formats !== null && quantized.has('h')) {
        const { scale, zeroPoint } = formats.scales.output;
        h[k] = roundToFormat(sum, scale, zeroPoint, formats.projectionClip ?? formats.rails);
      } else {
        h[k] = clip > 0 ? Math.min(clip, Math.max(-clip, sum)) : sum;
      }
    }
  }

  /** Without a projection m is the output: rounded with the hidden value's parameters, read with the output's. */
  #storeHidden(m: Float64Array, h: Float64Array): void {
    if (this.formats === null || !this.quantized.has('h')) {
      h.set(m);
      return;
    }
    const { hidden, output } = this.formats.scales;
    for (let k = 0; k < h.length; k++) {
      const real = roundToFormat(m[k]!, hidden.scale, hidden.zeroPoint, this.formats.rails);
      const code = Math.round(real / hidden.scale) + hidden.zeroPoint;
      h[k] = (code - output.zeroPoint) * output.scale;
    }
  }
}

function clampTo16(code: number): number {
  return code < -32768 ? -32768 : code > 32767 ? 32767 : code;
}

function saturate(values: Float64Array, scale: number): void {
  for (let k = 0; k < values.length; k++) values[k] = clampTo16(Math.round(values[k]! / scale)) * scale;
}

/** z += added; with a scale, each rounded to it and the sum clamped to int16. */
function addTo(z: Float64Array, added: Float64Array, scale: number | null): void {
  for (let k = 0; k < z.length; k++) {
    z[k] = scale === null ? z[k]! + added[k]! : clampTo16(Math.round(z[k]! / scale) + Math.round(added[k]! / scale)) * scale;
  }
}

function activate(z: Float64Array, isTanh: boolean, quantized: boolean): void {
  for (let k = 0; k < z.length; k++) {
    const y = isTanh ? Math.tanh(z[k]!) : 1 / (1 + Math.exp(-z[k]!));
    z[k] = quantized ? roundToFormat(y, ACTIVATION_OUTPUT_SCALE, 0, INT16) : y;
  }
}
