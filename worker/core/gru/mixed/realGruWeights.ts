import type { Float32Matrix } from '../../kernels/float32Matrix';
import { realValues, type Weights } from '../../lstm/lstmCell';
import { matrix } from '../../lstm/mixed/mixedWeights';
import { GRU_GATES, type GruCell } from '../gruCell';

/** A GRU's constants as reals, packed for the float32 kernels; by gate in the order of `GRU_GATES`. */
export interface RealGruWeights {
  /** [hidden, input] */
  readonly input: readonly Float32Matrix[];
  /** [hidden, hidden] */
  readonly recurrent: readonly Float32Matrix[];
  /** [hidden] */
  readonly bias: readonly (Float32Array | null)[];
  readonly recurrentCandidateBias: Float32Array | null;
}

/** Integers times their scales, float weights as they are. Pauses after every matrix. */
export function* realGruWeights({ gates, sizes, recurrentCandidateBias }: GruCell): Generator<void, RealGruWeights> {
  const { input, hidden } = sizes;
  const pack = function* (part: 'input' | 'recurrent', columns: number): Generator<void, Float32Matrix[]> {
    const packed: Float32Matrix[] = [];
    for (const gate of GRU_GATES) {
      const one = yield* matrix(gates[gate][part], hidden, columns);
      if (one !== null) packed.push(one);
    }
    return packed;
  };
  const real = (weights: Weights | null) => (weights === null ? null : realValues(weights));
  return {
    input: yield* pack('input', input),
    recurrent: yield* pack('recurrent', hidden),
    bias: GRU_GATES.map((gate) => real(gates[gate].bias)),
    recurrentCandidateBias: real(recurrentCandidateBias),
  };
}
