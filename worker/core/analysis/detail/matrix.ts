import { INTEGER_RAILS } from '../../model/dtype';
import type { DetailMatrix, MatrixRequest } from '../../report/detail';
import type { DetailPlan, SignalBlock } from './signalBlock';

/** What a matrix spans. */
export interface MatrixFrame {
  readonly firstStep: number;
  readonly steps: number;
  /** Places of the units in the block, in the order of the rows. */
  readonly order: Uint32Array;
  /** Unit of the block's first place. */
  readonly firstUnit: number;
  readonly masked: boolean;
}

/** Share of the cells whose magnitude a colour scale need not reach. */
const CLIPPED_SHARE = 0.005;

/** Units over steps, filled block by block. */
export class MatrixBuilder {
  readonly rows: number;
  readonly columns: number;
  private readonly unitsPerRow: number;
  private readonly stepsPerColumn: number;
  private readonly cells: Float32Array;
  /** For shares: values of each cell. */
  private readonly counts: Uint32Array | null;
  private readonly matching: Uint8Array | null;
  /** Row of each unit, by its place in the block. */
  private readonly rowOf: Uint32Array;

  constructor(
    private readonly request: MatrixRequest,
    private readonly frame: MatrixFrame,
  ) {
    const { order, steps } = frame;
    this.unitsPerRow = Math.max(1, Math.ceil(order.length / request.height));
    this.rows = Math.ceil(order.length / this.unitsPerRow);
    let stepsPerColumn = 1;
    while (Math.ceil(steps / stepsPerColumn) > request.width) stepsPerColumn *= 2;
    this.stepsPerColumn = stepsPerColumn;
    this.columns = Math.ceil(steps / stepsPerColumn);
    const cells = this.rows * this.columns;
    this.cells = new Float32Array(cells).fill(request.of === 'saturation' ? 0 : NaN);
    this.counts = request.of === 'saturation' ? new Uint32Array(cells) : null;
    this.matching = frame.masked ? new Uint8Array(cells) : null;
    this.rowOf = new Uint32Array(order.length);
    order.forEach((unit, place) => (this.rowOf[unit] = Math.floor(place / this.unitsPerRow)));
  }

  add(block: SignalBlock, plan: DetailPlan, mask: Uint8Array | null): void {
    const { of, path, against } = this.request;
    if (of === 'saturation') this.addShares(block, plan);
    else if (of === 'value') this.addExtremes(block, path === 'float' ? block.float : block.quantized, null);
    else this.addExtremes(block, against === 'local' ? block.local : block.quantized, block.float);
    if (mask === null || this.matching === null) return;
    const { matching } = this;
    this.forEachCell(block, (cell, i) => {
      if (mask[i] === 1) matching[cell] = 1;
    });
  }

  finish(): DetailMatrix {
    const { cells, counts, frame } = this;
    if (counts !== null) for (let k = 0; k < cells.length; k++) cells[k] = counts[k] === 0 ? NaN : cells[k]! / counts[k]!;
    return {
      of: this.request.of,
      rows: this.rows,
      columns: this.columns,
      cells,
      units: frame.order.map((unit) => unit + frame.firstUnit),
      unitsPerRow: this.unitsPerRow,
      firstStep: frame.firstStep,
      stepsPerColumn: this.stepsPerColumn,
      matching: this.matching,
      scaleEnd: magnitudeQuantile(cells, 1 - CLIPPED_SHARE),
    };
  }

  /** The value, or its distance from `base`, of the largest magnitude in each cell. */
  private addExtremes(block: SignalBlock, values: Float32Array | null, base: Float32Array | null): void {
    if (values === null || (this.request.of === 'error' && base === null)) return;
    const { cells } = this;
    this.forEachCell(block, (cell, i) => {
      const value = base === null ? values[i]! : values[i]! - base[i]!;
      const seen = cells[cell]!;
      // The first value replaces NaN; a NaN never replaces a value.
      if (Math.abs(value) > Math.abs(seen) || (Number.isNaN(seen) && !Number.isNaN(value))) cells[cell] = value;
    });
  }

  private addShares(block: SignalBlock, { format }: DetailPlan): void {
    const rails = INTEGER_RAILS[format.dtype];
    const { cells, counts } = this;
    const { codes } = block;
    if (codes === null || rails === undefined || counts === null) return;
    const [low, high] = rails;
    this.forEachCell(block, (cell, i) => {
      counts[cell]!++;
      if (codes[i] === low || codes[i] === high) cells[cell]!++;
    });
  }

  private forEachCell(block: SignalBlock, visit: (cell: number, index: number) => void): void {
    const { rowOf, columns, stepsPerColumn, frame } = this;
    let i = 0;
    for (let step = 0; step < block.steps; step++) {
      const column = Math.floor((block.axisStep + step - frame.firstStep) / stepsPerColumn);
      for (let row = 0; row < block.batch; row++) {
        for (let unit = 0; unit < block.units; unit++) visit(rowOf[unit]! * columns + column, i++);
      }
    }
  }
}

/** Magnitude that a share of the cells does not exceed; 0 where there are none. */
function magnitudeQuantile(cells: Float32Array, share: number): number {
  const magnitudes = cells.filter((cell) => !Number.isNaN(cell)).map(Math.abs);
  magnitudes.sort();
  return magnitudes[Math.max(0, Math.ceil(share * magnitudes.length) - 1)] ?? 0;
}
