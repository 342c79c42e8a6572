import type { LstmCell } from './lstmCell';
import { GATE_LETTERS, type Gate, type SignalName, type SignalSpec } from './signals';

/** Type and parameters of one signal. */
export type SignalFormat = Pick<SignalSpec, 'dtype' | 'quantization'>;

/** What tells one arithmetic's signals from another's. */
export interface SignalFormats {
  /** Before layer norm and activation. */
  readonly gateMatmul: (gate: Gate) => SignalFormat;
  readonly layerNormed: SignalFormat;
  /** Gates and tanh(c). */
  readonly activated: SignalFormat;
  readonly cell: SignalFormat;
  readonly hidden: SignalFormat;
  readonly output: SignalFormat;
}

/** Every signal of a cell, in the order in which a step computes it. */
export function signalSpecs(cell: Pick<LstmCell, 'sizes' | 'cifg' | 'layerNorm'>, formats: SignalFormats): readonly SignalSpec[] {
  const { sizes, cifg, layerNorm } = cell;
  const spec = (name: SignalName, gate: Gate | null, size: number, format: SignalFormat): SignalSpec => ({
    name,
    gate,
    size,
    ...format,
  });
  const gateSpecs = (gate: Gate): SignalSpec[] => {
    const letter = GATE_LETTERS[gate];
    const activated = spec(letter, gate, sizes.cell, formats.activated);
    if (gate === 'input' && cifg) return [activated];
    const matmul = formats.gateMatmul(gate);
    return [
      spec(`${letter}_x`, gate, sizes.cell, matmul),
      spec(`${letter}_xh`, gate, sizes.cell, matmul),
      spec(`${letter}_in`, gate, sizes.cell, matmul),
      ...(layerNorm ? [spec(`${letter}_ln`, gate, sizes.cell, formats.layerNormed)] : []),
      activated,
    ];
  };
  const beforeCell: readonly Gate[] = cifg ? ['forget', 'cell', 'input'] : ['input', 'forget', 'cell'];
  return [
    ...beforeCell.flatMap(gateSpecs),
    spec('c', null, sizes.cell, formats.cell),
    ...gateSpecs('output'),
    spec('tanh_c', null, sizes.cell, formats.activated),
    spec('m', null, sizes.cell, formats.hidden),
    spec('h', null, sizes.output, formats.output),
  ];
}

/** An integer signal of one scale and zero point. */
export function quantizedFormat(dtype: 'int8' | 'int16', scale: number, zeroPoint: number): SignalFormat {
  return { dtype, quantization: { scales: Float32Array.of(scale), zeroPoints: Float64Array.of(zeroPoint) } };
}

const FLOAT: SignalFormat = { dtype: 'float32', quantization: null };

/** Of the float and hybrid paths. */
export const FLOAT_FORMATS: SignalFormats = {
  gateMatmul: () => FLOAT,
  layerNormed: FLOAT,
  activated: FLOAT,
  cell: FLOAT,
  hidden: FLOAT,
  output: FLOAT,
};
