import { VECTORS } from '../../kernels/int8Matrix';
import { clampInPlace } from '../clamp';
import type { LstmLosses, LstmRunner, LstmState } from '../lstmRunner';
import { rowSources } from '../rowSources';
import type { Gate, SignalArray, SignalSpec, SignalTrace } from '../signals';
import { copyTaps, openTaps, type SignalSource } from '../taps';
import type { Activation, FloatActivations, FloatParameters } from './floatParameters';
import { FloatRow } from './floatRow';
import { normalizeLayer } from './floatStages';

/** The float and the hybrid LSTM by SIMD kernels; quantizing on the fly and layer norm are plain TypeScript. */
export class FloatRunner implements LstmRunner {
  readonly path: 'float' | 'hybrid';
  /** Input and auxiliary input, one after the other. */
  readonly inputSize: number;
  readonly cellSize: number;
  readonly outputSize: number;
  readonly macsPerStep: number;
  readonly signals: readonly SignalSpec[];
  readonly #row: FloatRow;
  readonly #sources: readonly SignalSource[];

  constructor(readonly parameters: FloatParameters) {
    const { sizes } = parameters;
    this.path = parameters.path;
    this.inputSize = sizes.input + sizes.auxInput;
    this.cellSize = sizes.cell;
    this.outputSize = sizes.output;
    this.macsPerStep = 4 * this.cellSize * (this.inputSize + this.outputSize);
    this.signals = parameters.signals;
    this.#row = new FloatRow(parameters);
    this.#sources = rowSources(parameters.signals, this.#row);
  }

  initialState(batch: number): LstmState {
    return { output: new Float32Array(batch * this.outputSize), cell: new Float32Array(batch * this.cellSize) };
  }

  coverInput(x: SignalArray): void {
    if (x instanceof Float32Array) this.parameters.inputMatrix.cover?.(x);
  }

  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace, losses?: LstmLosses): SignalArray {
    const { output, cell } = state;
    if (!(x instanceof Float32Array) || !(output instanceof Float32Array) || !(cell instanceof Float32Array)) {
      throw new TypeError('A float LSTM takes float32 inputs and states.');
    }
    const { sizes, gates, inputMatrix, auxInputMatrix, recurrentMatrix, matmulBase, lateBias } = this.parameters;
    const row = this.#row;
    const height = gates.length * sizes.cell;
    const y = new Float32Array(steps * batch * this.outputSize);
    const taps = openTaps(this.#sources, trace, steps * batch);
    // All inputs are known, so that one pass over their weights serves several steps.
    const stepsAhead = Math.max(1, Math.floor(VECTORS / batch));
    const inputProducts = new Float32Array(stepsAhead * batch * height);
    // The products of a single row go where its step wants them.
    const sums = batch === 1 ? row.xh : new Float32Array(batch * height);
    for (let step = 0; step < steps; step++) {
      const ahead = step % stepsAhead;
      if (ahead === 0) {
        const vectors = Math.min(stepsAhead, steps - step) * batch;
        const at = step * batch * this.inputSize;
        inputMatrix.multiply(x, at, this.inputSize, vectors, matmulBase, inputProducts);
        auxInputMatrix?.multiply(x, at + sizes.input, this.inputSize, vectors, inputProducts, inputProducts);
      }
      const products = inputProducts.subarray(ahead * batch * height, (ahead + 1) * batch * height);
      recurrentMatrix.multiply(output, 0, this.outputSize, batch, products, sums);
      if (lateBias !== null) addToRows(lateBias, sums);
      // What is told of the input's product has the bias, as on the other paths.
      if (lateBias !== null && taps.length > 0) addToRows(lateBias, products);
      for (let b = 0; b < batch; b++) {
        const index = step * batch + b;
        if (taps.length > 0) row.x.set(products.subarray(b * height, (b + 1) * height));
        if (batch > 1) row.xh.set(sums.subarray(b * height, (b + 1) * height));
        if (batch > 1 || step === 0) row.c.set(cell.subarray(b * this.cellSize, (b + 1) * this.cellSize));
        this.#step(losses);
        output.set(row.h, b * this.outputSize);
        if (batch > 1 || step === steps - 1) cell.set(row.c, b * this.cellSize);
        y.set(row.h, index * this.outputSize);
        copyTaps(taps, index);
      }
    }
    return y;
  }

  /** One step of one row, from its matmul results and c to its new c and h. */
  #step(losses: LstmLosses | undefined): void {
    const { gates, cellClip } = this.parameters;
    for (const gate of gates) if (gate !== 'output') this.#gate(gate);
    const { kernels, count, places, c } = this.#row;
    const { input, forget, cell } = places.activated;
    if (this.parameters.gate.input === null) kernels.coupleInputGateFloat32(forget, input, count);
    kernels.updateCellFloat32(forget, input, cell, places.c, count);
    if (cellClip > 0) {
      const clipped = clampInPlace(c, -cellClip, cellClip);
      if (losses !== undefined) losses.cellClipped += clipped;
    }
    this.#gate('output'); // after the cell: its peephole sees the new one
    this.#output(losses);
  }

  #gate(gate: Gate): void {
    const { kernels, count, places, stages, activated } = this.#row;
    const parameters = this.parameters.gate[gate];
    const place = places.gate[gate];
    const values = stages[gate];
    if (parameters === null || place === null || values === null) return;
    const { peephole, layerNorm } = parameters;
    const { gateClip, activations } = this.parameters;
    if (peephole !== null) kernels.peepholeAddFloat32(place.peephole, places.c, place.xh, place.in, count);
    if (layerNorm !== null) normalizeLayer(layerNorm.coefficients, layerNorm.bias, values.in, values.ln);
    if (gateClip > 0) {
      if (layerNorm === null) values.ln.set(values.in);
      clampInPlace(values.ln, -gateClip, gateClip);
    }
    const activation = gate === 'cell' ? activations.cell : activations.gates;
    this.#activate(activation, place.ln, places.activated[gate], values.ln, activated[gate]);
  }

  /** The same values as addresses and as arrays. */
  #activate(activation: FloatActivations['cell'], from: number, to: number, ...arrays: Parameters<Activation>): void {
    const { kernels, count } = this.#row;
    if (activation === 'tanh') kernels.tanhFloat32(from, to, count);
    else if (activation === 'sigmoid') kernels.sigmoidFloat32(from, to, count);
    else activation(...arrays);
  }

  #output(losses: LstmLosses | undefined): void {
    const { projection } = this.parameters;
    const { kernels, count, places, c, tanhC, m, h } = this.#row;
    this.#activate(this.parameters.activations.hidden, places.c, places.tanhC, c, tanhC);
    kernels.multiplyFloat32(places.activated.output, places.tanhC, places.m, count);
    if (projection === null) {
      h.set(m);
      return;
    }
    projection.matrix.multiply(m, 0, m.length, 1, projection.bias, h);
    if (projection.clip > 0) {
      const clipped = clampInPlace(h, -projection.clip, projection.clip);
      if (losses !== undefined) losses.projectionClipped += clipped;
    }
  }
}

/** rows [any number, length of a row] += row. */
function addToRows(row: Float32Array, rows: Float32Array): void {
  for (let at = 0; at + row.length <= rows.length; at += row.length) {
    for (let k = 0; k < row.length; k++) rows[at + k]! += row[k]!;
  }
}
