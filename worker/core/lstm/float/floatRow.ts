import type { GateStages, RowValues } from '../rowSources';
import type { Gate } from '../signals';
import type { FloatParameters } from './floatParameters';

/** Every value of one batch row during one step, allocated once. */
export class FloatRow implements RowValues {
  /** Matmul results, packed: [gates * cell]. */
  readonly x: Float32Array;
  readonly xh: Float32Array;
  /** Matmul stages are views into the packed results. */
  readonly stages: Readonly<Record<Gate, GateStages<Float32Array> | null>>;
  readonly activated: Readonly<Record<Gate, Float32Array>>;
  readonly c: Float32Array;
  readonly tanhC: Float32Array;
  readonly m: Float32Array;
  readonly h: Float32Array;

  constructor(parameters: FloatParameters) {
    const { sizes, gates } = parameters;
    const perCell = () => new Float32Array(sizes.cell);
    this.x = new Float32Array(gates.length * sizes.cell);
    this.xh = new Float32Array(gates.length * sizes.cell);
    const stagesOf = (gate: Gate): GateStages<Float32Array> | null => {
      const gateParameters = parameters.gate[gate];
      if (gateParameters === null) return null;
      const from = gates.indexOf(gate) * sizes.cell;
      const xh = this.xh.subarray(from, from + sizes.cell);
      const beforeNorm = gateParameters.peephole === null ? xh : perCell();
      return {
        x: this.x.subarray(from, from + sizes.cell),
        xh,
        in: beforeNorm,
        ln: gateParameters.layerNorm === null ? beforeNorm : perCell(),
      };
    };
    this.stages = { input: stagesOf('input'), forget: stagesOf('forget'), cell: stagesOf('cell'), output: stagesOf('output') };
    this.activated = { input: perCell(), forget: perCell(), cell: perCell(), output: perCell() };
    this.c = perCell();
    this.tanhC = perCell();
    this.m = perCell();
    this.h = new Float32Array(sizes.output);
  }

  /** Takes over one row of the step's matmul results, [batch, gates * cell] each, and of the cell state. */
  load(x: Float32Array, xh: Float32Array, cell: Float32Array, row: number): void {
    const height = this.x.length;
    this.x.set(x.subarray(row * height, (row + 1) * height));
    this.xh.set(xh.subarray(row * height, (row + 1) * height));
    this.c.set(cell.subarray(row * this.c.length, (row + 1) * this.c.length));
  }
}
