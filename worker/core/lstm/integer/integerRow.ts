import type { GateStages, RowValues } from '../rowSources';
import type { Gate } from '../signals';
import type { Accumulators, Codes } from './codeArithmetic';
import type { IntegerParameters } from './integerParameters';

/** An integer gate's stages, and where the gate starts in packed accumulators. */
interface IntegerGateStages extends GateStages<Int16Array> {
  readonly at: number;
}

/** Every value of one batch row during one step, allocated once. */
export class IntegerRow<C extends Codes, A extends Accumulators> implements RowValues {
  /** [gates * cell] */
  readonly accX: A;
  readonly accH: A;
  /** [output] */
  readonly accM: A;
  readonly stages: Readonly<Record<Gate, IntegerGateStages | null>>;
  readonly activated: Readonly<Record<Gate, Int16Array>>;
  readonly c: Int16Array;
  readonly tanhC: Int16Array;
  readonly m: C;
  readonly h: C;
  /** The row's own peephole coefficients. */
  readonly peephole: Int16Array;

  constructor(parameters: IntegerParameters<C, A>) {
    const { arithmetic, sizes, gates } = parameters;
    const perCell = () => new Int16Array(sizes.cell);
    this.accX = arithmetic.accumulators(gates.length * sizes.cell);
    this.accH = arithmetic.accumulators(gates.length * sizes.cell);
    this.accM = arithmetic.accumulators(sizes.output);
    const stagesOf = (gate: Gate): IntegerGateStages | null => {
      const gateParameters = parameters.gate[gate];
      if (gateParameters === null) return null;
      const xh = perCell();
      const beforeNorm = gateParameters.peephole === null ? xh : perCell();
      return {
        at: gates.indexOf(gate) * sizes.cell,
        x: perCell(),
        xh,
        in: beforeNorm,
        ln: gateParameters.layerNorm === null ? beforeNorm : perCell(),
      };
    };
    this.stages = { input: stagesOf('input'), forget: stagesOf('forget'), cell: stagesOf('cell'), output: stagesOf('output') };
    this.activated = { input: perCell(), forget: perCell(), cell: perCell(), output: perCell() };
    this.c = perCell();
    this.tanhC = perCell();
    this.m = arithmetic.codes(sizes.cell);
    this.h = arithmetic.codes(sizes.output);
    this.peephole = perCell();
  }

  /** Takes over one row of the states. */
  load(output: C, cell: Int16Array, row: number): void {
    for (let k = 0, from = row * this.h.length; k < this.h.length; k++) this.h[k] = output[from + k]!;
    for (let k = 0, from = row * this.c.length; k < this.c.length; k++) this.c[k] = cell[from + k]!;
  }
}
