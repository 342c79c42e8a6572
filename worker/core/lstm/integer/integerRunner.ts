import { clampInPlace } from '../clamp';
import type { LstmLosses, LstmRunner, LstmState } from '../lstmRunner';
import { rowSources } from '../rowSources';
import type { Gate, SignalArray, SignalSpec, SignalTrace } from '../signals';
import { copyTaps, openTaps, type SignalSource } from '../taps';
import type { Accumulators, Codes } from './codeArithmetic';
import { updateCellByMultiplier, updateCellByShift } from './integerCell';
import {
  addPeephole,
  addRecurrent,
  addSaturatedRecurrent,
  coupleInputGate,
  lookUp,
  peepholeOfRow,
  rescaleInput,
} from './integerGate';
import { normalizeLayer } from './integerLayerNorm';
import { projectHidden, rescaleHidden } from './integerOutput';
import type { IntegerGate, IntegerParameters } from './integerParameters';
import { IntegerRow } from './integerRow';

/** The integer LSTM in plain TypeScript: the reference for any faster one. Nothing is allocated per step. */
export class IntegerRunner<C extends Codes, A extends Accumulators> implements LstmRunner {
  readonly path = 'int8';
  readonly inputSize: number;
  readonly cellSize: number;
  readonly outputSize: number;
  readonly macsPerStep: number;
  readonly signals: readonly SignalSpec[];
  readonly #row: IntegerRow<C, A>;
  readonly #sources: readonly SignalSource[];

  constructor(readonly parameters: IntegerParameters<C, A>) {
    this.inputSize = parameters.sizes.input;
    this.cellSize = parameters.sizes.cell;
    this.outputSize = parameters.sizes.output;
    this.macsPerStep = 4 * this.cellSize * (this.inputSize + this.outputSize);
    this.signals = parameters.signals;
    this.#row = new IntegerRow(parameters);
    this.#sources = rowSources(parameters.signals, this.#row);
  }

  initialState(batch: number): LstmState {
    const output = this.parameters.arithmetic.codes(batch * this.outputSize);
    output.fill(this.parameters.outputZeroPoint);
    return { output, cell: new Int16Array(batch * this.cellSize) };
  }

  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace, losses?: LstmLosses): SignalArray {
    const { arithmetic } = this.parameters;
    const { output, cell } = state;
    if (!arithmetic.isCodes(x) || !arithmetic.isCodes(output) || !(cell instanceof Int16Array)) {
      throw new TypeError(`An integer LSTM takes ${arithmetic.dtype} inputs and states and an int16 cell.`);
    }
    const row = this.#row;
    const y = arithmetic.codes(steps * batch * this.outputSize);
    const taps = openTaps(this.#sources, trace, steps * batch);
    for (let step = 0; step < steps; step++) {
      for (let b = 0; b < batch; b++) {
        const index = step * batch + b;
        row.load(output, cell, b);
        this.#step(x, index * this.inputSize, b, batch, losses);
        output.set(row.h, b * this.outputSize);
        cell.set(row.c, b * this.cellSize);
        y.set(row.h, index * this.outputSize);
        copyTaps(taps, index);
      }
    }
    return y;
  }

  /** One step of one row: x at `at`, h and c in the row. */
  #step(x: C, at: number, row: number, batch: number, losses: LstmLosses | undefined): void {
    const { arithmetic, gates, sizes, inputWeights, inputBias, recurrentWeights, recurrentBias, cellProducts, multiply } =
      this.parameters;
    const { accX, accH, c, h, activated } = this.#row;
    arithmetic.matrixVector(inputWeights, x, at, sizes.input, inputBias, accX);
    arithmetic.matrixVector(recurrentWeights, h, 0, sizes.output, recurrentBias, accH);
    for (const gate of gates) if (gate !== 'output') this.#gate(gate, row, batch, losses);
    if (this.parameters.gate.input === null) coupleInputGate(activated.forget, activated.input);

    if (cellProducts.kind === 'shift') {
      updateCellByShift(activated.forget, activated.input, activated.cell, cellProducts.forgetShift, cellProducts.inputShift, c);
    } else {
      updateCellByMultiplier(
        activated.forget,
        activated.input,
        activated.cell,
        cellProducts.forget,
        cellProducts.input,
        multiply,
        c,
      );
    }
    const { cellClip } = this.parameters;
    if (cellClip !== null) {
      const clipped = clampInPlace(c, -cellClip, cellClip);
      if (losses !== undefined) losses.cellClipped += clipped;
    }

    this.#gate('output', row, batch, losses); // after the cell: its peephole sees the new one
    this.#output(losses);
  }

  #gate(gate: Gate, row: number, batch: number, losses: LstmLosses | undefined): void {
    const { rescale, multiply, recurrentSaturatesAlone } = this.parameters;
    const parameters = this.parameters.gate[gate];
    const stages = this.#row.stages[gate];
    if (parameters === null || stages === null) return;
    const { accX, accH, c, activated } = this.#row;
    rescaleInput(accX, stages.at, parameters.inputMultiplier, rescale, stages.x);
    const add = recurrentSaturatesAlone ? addSaturatedRecurrent : addRecurrent;
    add(accH, stages.at, parameters.recurrentMultiplier, rescale, stages.x, stages.xh);
    if (parameters.peephole !== null) {
      addPeephole(this.#peephole(parameters, row, batch), c, parameters.peephole.multiplier, multiply, stages.xh, stages.in);
    }
    if (parameters.layerNorm !== null) {
      const overflows = normalizeLayer(parameters.layerNorm, multiply, stages.in, stages.ln);
      if (losses !== undefined) losses.layerNormOverflow[gate] += overflows;
    }
    lookUp(parameters.activation, stages.ln, activated[gate]);
  }

  /** Peephole coefficients for this row; all of them unless the runtime's own width is smaller. */
  #peephole({ peephole }: IntegerGate, row: number, batch: number): Int16Array {
    const { peepholeWidth, rowsTogether } = this.parameters;
    const coefficients = peephole?.coefficients ?? this.#row.peephole;
    if (peepholeWidth === this.cellSize) return coefficients;
    peepholeOfRow(coefficients, peepholeWidth, rowsTogether ? row : 0, rowsTogether ? batch : 1, this.#row.peephole);
    return this.#row.peephole;
  }

  #output(losses: LstmLosses | undefined): void {
    const { arithmetic, cellTanh, hidden, projection, multiply, rescale } = this.parameters;
    const { c, tanhC, m, h, accM, activated } = this.#row;
    lookUp(cellTanh, c, tanhC);
    rescaleHidden(activated.output, tanhC, hidden, multiply, arithmetic.clamp, m);
    if (projection === null) {
      h.set(m);
      return;
    }
    arithmetic.matrixVector(projection.weights, m, 0, m.length, projection.bias, accM);
    projectHidden(accM, projection, rescale, arithmetic.clamp, h);
    if (projection.clip !== null) {
      const clipped = clampInPlace(h, projection.clip[0], projection.clip[1]);
      if (losses !== undefined) losses.projectionClipped += clipped;
    }
  }
}
