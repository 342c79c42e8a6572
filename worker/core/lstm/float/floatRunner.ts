import { sigmoidAll } from '../../kernels/float32Activations';
import { VECTORS } from '../../kernels/int8Matrix';
import { clampInPlace } from '../clamp';
import type { LstmLosses, LstmRunner, LstmState } from '../lstmRunner';
import { rowSources } from '../rowSources';
import type { Gate, SignalArray, SignalSpec, SignalTrace } from '../signals';
import { copyTaps, openTaps, type SignalSource } from '../taps';
import type { FloatParameters } from './floatParameters';
import { FloatRow } from './floatRow';
import { addPeephole, coupleInputGate, multiplyInto, normalizeLayer, updateCell } from './floatStages';

/** The float and the hybrid LSTM: matrix products by SIMD kernels, the rest in plain TypeScript. */
export class FloatRunner implements LstmRunner {
  readonly path: 'float' | 'hybrid';
  /** Input and auxiliary input, one after the other. */
  readonly inputSize: number;
  readonly cellSize: number;
  readonly outputSize: number;
  readonly signals: readonly SignalSpec[];
  readonly #row: FloatRow;
  readonly #sources: readonly SignalSource[];

  constructor(readonly parameters: FloatParameters) {
    const { sizes } = parameters;
    this.path = parameters.path;
    this.inputSize = sizes.input + sizes.auxInput;
    this.cellSize = sizes.cell;
    this.outputSize = sizes.output;
    this.signals = parameters.signals;
    this.#row = new FloatRow(parameters);
    this.#sources = rowSources(parameters.signals, this.#row);
  }

  initialState(batch: number): LstmState {
    return { output: new Float32Array(batch * this.outputSize), cell: new Float32Array(batch * this.cellSize) };
  }

  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace, losses?: LstmLosses): SignalArray {
    const { output, cell } = state;
    if (!(x instanceof Float32Array) || !(output instanceof Float32Array) || !(cell instanceof Float32Array)) {
      throw new TypeError('A float LSTM takes float32 inputs and states.');
    }
    const { sizes, gates, inputMatrix, auxInputMatrix, recurrentMatrix, matmulBase } = this.parameters;
    const row = this.#row;
    const height = gates.length * sizes.cell;
    const y = new Float32Array(steps * batch * this.outputSize);
    const taps = openTaps(this.#sources, trace, steps * batch);
    // All inputs are known, so that one pass over their weights serves several steps.
    const stepsAhead = Math.max(1, Math.floor(VECTORS / batch));
    const inputProducts = new Float32Array(stepsAhead * batch * height);
    const sums = new Float32Array(batch * height);
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
      for (let b = 0; b < batch; b++) {
        const index = step * batch + b;
        row.load(products, sums, cell, b);
        this.#step(losses);
        output.set(row.h, b * this.outputSize);
        cell.set(row.c, b * this.cellSize);
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
    const { activated, c } = this.#row;
    if (this.parameters.gate.input === null) coupleInputGate(activated.forget, activated.input);
    updateCell(activated.forget, activated.input, activated.cell, c);
    if (cellClip > 0) {
      const clipped = clampInPlace(c, -cellClip, cellClip);
      if (losses !== undefined) losses.cellClipped += clipped;
    }
    this.#gate('output'); // after the cell: its peephole sees the new one
    this.#output(losses);
  }

  #gate(gate: Gate): void {
    const parameters = this.parameters.gate[gate];
    const stages = this.#row.stages[gate];
    if (parameters === null || stages === null) return;
    const { peephole, layerNorm } = parameters;
    if (peephole !== null) addPeephole(peephole, this.#row.c, stages.xh, stages.in);
    if (layerNorm !== null) normalizeLayer(layerNorm.coefficients, layerNorm.bias, stages.in, stages.ln);
    const activate = gate === 'cell' ? this.parameters.activation : sigmoidAll;
    activate(stages.ln, this.#row.activated[gate]);
  }

  #output(losses: LstmLosses | undefined): void {
    const { projection, activation } = this.parameters;
    const { c, tanhC, m, h, activated } = this.#row;
    activation(c, tanhC);
    multiplyInto(activated.output, tanhC, m);
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
