import { gemmlowpSigmoid, gemmlowpTanh } from './gemmlowpActivation';
import { lutSigmoid, lutTanh } from './lutActivation';

/** An activation over every int16: 65,536 entries, index = raw input + 32768, values Q0.15. */
export type ActivationTable = Int16Array;

/** One runtime's activations as tables; each is computed on first use and kept. */
export interface ActivationTables {
  /** Of Q3.12. */
  readonly sigmoid: () => ActivationTable;
  /** Of Q(integerBits). */
  readonly tanh: (integerBits: number) => ActivationTable;
}

/** TensorFlow Lite's integer LSTM; tanh for integerBits 0..6. */
export const GEMMLOWP_TABLES: ActivationTables = tabulated(gemmlowpSigmoid, gemmlowpTanh);

/** TensorFlow Lite Micro and CMSIS-NN. */
export const LUT_TABLES: ActivationTables = tabulated(lutSigmoid, lutTanh);

function tabulated(sigmoid: (raw: number) => number, tanh: (raw: number, integerBits: number) => number): ActivationTables {
  const kept = new Map<string, ActivationTable>();
  const table = (name: string, activation: (raw: number) => number): ActivationTable => {
    let known = kept.get(name);
    if (known === undefined) {
      known = new Int16Array(65536);
      for (let raw = -32768; raw <= 32767; raw++) known[raw + 32768] = activation(raw);
      kept.set(name, known);
    }
    return known;
  };
  return {
    sigmoid: () => table('sigmoid', sigmoid),
    tanh: (integerBits) => table(`tanh ${integerBits}`, (raw) => tanh(raw, integerBits)),
  };
}
