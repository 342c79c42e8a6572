import { INTEGER_RAILS } from '../../model/dtype';
import { cellClipCodes, projectionClipCodes } from '../integer/clipCodes';
import { readIntegerScales, type IntegerScales } from '../integer/integerScales';
import type { LstmCell } from '../lstmCell';
import type { OperandReader } from '../operandReader';
import type { IntegerPersona } from '../persona';

type Rails = readonly [low: number, high: number];

/** Formats and clips of an integer cell's parts, on the real axis; what the runtime departs from the recipe in is kept. */
export interface MixedFormats {
  readonly scales: IntegerScales;
  /** Of x, m and h. */
  readonly rails: Rails;
  /** Codes; null = off. */
  readonly cellClip: number | null;
  readonly projectionClip: Rails | null;
  /** Variance, in codes squared, that stands in for one below 1. */
  readonly varianceGuard: (coefficientScale: number) => number;
  readonly recurrentSaturatesAlone: boolean;
  readonly peepholeWidth: number;
}

/**
 * @throws UnsupportedOperatorError when a scale is missing, or the cell's format is no power of two
 */
export function mixedFormats(cell: LstmCell, persona: IntegerPersona, reader: OperandReader): MixedFormats {
  const scales = readIntegerScales(cell, persona, reader);
  const rails = INTEGER_RAILS[cell.input.dtype] ?? [-128, 127];
  const { scale, zeroPoint } = reader.affine(cell.output);
  return {
    scales,
    rails,
    cellClip: cellClipCodes(cell.cellClip, scales.cellScale, persona.cellClipOfZeroCodes),
    projectionClip: projectionClipCodes(cell.projectionClip, { scale, zeroPoint }, rails, persona.projectionClipCentre),
    varianceGuard: (coefficientScale) => Math.max(1, Math.trunc(10000 * coefficientScale)),
    recurrentSaturatesAlone: persona.recurrentSaturatesAlone,
    peepholeWidth: persona.peepholeWidth === 'output' ? cell.sizes.output : cell.sizes.cell,
  };
}

/** The real that an affine format makes of `value`. */
export function roundToFormat(value: number, scale: number, zeroPoint: number, [low, high]: Rails): number {
  const code = Math.round(value / scale) + zeroPoint;
  return ((code < low ? low : code > high ? high : code) - zeroPoint) * scale;
}
