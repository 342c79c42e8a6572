import type { CalibratedRange, CalibratedRanges, LstmRanges } from '../../calibration/calibratedRanges';
import { JsonFields } from '../../calibration/jsonFields';
import { DataFormatError } from '../../data/dataFormatError';
import { ModelFormatError } from '../../formats/modelFormatError';
import type { NamedBytes } from '../../formats/namedBytes';
import type { Model } from '../../model/model';
import { modelOfEdit } from '../../model/modelOfEdit';
import { quantizeModel } from '../quantizeModel';
import { readRecipe } from '../readRecipe';
import type { Recipe } from '../recipe';
import { RecipeError } from '../recipeError';

const MAGIC = 'GATESCOPE-UNWRITTEN/1\n';
const HEADER_LENGTH_BYTES = 4;

/**
 * A quantized model that no file format holds (integer LSTMs among operators of ONNX, an int8 GRU), as bytes that stand for its file inside a session
 * and its threads: the source, and the recipe and ranges that make the model of it again, to the same integers.
 */
export function unwrittenFile(source: NamedBytes, name: string, recipe: Recipe, ranges: CalibratedRanges): NamedBytes {
  const document = {
    recipe: JSON.stringify(recipe),
    source: source.name,
    tensors: ranges.tensors.map((range) => ({ range: pair(range) })),
    lstms: [...ranges.lstms].map(([op, cells]) => ({ op, cells: cells.map(plainCell) })),
  };
  const magic = new TextEncoder().encode(MAGIC);
  const header = new TextEncoder().encode(JSON.stringify(document));
  const bytes = new Uint8Array(magic.length + HEADER_LENGTH_BYTES + header.length + source.bytes.length);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint32(magic.length, header.length, true);
  bytes.set(header, magic.length + HEADER_LENGTH_BYTES);
  bytes.set(source.bytes, bytes.length - source.bytes.length);
  return { ...source, name, bytes };
}

export function isUnwritten(bytes: Uint8Array): boolean {
  return bytes.length > MAGIC.length && [...MAGIC].every((letter, at) => bytes[at] === letter.charCodeAt(0));
}

/**
 * The quantized model.
 * @param readSource reads the model that it was made from
 * @throws ModelFormatError where the bytes are damaged
 */
export function readUnwritten({ name, bytes, ...rest }: NamedBytes, readSource: (source: NamedBytes) => Model): Model {
  const start = MAGIC.length + HEADER_LENGTH_BYTES;
  const length = bytes.length < start ? -1 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  if (length < 0 || length > bytes.length - start) throw damaged(name, 'it is cut off');
  try {
    const fields = JsonFields.parse(new TextDecoder().decode(bytes.subarray(start, start + length)), name);
    const model = readSource({ ...rest, name: fields.text('source'), bytes: bytes.subarray(start + length) });
    const ranges = readRanges(fields);
    const { edit } = quantizeModel(model, ranges, readRecipe(fields.text('recipe'), name));
    return modelOfEdit(edit, name);
  } catch (error) {
    if (error instanceof DataFormatError || error instanceof RecipeError) throw damaged(name, error.message);
    throw error;
  }
}

function readRanges(fields: JsonFields): CalibratedRanges {
  const cells = (entry: JsonFields): LstmRanges[] =>
    entry.list('cells').map((cell) => ({
      gates: { input: cell.range('i'), forget: cell.range('f'), cell: cell.range('g'), output: cell.range('o') },
      hidden: given(cell, 'm'),
      cell: given(cell, 'c'),
      output: given(cell, 'h'),
    }));
  return {
    tensors: fields.list('tensors').map((entry) => entry.range('range')),
    lstms: new Map(fields.list('lstms').map((entry) => [entry.count('op'), cells(entry)])),
  };
}

function given(fields: JsonFields, name: string): CalibratedRange {
  const range = fields.range(name);
  if (range === null) throw fields.wrong(name, 'is no range', '[smallest, largest]');
  return range;
}

function plainCell({ gates, hidden, cell, output }: LstmRanges) {
  return {
    ...{ i: pair(gates.input), f: pair(gates.forget), g: pair(gates.cell), o: pair(gates.output) },
    ...{ m: pair(hidden), c: pair(cell), h: pair(output) },
  };
}

function pair(range: CalibratedRange | null): readonly [number, number] | null {
  return range === null ? null : [range.min, range.max];
}

function damaged(name: string, reason: string): ModelFormatError {
  return new ModelFormatError('UNWRITTEN_MODEL', `${name} is no quantized model of a session: ${reason}`, null, null);
}
