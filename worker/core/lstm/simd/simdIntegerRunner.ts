import { VECTORS } from '../../kernels/int8Matrix';
import { MULTIPLY_BY_QUANTIZED_MULTIPLIER } from '../../quantization/fixedPoint';
import { peepholeOfRow } from '../integer/integerGate';
import { rowMoments } from '../integer/integerLayerNorm';
import type { IntegerGate, IntegerLayerNorm } from '../integer/integerParameters';
import type { LstmLosses, LstmRunner, LstmState } from '../lstmRunner';
import { rowSources, type GateStages } from '../rowSources';
import type { Gate, SignalArray, SignalSpec, SignalTrace } from '../signals';
import { copyTaps, openTaps, type SignalSource } from '../taps';
import { GROUP, type SimdMemory, type GateMemory, type Int8LstmParameters } from './simdMemory';

/** Whether the kernels cover these parameters: in the shift form of the cell update each product has to fit int16. */
export function simdCovers({ cellProducts }: Int8LstmParameters): boolean {
  return cellProducts.kind === 'multiplier' || (cellProducts.forgetShift === 15 && cellProducts.inputShift >= 15);
}

/** The int8 LSTM by SIMD kernels; every integer, state and count equals IntegerRunner's. */
export class SimdIntegerRunner implements LstmRunner {
  readonly path = 'int8';
  readonly inputSize: number;
  readonly cellSize: number;
  readonly outputSize: number;
  readonly macsPerStep: number;
  readonly signals: readonly SignalSpec[];
  readonly #memory: SimdMemory;
  readonly #slots: readonly Slot[];
  readonly #isSingleRounding: boolean;

  /** @param memory prepared with the same parameters */
  constructor(
    readonly parameters: Int8LstmParameters,
    memory: SimdMemory,
  ) {
    this.inputSize = parameters.sizes.input;
    this.cellSize = parameters.sizes.cell;
    this.outputSize = parameters.sizes.output;
    this.macsPerStep = 4 * this.cellSize * (this.inputSize + this.outputSize);
    this.signals = parameters.signals;
    this.#isSingleRounding = parameters.multiply === MULTIPLY_BY_QUANTIZED_MULTIPLIER.single;
    this.#memory = memory;
    this.#slots = Array.from({ length: GROUP }, (_, slot) => this.#openSlot(slot));
  }

  initialState(batch: number): LstmState {
    return {
      output: new Int8Array(batch * this.outputSize).fill(this.parameters.outputZeroPoint),
      cell: new Int16Array(batch * this.cellSize),
    };
  }

  run(x: SignalArray, steps: number, batch: number, state: LstmState, trace?: SignalTrace, losses?: LstmLosses): SignalArray {
    const { output, cell } = state;
    if (!(x instanceof Int8Array) || !(output instanceof Int8Array) || !(cell instanceof Int16Array)) {
      throw new TypeError('An int8 LSTM takes int8 inputs and states and an int16 cell.');
    }
    const y = new Int8Array(steps * batch * this.outputSize);
    const taps = this.#slots.slice(0, batch).map(({ sources }) => openTaps(sources, trace, steps * batch));
    // Rows do not meet each other, so a group of them runs through all its steps on its own.
    for (let first = 0; first < batch; first += GROUP) {
      const group = { first, rows: Math.min(GROUP, batch - first), batch };
      const slots = this.#slots.slice(0, group.rows);
      slots.forEach((slot, k) => loadState(slot, first + k, output, cell));
      const stepsAhead = Math.floor(VECTORS / group.rows);
      for (let step = 0; step < steps; step++) {
        const ahead = step % stepsAhead;
        if (ahead === 0) this.#multiplyInputs(x, step, Math.min(stepsAhead, steps - step), group);
        this.#multiplyStates(group);
        for (const [k, slot] of slots.entries()) {
          this.#row(ahead * group.rows + k, slot, group, losses);
          const index = step * batch + first + k;
          y.set(slot.output, index * this.outputSize);
          copyTaps(taps[k] ?? [], index);
        }
      }
      slots.forEach((slot, k) => {
        output.set(slot.output, (first + k) * this.outputSize);
        cell.set(slot.cell, (first + k) * this.cellSize);
      });
    }
    return y;
  }

  /** accX of `steps` steps from `step` on: the inputs are all known, so that one pass over the weights serves all of them. */
  #multiplyInputs(x: Int8Array, step: number, steps: number, { first, rows, batch }: Group): void {
    const { arena, kernels, x8, x16, input, inputPitch, inputWeights, inputBias, accX, accStride } = this.#memory;
    for (let s = 0; s < steps; s++) {
      for (let slot = 0; slot < rows; slot++) {
        const from = ((step + s) * batch + first + slot) * this.inputSize;
        arena.int8(x8 + (s * rows + slot) * inputPitch, this.inputSize).set(x.subarray(from, from + this.inputSize));
      }
    }
    const vectors = steps * rows;
    kernels.widenInt8(x8, x16, vectors * inputPitch);
    kernels.multiplyInt8(inputWeights, x16, inputBias, accX, this.#memory.rows, input, vectors, inputPitch * 2, accStride);
  }

  #multiplyStates({ rows }: Group): void {
    const { kernels, h8, h16, output, outputPitch, recurrentWeights, recurrentBias, accH, accStride } = this.#memory;
    kernels.widenInt8(h8, h16, rows * outputPitch);
    kernels.multiplyInt8(recurrentWeights, h16, recurrentBias, accH, this.#memory.rows, output, rows, outputPitch * 2, accStride);
  }

  /** One step of one row, whose input product is in accX at `vector`. */
  #row(vector: number, slot: Slot, group: Group, losses: LstmLosses | undefined): void {
    const { gates, gate: constants } = this.parameters;
    const { kernels, activated, cell, accStride } = this.#memory;
    const accX = this.#memory.accX + vector * accStride;
    for (const gate of gates) if (gate !== 'output') this.#gate(gate, accX, slot, group, losses);
    if (constants.input === null) kernels.coupleInputGate(activated.forget, activated.input, cell);
    const clipped = this.#updateCell(slot.cellAt);
    if (losses !== undefined) losses.cellClipped += clipped;
    this.#gate('output', accX, slot, group, losses); // after the cell: its peephole sees the new one
    this.#finish(slot, losses);
  }

  #gate(gate: Gate, accX: number, slot: Slot, group: Group, losses: LstmLosses | undefined): void {
    const constants = this.parameters.gate[gate];
    const memory = this.#memory.gate[gate];
    if (constants === null || memory === null) return;
    const { kernels, cell, activated } = this.#memory;
    const single = this.#isSingleRounding;
    const { inputMultiplier, recurrentMultiplier, peephole, layerNorm } = constants;
    kernels.rescaleToInt16(accX + memory.at, inputMultiplier.multiplier, inputMultiplier.shift, single, memory.x, cell);
    const { multiplier, shift } = recurrentMultiplier;
    if (this.parameters.recurrentSaturatesAlone) {
      kernels.rescaleAddSaturatedInt16(slot.accHAt + memory.at, multiplier, shift, single, memory.x, memory.xh, cell);
    } else {
      kernels.rescaleAddInt16(slot.accHAt + memory.at, multiplier, shift, single, memory.x, memory.xh, cell);
    }
    if (peephole !== null) {
      this.#placePeephole(peephole, memory, slot, group);
      const scale = peephole.multiplier;
      kernels.peepholeAddInt16(memory.peephole, slot.cellAt, scale.multiplier, scale.shift, single, memory.xh, memory.in, cell);
    }
    if (layerNorm !== null) {
      const overflows = this.#normalize(layerNorm, memory);
      if (losses !== undefined) losses.layerNormOverflow[gate] += overflows;
    }
    kernels.lookUpInt16(memory.activationTable, memory.ln, activated[gate], cell);
  }

  /** The coefficients that this row meets, where they are not the same for all rows. */
  #placePeephole(peephole: NonNullable<IntegerGate['peephole']>, memory: GateMemory, slot: Slot, group: Group): void {
    const { peepholeWidth, rowsTogether } = this.parameters;
    if (peepholeWidth === this.cellSize) return;
    const place = this.#memory.arena.int16(memory.peephole, this.cellSize);
    const row = rowsTogether ? group.first + slot.index : 0;
    peepholeOfRow(peephole.coefficients, peepholeWidth, row, rowsTogether ? group.batch : 1, place);
  }

  #normalize({ multiplier: { multiplier, shift }, varianceGuard }: IntegerLayerNorm, memory: GateMemory): number {
    const { kernels, cell } = this.#memory;
    const sum = kernels.sumInt16(memory.in, cell);
    const { mean, inverse } = rowMoments(sum, kernels.sumOfSquaresInt16(memory.in, cell), this.cellSize, varianceGuard);
    return kernels.normalizeInt16(
      memory.in,
      mean,
      inverse.multiplier,
      inverse.shift,
      memory.layerNormCoefficients,
      memory.layerNormBias,
      multiplier,
      shift,
      this.#isSingleRounding,
      memory.ln,
      cell,
    );
  }

  /** Returns how many cell values the clip changed. */
  #updateCell(c: number): number {
    const { cellProducts, cellClip } = this.parameters;
    const { kernels, activated, cell } = this.#memory;
    const { forget: f, input: i, cell: g } = activated;
    const low = cellClip === null ? -32768 : -cellClip;
    const high = cellClip ?? 32767;
    if (cellProducts.kind === 'shift') {
      return kernels.updateCellByShift(f, i, g, cellProducts.inputShift, low, high, c, cell, this.cellSize);
    }
    const { forget, input } = cellProducts;
    return kernels.updateCellByMultiplier(
      f,
      i,
      g,
      forget.multiplier,
      forget.shift,
      input.multiplier,
      input.shift,
      this.#isSingleRounding,
      low,
      high,
      c,
      cell,
      this.cellSize,
    );
  }

  /** From the new cell to h. */
  #finish(slot: Slot, losses: LstmLosses | undefined): void {
    const { hidden, projection } = this.parameters;
    const { kernels, activated, cell, output, cellTanhTable, tanhC, m8, m16, accM, projectionWeights, projectionBias } =
      this.#memory;
    const single = this.#isSingleRounding;
    kernels.lookUpInt16(cellTanhTable, slot.cellAt, tanhC, cell);
    kernels.hiddenInt8(activated.output, tanhC, hidden.multiplier, hidden.shift, single, hidden.zeroPoint, m8, cell);
    if (projection === null) {
      slot.output.set(slot.m);
      return;
    }
    kernels.widenInt8(m8, m16, cell);
    kernels.multiplyInt8(projectionWeights, m16, projectionBias, accM, output, cell, 1, 0, 0);
    const [low, high] = projection.clip ?? [-128, 127];
    const { multiplier, shift } = projection.multiplier;
    const { zeroPoint } = projection;
    const clipped = kernels.projectInt8(
      accM,
      multiplier,
      shift,
      single,
      zeroPoint,
      low,
      high,
      slot.outputAt,
      output,
      this.outputSize,
    );
    if (losses !== undefined) losses.projectionClipped += clipped;
  }

  #openSlot(index: number): Slot {
    const { arena, gate, activated, tanhC, m8 } = this.#memory;
    const outputAt = this.#memory.h8 + index * this.#memory.outputPitch;
    const cellAt = this.#memory.c + index * this.#memory.cell * 2;
    const view = (address: number) => arena.int16(address, this.cellSize);
    const stagesOf = (memory: GateMemory | null): GateStages<SignalArray> | null =>
      memory === null ? null : { x: view(memory.x), xh: view(memory.xh), in: view(memory.in), ln: view(memory.ln) };
    const values = {
      stages: {
        input: stagesOf(gate.input),
        forget: stagesOf(gate.forget),
        cell: stagesOf(gate.cell),
        output: stagesOf(gate.output),
      },
      activated: {
        input: view(activated.input),
        forget: view(activated.forget),
        cell: view(activated.cell),
        output: view(activated.output),
      },
      c: view(cellAt),
      tanhC: view(tanhC),
      m: arena.int8(m8, this.cellSize),
      h: arena.int8(outputAt, this.outputSize),
    };
    return {
      index,
      outputAt,
      cellAt,
      accHAt: this.#memory.accH + index * this.#memory.accStride,
      output: values.h,
      cell: values.c,
      m: values.m,
      sources: rowSources(this.signals, values),
    };
  }
}

/** Consecutive batch rows that are computed together. */
interface Group {
  readonly first: number;
  readonly rows: number;
  readonly batch: number;
}

/** One row's place in kernel memory, and views of it. */
interface Slot {
  readonly index: number;
  readonly outputAt: number;
  readonly cellAt: number;
  readonly accHAt: number;
  readonly output: Int8Array;
  readonly cell: Int16Array;
  /** Of the row being computed. */
  readonly m: Int8Array;
  /** Where the row's signals are to be found after its step. */
  readonly sources: readonly SignalSource[];
}

/** Takes over row `row` of the states. */
function loadState({ output, cell }: Slot, row: number, outputs: Int8Array, cells: Int16Array): void {
  output.set(outputs.subarray(row * output.length, (row + 1) * output.length));
  cell.set(cells.subarray(row * cell.length, (row + 1) * cell.length));
}
