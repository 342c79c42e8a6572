import type { CalibratedRange } from '../calibration/calibratedRanges';
import type { AffineParameters } from '../quantization/affine';
import type { Constants } from './constants';
import { WEIGHTS_INT8, weightsInt16Format } from './constantFormats';
import type { Draft, DraftOperator, DraftTensor } from './draft';
import type { NoteBook } from './notes';
import { asymmetricInt8, INT16_LEVELS, symmetric } from './quantizedValues';
import { stateConstant } from './requantizedConstant';

export type Bits = 8 | 16;

/** Taken where a tensor was 0 throughout calibration, and no scale follows: [-1, 1). */
const UNKNOWN_EXTENT: Readonly<Record<Bits, AffineParameters>> = {
  8: { scale: 2 ** -7, zeroPoint: 0 },
  16: { scale: 2 ** -15, zeroPoint: 0 },
};

const ACTIVATION_TYPE = { 8: 'int8', 16: 'int16' } as const;

/**
 * Gives values that are computed at run time their integer form, and converts between forms where operators ask for another
 * one: QUANTIZE from float or from other parameters, DEQUANTIZE to float. A conversion is made once and shared.
 */
export class Activations {
  /** Conversions that were asked for since this was last emptied, to go before the operator that asked. */
  pending: DraftOperator[] = [];
  readonly #draft: Draft;
  readonly #constants: Constants;
  readonly #notes: NoteBook;
  readonly #converted = new Map<string, number>();
  readonly #inputs: ReadonlySet<number>;

  constructor(draft: Draft, constants: Constants, notes: NoteBook) {
    this.#draft = draft;
    this.#constants = constants;
    this.#notes = notes;
    this.#inputs = new Set(draft.inputs);
  }

  /** The tensor, or one converted from it, that holds a value as integers of these bits with whatever parameters it has. */
  integer(index: number, bits: Bits): number {
    const tensor = this.#draft.tensor(index);
    const type = ACTIVATION_TYPE[bits];
    if (isConstant(tensor)) return this.#constants.quantize(index, bits === 8 ? WEIGHTS_INT8 : weightsInt16Format());
    if (tensor.quantization !== null && tensor.dtype === type) return index;
    if (tensor.quantization === null && this.#inputs.has(index)) {
      this.give(tensor, this.parameters(tensor, tensor.calibrated, bits), bits);
      return index;
    }
    const range = tensor.calibrated;
    return this.#convert(index, `${tensor.name}_${type}`, `to ${type}`, (converted) => {
      converted.calibrated = range;
      // An int8 tensor without a range of its own is exact at the same scale in 16 bits.
      const parameters =
        range === null && tensor.quantization !== null
          ? { scale: tensor.quantization.scales[0] ?? 1, zeroPoint: 0 }
          : this.parameters(tensor, range, bits);
      this.give(converted, parameters, bits);
    });
  }

  /** The tensor, or one converted from it, that holds a value as reals. */
  float(index: number): number {
    const tensor = this.#draft.tensor(index);
    if (tensor.quantization === null || tensor.data !== null) return index;
    return this.#convert(index, `${tensor.name}_float`, 'to float', () => undefined);
  }

  /** The tensor, or one converted from it, that holds integers with just these parameters. */
  withParameters(index: number, wanted: AffineParameters, bits: Bits): number {
    const tensor = this.#draft.tensor(index);
    const { scale, zeroPoint } = parametersOf(tensor);
    if (scale === wanted.scale && zeroPoint === wanted.zeroPoint) return index;
    const key = `to ${wanted.scale} ${wanted.zeroPoint}`;
    const text = 'A QUANTIZE converts it: the operator that joins it with others wants the parameters of its output.';
    this.#notes.add({ kind: 'rewritten', op: null, tensor: tensor.origin, name: tensor.name, text });
    return this.#convert(index, `${tensor.name}_requantized`, key, (converted) => {
      this.give(converted, wanted, bits);
      converted.range = null;
    });
  }

  /** The tensor, or one converted from it, that holds a state's first value as the state itself is held. */
  state(index: number, wanted: AffineParameters, bits: Bits): number {
    const tensor = this.#draft.tensor(index);
    if (isConstant(tensor)) return this.#constants.quantize(index, stateConstant(wanted, bits));
    const { scale, zeroPoint } = parametersOf(tensor);
    const type = ACTIVATION_TYPE[bits];
    if (tensor.dtype === type && scale === wanted.scale && zeroPoint === wanted.zeroPoint) return index;
    return this.#convert(index, `${tensor.name}_${type}`, `to ${type} ${wanted.scale} ${wanted.zeroPoint}`, (converted) => {
      this.give(converted, wanted, bits);
    });
  }

  /** Parameters that follow from a range; a range without extent gives those of [-1, 1). */
  parameters(tensor: DraftTensor, range: CalibratedRange | null, bits: Bits): AffineParameters {
    const found = range === null ? null : bits === 8 ? asymmetricInt8(range) : symmetric(range, INT16_LEVELS);
    if (found !== null) return found;
    const text = 'It was 0 throughout calibration, so no scale follows: the range -1 to 1 was taken.';
    this.#notes.add({ kind: 'range', op: null, tensor: tensor.origin, name: tensor.name, text });
    return UNKNOWN_EXTENT[bits];
  }

  give(tensor: DraftTensor, { scale, zeroPoint }: AffineParameters, bits: Bits): void {
    tensor.dtype = ACTIVATION_TYPE[bits];
    tensor.quantization = parametersFrom(scale, zeroPoint);
    const range = tensor.calibrated;
    tensor.range = range === null ? null : { min: [Math.min(0, range.min)], max: [Math.max(0, range.max)] };
  }

  #convert(index: number, name: string, key: string, prepare: (converted: DraftTensor) => void): number {
    const known = this.#converted.get(`${index} ${key}`);
    if (known !== undefined) return known;
    const { shape, shapeSignature, hasRank } = this.#draft.tensor(index);
    const target = this.#draft.add(name, { dtype: 'float32', shape, shapeSignature, hasRank });
    prepare(this.#draft.tensor(target));
    this.#converted.set(`${index} ${key}`, target);
    this.pending.push(conversion(this.#draft, index, target));
    return target;
  }
}

/** QUANTIZE or DEQUANTIZE from one tensor to another, by their types. */
export function conversion(draft: Draft, from: number, to: number): DraftOperator {
  const [source, target] = [draft.tensor(from), draft.tensor(to)];
  const hasInt16 = source.dtype === 'int16' || target.dtype === 'int16';
  const quantizeVersion = source.dtype === 'float32' && !hasInt16 ? 1 : 2;
  return newOperator(
    target.dtype === 'float32' ? 'DEQUANTIZE' : 'QUANTIZE',
    target.dtype === 'float32' ? (hasInt16 ? 3 : 2) : quantizeVersion,
    [from],
    [to],
  );
}

/** An operator that the source graph does not have. */
export function newOperator(
  name: string,
  version: number,
  inputs: number[],
  outputs: number[],
  more: Partial<DraftOperator> = {},
): DraftOperator {
  const base = {
    index: more.stands ?? -1,
    customCode: null,
    intermediates: [],
    options: {},
    origin: null,
    stands: null,
    cells: [],
  };
  return { ...base, name, version, inputs, outputs, ...more };
}

export function parametersFrom(scale: number, zeroPoint: number): NonNullable<DraftTensor['quantization']> {
  return { scales: Float32Array.of(scale), zeroPoints: Float64Array.of(zeroPoint), axis: 0, blockwise: null };
}

export function parametersOf({ quantization }: DraftTensor): AffineParameters {
  return { scale: quantization?.scales[0] ?? 0, zeroPoint: quantization?.zeroPoints[0] ?? 0 };
}

export function isConstant(tensor: DraftTensor): boolean {
  return tensor.data !== null && !tensor.isVariable;
}
