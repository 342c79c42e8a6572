import { realConstant } from '../model/constants';
import type { DType } from '../model/dtype';
import { inPercent, grouped } from '../wording';
import type { Draft, DraftTensor } from './draft';
import type { NoteBook } from './notes';
import type { QuantizedValues } from './quantizedValues';
import { RecipeError } from './recipeError';

type Codes = Int8Array | Int16Array | Int32Array | BigInt64Array;

/** How a constant is to be written; what is equal in all of it can share one tensor. */
export interface ConstantFormat {
  readonly dtype: DType;
  /** Names the arithmetic and what it depends on beyond the values. */
  readonly key: string;
  readonly axis: number;
  /** Ending of the name that a further tensor of the same values gets. */
  readonly suffix: string;
  /** 0 where it is not given. */
  readonly zeroPoint?: number;
  readonly quantize: (values: Float32Array, tensor: DraftTensor) => QuantizedValues<Codes>;
}

/** Zeros are told of from this share on. */
const NOTABLE_ZEROS = 0.1;

/** Quantizes a graph's constants: in place at their first use, as further tensors where uses ask for different forms. */
export class Constants {
  readonly #draft: Draft;
  readonly #notes: NoteBook;
  readonly #needsFloat: ReadonlySet<number>;
  /** Real values and forms of each constant that was quantized, by its first tensor. */
  readonly #quantized = new Map<number, { values: Float32Array; float: DraftTensor; forms: Map<string, number> }>();

  /** @param needsFloat constants that some operator goes on reading as reals */
  constructor(draft: Draft, notes: NoteBook, needsFloat: ReadonlySet<number>) {
    this.#draft = draft;
    this.#notes = notes;
    this.#needsFloat = needsFloat;
  }

  /** Real values of a constant. @throws RecipeError naming it when they are not all finite */
  values(index: number): Float32Array {
    const known = this.#quantized.get(index)?.values;
    if (known !== undefined) return known;
    const tensor = this.#draft.tensor(index);
    const values = realConstant(tensor);
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad !== -1) {
      const message = `${tensor.name} holds ${String(values[bad])} at position ${grouped(bad)}.`;
      throw new RecipeError('WEIGHTS_NOT_FINITE', message, null, 'finite weights');
    }
    return values;
  }

  /** The tensor with this constant's values in a format. @throws RecipeError as `values` */
  quantize(index: number, format: ConstantFormat): number {
    const entry = this.#quantized.get(index) ?? this.#open(index);
    const known = entry.forms.get(format.key);
    if (known !== undefined) return known;
    const inPlace = entry.forms.size === 0 && !this.#needsFloat.has(index);
    const { name, shape } = entry.float;
    const suffix = entry.forms.size === 0 ? format.suffix : `${format.suffix}_${entry.forms.size}`;
    const target = inPlace ? index : this.#draft.add(`${name}_${suffix}`, { shape, dtype: format.dtype });
    const { codes, scales } = format.quantize(entry.values, entry.float);
    write(this.#draft.tensor(target), format, codes, scales);
    entry.forms.set(format.key, target);
    if (format.dtype !== 'int32' && format.dtype !== 'int64')
      this.#tellZeros(entry.float, entry.values, codes, format.zeroPoint ?? 0);
    return target;
  }

  #open(index: number) {
    const float = { ...this.#draft.tensor(index) };
    const entry = { values: this.values(index), float, forms: new Map<string, number>() };
    this.#quantized.set(index, entry);
    return entry;
  }

  #tellZeros(tensor: DraftTensor, values: Float32Array, codes: Codes, zeroPoint: number): void {
    let zeros = 0;
    let zeroCodes = 0;
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) zeros++;
      if (codes[i] === zeroPoint) zeroCodes++;
    }
    const note = { kind: 'zeros', op: null, tensor: tensor.origin, name: tensor.name } as const;
    const zeroShare = zeros / Math.max(1, values.length);
    if (values.length > 0 && zeros === values.length) {
      this.#notes.add({ ...note, zeroShare, text: 'All of its values are 0; its scale means nothing.' });
    } else if (zeroShare >= NOTABLE_ZEROS || tensor.sparsity !== null) {
      const dense = tensor.sparsity === null ? '' : ' It was stored sparse and is now stored dense.';
      const rounded = `${grouped(zeroCodes - zeros)} small ones become 0 by rounding.`;
      const text = `${inPercent(zeroShare)} of its ${grouped(values.length)} values are 0 and stay 0; ${rounded}${dense}`;
      this.#notes.add({ ...note, zeroShare, text });
    }
  }
}

function write(tensor: DraftTensor, format: ConstantFormat, codes: Codes, scales: Float32Array): void {
  tensor.dtype = format.dtype;
  tensor.data = new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength);
  const zeroPoints = new Float64Array(scales.length).fill(format.zeroPoint ?? 0);
  tensor.quantization = { scales, zeroPoints, axis: format.axis, blockwise: null };
  tensor.range = null;
  tensor.sparsity = null;
}
