import { VECTORS } from '../../kernels/int8Matrix';
import { BLOCK_ROWS, KernelArena, padded, ROW_GAP, type Kernels } from '../../kernels/kernels';
import type { ActivationTable } from '../../quantization/activationTables';
import type { IntegerGate, IntegerParameters } from '../integer/integerParameters';
import type { Gate } from '../signals';
import { packingMatrix } from '../../kernels/packMatrix';

/** Batch rows that are computed together: as many as share one pass over the weights. */
export const GROUP = 8;

export type Int8LstmParameters = IntegerParameters<Int8Array, Int32Array>;

/** Addresses of one gate's constants and stages; stages that the topology lacks share the one before. */
export interface GateMemory {
  /** Where the gate starts in a row of accumulators, in bytes. */
  readonly at: number;
  readonly activationTable: number;
  /** int16 [cell]; 0 where absent. */
  readonly peephole: number;
  readonly layerNormCoefficients: number;
  readonly layerNormBias: number;
  readonly x: number;
  readonly xh: number;
  readonly in: number;
  readonly ln: number;
}

/** Everything a SIMD LSTM keeps in kernel memory: constants packed once, and the values of up to `GROUP` rows. */
export class SimdMemory {
  readonly arena = new KernelArena();
  readonly kernels: Kernels;
  /** Padded sizes: cell, input and output to 16; `rows` = gates * cell. */
  readonly cell: number;
  readonly input: number;
  readonly output: number;
  readonly rows: number;
  /** Values between two vectors of x and of h, and bytes between the accumulators of two. */
  readonly inputPitch: number;
  readonly outputPitch: number;
  readonly accStride: number;
  readonly inputWeights: number;
  readonly inputBias: number;
  readonly recurrentWeights: number;
  readonly recurrentBias: number;
  readonly projectionWeights: number;
  readonly projectionBias: number;
  readonly cellTanhTable: number;
  readonly gate: Readonly<Record<Gate, GateMemory | null>>;
  readonly activated: Readonly<Record<Gate, number>>;
  /** int8 [VECTORS, inputPitch] and the same as int16. */
  readonly x8: number;
  readonly x16: number;
  /** int32 [VECTORS] rows. */
  readonly accX: number;
  /** [GROUP, ...]: int8 and int16 output, int16 cell, int32 rows. */
  readonly h8: number;
  readonly h16: number;
  readonly c: number;
  readonly accH: number;
  /** Of the row being computed. */
  readonly tanhC: number;
  readonly m8: number;
  readonly m16: number;
  readonly accM: number;
  readonly #scratch: number;

  /** Packs the matrices with pauses. */
  static *preparing(parameters: Int8LstmParameters): Generator<void, SimdMemory> {
    const memory = new SimdMemory(parameters);
    yield* memory.#packing(parameters);
    return memory;
  }

  private constructor(parameters: Int8LstmParameters) {
    const { sizes, gates, projection } = parameters;
    this.cell = padded(sizes.cell, 16);
    this.input = padded(sizes.input, 16);
    this.output = padded(sizes.output, 16);
    this.rows = gates.length * this.cell;
    this.inputPitch = this.input + ROW_GAP;
    this.outputPitch = this.output + ROW_GAP;
    this.accStride = this.rows * 4 + ROW_GAP;
    const { arena } = this;
    this.inputWeights = arena.reserve(this.rows * this.input);
    this.inputBias = arena.reserve(this.rows * 4);
    this.recurrentWeights = arena.reserve(this.rows * this.output);
    this.recurrentBias = arena.reserve(this.rows * 4);
    this.projectionWeights = projection === null ? 0 : arena.reserve(this.output * this.cell);
    this.projectionBias = projection === null ? 0 : arena.reserve(this.output * 4);
    const tables = new Map<ActivationTable, number>();
    const tableAt = (table: ActivationTable): number => {
      const known = tables.get(table) ?? arena.reserve(table.byteLength);
      tables.set(table, known);
      return known;
    };
    this.cellTanhTable = tableAt(parameters.cellTanh);
    const perCell = () => arena.reserve(this.cell * 2);
    const gateOf = (gate: Gate): GateMemory | null => {
      const constants = parameters.gate[gate];
      if (constants === null) return null;
      const x = perCell();
      const xh = perCell();
      const beforeNorm = constants.peephole === null ? xh : perCell();
      return {
        at: gates.indexOf(gate) * this.cell * 4,
        activationTable: tableAt(constants.activation),
        peephole: constants.peephole === null ? 0 : perCell(),
        layerNormCoefficients: constants.layerNorm === null ? 0 : perCell(),
        layerNormBias: constants.layerNorm === null ? 0 : arena.reserve(this.cell * 4),
        x,
        xh,
        in: beforeNorm,
        ln: constants.layerNorm === null ? beforeNorm : perCell(),
      };
    };
    this.gate = { input: gateOf('input'), forget: gateOf('forget'), cell: gateOf('cell'), output: gateOf('output') };
    this.activated = { input: perCell(), forget: perCell(), cell: perCell(), output: perCell() };
    this.x8 = arena.reserve(VECTORS * this.inputPitch);
    this.x16 = arena.reserve(VECTORS * this.inputPitch * 2);
    this.accX = arena.reserve(VECTORS * this.accStride);
    this.h8 = arena.reserve(GROUP * this.outputPitch);
    this.h16 = arena.reserve(GROUP * this.outputPitch * 2);
    this.c = arena.reserve(GROUP * this.cell * 2);
    this.accH = arena.reserve(GROUP * this.accStride);
    this.tanhC = perCell();
    this.m8 = arena.reserve(this.cell);
    this.m16 = perCell();
    this.accM = arena.reserve(this.output * 4);
    this.#scratch = arena.reserve(BLOCK_ROWS * Math.max(this.input, this.output, this.cell));
    this.kernels = arena.open();

    for (const [table, address] of tables) arena.int16(address, table.length).set(table);
    for (const gate of gates) this.#fillGate(parameters.gate[gate], this.gate[gate]);
  }

  *#packing(parameters: Int8LstmParameters): Generator<void, void> {
    const { sizes, gates, projection } = parameters;
    const sections = gates.length;
    const sectionRows = sizes.cell;
    const input = { values: parameters.inputWeights, sections, sectionRows, columns: sizes.input };
    yield* packingMatrix(this.arena, this.kernels, input, this.cell, this.input, this.#scratch, this.inputWeights);
    const recurrent = { values: parameters.recurrentWeights, sections, sectionRows, columns: sizes.output };
    yield* packingMatrix(this.arena, this.kernels, recurrent, this.cell, this.output, this.#scratch, this.recurrentWeights);
    for (let section = 0; section < sections; section++) {
      const from = section * sectionRows;
      const to = section * this.cell * 4;
      this.arena.int32(this.inputBias + to, sectionRows).set(parameters.inputBias.subarray(from, from + sectionRows));
      this.arena.int32(this.recurrentBias + to, sectionRows).set(parameters.recurrentBias.subarray(from, from + sectionRows));
    }
    if (projection === null) return;
    const matrix = { values: projection.weights, sections: 1, sectionRows: sizes.output, columns: sizes.cell };
    yield* packingMatrix(this.arena, this.kernels, matrix, this.output, this.cell, this.#scratch, this.projectionWeights);
    this.arena.int32(this.projectionBias, sizes.output).set(projection.bias);
  }

  #fillGate(constants: IntegerGate | null, memory: GateMemory | null): void {
    if (constants === null || memory === null) return;
    const { peephole, layerNorm } = constants;
    if (peephole !== null) this.arena.int16(memory.peephole, peephole.coefficients.length).set(peephole.coefficients);
    if (layerNorm === null) return;
    this.arena.int16(memory.layerNormCoefficients, layerNorm.coefficients.length).set(layerNorm.coefficients);
    this.arena.int32(memory.layerNormBias, layerNorm.bias.length).set(layerNorm.bias);
  }
}
