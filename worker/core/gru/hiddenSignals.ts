import type { GruGate, SignalName, SignalSpec } from '../lstm/signals';
import type { SignalFormat } from '../lstm/signalSpecs';
import { GRU_GATE_LETTERS, type GruCell, type RnnCell } from './gruCell';

/** What tells one arithmetic's signals from another's. */
export interface HiddenFormats {
  /** What is activated, at every stage. */
  readonly sums: SignalFormat;
  readonly activated: SignalFormat;
  /** h, and r * h. */
  readonly hidden: SignalFormat;
}

/** Every signal of a GRU, in the order in which a step computes it. */
export function gruSignals(
  { sizes, linearBeforeReset, gateClip }: Pick<GruCell, 'sizes' | 'linearBeforeReset' | 'gateClip'>,
  { sums, activated, hidden }: HiddenFormats,
): readonly SignalSpec[] {
  const spec = (name: SignalName, gate: GruGate | null, format: SignalFormat): SignalSpec => ({
    name,
    gate,
    size: sizes.hidden,
    ...format,
  });
  const gateSpecs = (gate: GruGate, before: readonly SignalSpec[]): SignalSpec[] => {
    const letter = GRU_GATE_LETTERS[gate];
    return [
      spec(`${letter}_x`, gate, sums),
      ...before,
      spec(`${letter}_xh`, gate, sums),
      ...(gateClip > 0 ? [spec(`${letter}_in`, gate, sums)] : []),
      spec(letter, gate, activated),
    ];
  };
  const beforeSum = linearBeforeReset
    ? [spec('n_h', 'candidate', sums), spec('n_rh', 'candidate', sums)]
    : [spec('rh', 'candidate', hidden)];
  return [...gateSpecs('update', []), ...gateSpecs('reset', []), ...gateSpecs('candidate', beforeSum), spec('h', null, hidden)];
}

/** Of a simple recurrent layer. */
export function rnnSignals(
  { sizes, gateClip }: Pick<RnnCell, 'sizes' | 'gateClip'>,
  { sums, hidden }: Pick<HiddenFormats, 'sums' | 'hidden'>,
): readonly SignalSpec[] {
  const spec = (name: SignalName, format: SignalFormat): SignalSpec => ({ name, gate: null, size: sizes.hidden, ...format });
  return [spec('a_x', sums), spec('a_xh', sums), ...(gateClip > 0 ? [spec('a_in', sums)] : []), spec('h', hidden)];
}

const FLOAT: SignalFormat = { dtype: 'float32', quantization: null };

/** Of the float and hybrid paths. */
export const FLOAT_HIDDEN_FORMATS: HiddenFormats = { sums: FLOAT, activated: FLOAT, hidden: FLOAT };
