import { KernelArena, padded, type Kernels } from '../../kernels/kernels';
import type { GateStages, RowValues } from '../rowSources';
import type { Gate } from '../signals';
import type { FloatParameters } from './floatParameters';

/** Addresses of one gate's constants and stages; stages that the topology lacks share the one before. */
interface GatePlaces {
  /** [cell]; 0 where absent. */
  readonly peephole: number;
  readonly xh: number;
  readonly in: number;
  readonly ln: number;
}

/** Every value of one batch row during one step, allocated once, and where the kernels find it. */
export class FloatRow implements RowValues {
  readonly kernels: Kernels;
  /** Values that the kernels work on: the cells, padded. */
  readonly count: number;
  readonly places: {
    readonly gate: Readonly<Record<Gate, GatePlaces | null>>;
    readonly activated: Readonly<Record<Gate, number>>;
    readonly c: number;
    readonly tanhC: number;
    readonly m: number;
  };
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
    const arena = new KernelArena();
    this.count = padded(sizes.cell, 4);
    const perCell = () => arena.reserve(this.count * 4);
    const xh = arena.reserve((gates.length * sizes.cell + this.count) * 4);
    const placesOf = (gate: Gate): GatePlaces | null => {
      const constants = parameters.gate[gate];
      if (constants === null) return null;
      const at = xh + gates.indexOf(gate) * sizes.cell * 4;
      const beforeNorm = constants.peephole === null ? at : perCell();
      return {
        peephole: constants.peephole === null ? 0 : perCell(),
        xh: at,
        in: beforeNorm,
        ln: constants.layerNorm === null && parameters.gateClip === 0 ? beforeNorm : perCell(),
      };
    };
    const gate = { input: placesOf('input'), forget: placesOf('forget'), cell: placesOf('cell'), output: placesOf('output') };
    const activated = { input: perCell(), forget: perCell(), cell: perCell(), output: perCell() };
    this.places = { gate, activated, c: perCell(), tanhC: perCell(), m: perCell() };
    this.kernels = arena.open();

    const view = (place: number) => arena.float32(place, sizes.cell);
    this.x = new Float32Array(gates.length * sizes.cell);
    this.xh = arena.float32(xh, gates.length * sizes.cell);
    const stagesOf = (name: Gate): GateStages<Float32Array> | null => {
      const places = gate[name];
      if (places === null) return null;
      const { peephole } = parameters.gate[name] ?? { peephole: null };
      if (peephole !== null) view(places.peephole).set(peephole);
      const from = gates.indexOf(name) * sizes.cell;
      return {
        x: this.x.subarray(from, from + sizes.cell),
        xh: view(places.xh),
        in: view(places.in),
        ln: view(places.ln),
      };
    };
    this.stages = { input: stagesOf('input'), forget: stagesOf('forget'), cell: stagesOf('cell'), output: stagesOf('output') };
    this.activated = {
      input: view(activated.input),
      forget: view(activated.forget),
      cell: view(activated.cell),
      output: view(activated.output),
    };
    this.c = view(this.places.c);
    this.tanhC = view(this.places.tanhC);
    this.m = view(this.places.m);
    this.h = new Float32Array(sizes.output);
  }
}
