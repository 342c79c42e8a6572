import type { NamedBytes } from '../formats/namedBytes';
import type { Graph, Tensor } from '../model/model';
import { elementCount, formatShape } from '../run/arrays';
import type { Value } from '../run/value';
import { openCsv } from './csv';
import type { DataArray } from './dataArray';
import { DataFormatError } from './dataFormatError';
import { openJson } from './json';
import { readNpy, readNpyHeader } from './npy';
import { openNpz } from './npz';
import type { Sample, SampleSource } from './sample';
import { timeAxis } from './timeAxis';
import { openWav } from './wav';

/** A data file; `input` names the graph input that it feeds, where a model has several. */
export interface DataFile extends NamedBytes {
  readonly input?: string;
}

/** Extensions of files that can hold samples. */
export const DATA_EXTENSIONS = ['npy', 'npz', 'csv', 'json', 'wav'] as const;

/** One input's worth of one sample, still encoded. */
interface Piece {
  readonly name: string;
  load(): Value;
}

type Decode = (array: DataArray) => Value;

/**
 * The samples that data files hold for a graph, in the order of the files.
 *
 * An array with the rank of the input is one sample; with one more leading axis it is many; with one axis less it gets the
 * batch axis of 1. In a table (csv) for an input of one step, [1, n], each row is a sample. Several inputs are fed by name:
 * a file's `input`, or the keys of an .npz or JSON file; every input must then have as many samples as the others.
 * Values keep the type they have in the file (half floats become float32; csv and json are float32).
 */
export function readSamples(files: readonly DataFile[], graph: Graph): SampleSource {
  const pieces: Piece[][] = graph.inputs.map(() => []);
  const decode = keepLast();
  for (const file of files) addFile(file, files.length > 1, graph, pieces, decode);
  const count = pieces[0]?.length ?? 0;
  checkCounts(files, graph, pieces);
  const names = pieces[0]?.map((piece) => piece.name) ?? [];
  const get = (index: number): Sample => {
    const inputs = pieces.map((list) => {
      const piece = list[index];
      if (piece === undefined) throw new RangeError(`There is no sample ${index} of ${count}.`);
      return piece.load();
    });
    return { name: names[index] ?? '', inputs, steps: stepsOf(graph, inputs) };
  };
  return { count, names, synthetic: false, get };
}

/** Every input has as many samples as the first, and at least one. */
function checkCounts(files: readonly DataFile[], graph: Graph, pieces: readonly (readonly Piece[])[]): void {
  const count = pieces[0]?.length ?? 0;
  const names = graph.inputs.map((_, position) => inputTensor(graph, position)?.name ?? `input ${position}`);
  const [first = { name: 'data' }] = files;
  const file = files.length > 1 ? `${first.name} and ${files.length - 1} more` : first.name;
  pieces.forEach((list, position) => {
    if (list.length === count && count > 0) return;
    const several = names.length > 1;
    const message = several
      ? `gives ${list.length} samples for input ${names[position]} and ${count} for ${names[0]}: name the input that each file is for`
      : 'holds no samples';
    throw new DataFormatError(
      'SAMPLES_MISSING',
      file,
      message,
      null,
      several ? names.map((name) => `${name}=FILE`).join(', ') : null,
    );
  });
}

/** Time steps of one sample: the longest of its inputs. */
export function stepsOf(graph: Graph, inputs: readonly Value[]): number {
  const steps = inputs.map((value, position) => {
    const axis = timeAxis(graph, position);
    return axis === null ? 1 : (value.shape[axis] ?? 1);
  });
  return Math.max(1, ...steps);
}

function inputTensor(graph: Graph, position: number): Tensor | undefined {
  return graph.tensors[graph.inputs[position] ?? -1];
}

/** Decodes an array; the last one is kept, because the samples of one array are mostly asked for in order. */
function keepLast(): Decode {
  let last: { readonly array: DataArray; readonly value: Value } | null = null;
  return (array) => {
    if (last?.array !== array) last = { array, value: array.load() };
    return last.value;
  };
}

function addFile(file: DataFile, several: boolean, graph: Graph, pieces: Piece[][], decode: Decode): void {
  const positions = new Map(graph.inputs.map((_, position) => [inputTensor(graph, position)?.name ?? '', position]));
  const named = file.input === undefined ? undefined : positions.get(file.input);
  if (file.input !== undefined && named === undefined) {
    throw new DataFormatError(
      'INPUT_UNKNOWN',
      file.name,
      `is for input ${file.input}`,
      null,
      `one of ${[...positions.keys()].join(', ')}`,
    );
  }
  const arrays = openFile(file, inputTensor(graph, named ?? 0));
  if (arrays.length === 0) throw new DataFormatError('NO_ARRAYS', file.name, 'holds no arrays');
  const byName = named === undefined && arrays.every(({ key }) => key !== null && positions.has(key));
  const stem = stemOf(file.name);
  for (const array of arrays) {
    const position = named ?? (byName ? (positions.get(array.key ?? '') ?? 0) : 0);
    const tensor = inputTensor(graph, position);
    if (tensor === undefined) throw new DataFormatError('NO_INPUT', file.name, 'cannot be fed: the model has no input');
    const own = array.key === null || byName ? stem : several ? `${stem}/${array.key}` : array.key;
    const time = timeAxis(graph, position);
    const isTable = extensionOf(file.name) === 'csv' && tensor.shape.length === 2 && tensor.shape[0] === 1;
    const split = isTable ? rows(array, own, decode) : samples(array, own, tensor, time, file.name, decode);
    pieces[position]?.push(...split);
  }
}

function openFile(file: DataFile, input: Tensor | undefined): DataArray[] {
  const extension = extensionOf(file.name);
  switch (extension) {
    case 'npy': {
      const { shape } = readNpyHeader(file.bytes, file.name);
      return [{ key: null, shape, load: () => readNpy(file.bytes, file.name) }];
    }
    case 'npz':
      return openNpz(file.bytes, file.name);
    case 'csv':
      return openCsv(file.bytes, file.name);
    case 'json':
      return openJson(file.bytes, file.name);
    case 'wav':
      if (input === undefined) throw new DataFormatError('NO_INPUT', file.name, 'cannot be fed: the model has no input');
      return openWav(file.bytes, file.name, input);
    default:
      throw new DataFormatError('EXTENSION', file.name, `has the extension .${extension}`, null, DATA_EXTENSIONS.map((one) => `.${one}`).join(' ')); // prettier-ignore
  }
}

/** One array as samples of one input. */
function samples(array: DataArray, name: string, tensor: Tensor, time: number | null, file: string, decode: Decode): Piece[] {
  const rank = tensor.shapeSignature.length;
  const { shape } = array;
  if (shape.length === rank + 1) return slices(array, name, shape.slice(1), decode);
  if (shape.length === rank) return [{ name, load: () => array.load() }];
  const batch = time === 0 ? 1 : 0;
  if (shape.length === rank - 1 && tensor.shape[batch] === 1) {
    const withBatch = [...shape.slice(0, batch), 1, ...shape.slice(batch)];
    return [{ name, load: () => ({ ...array.load(), shape: withBatch }) }];
  }
  const message = `holds ${formatShape(shape)}, but input ${tensor.name} takes ${formatShape(tensor.shapeSignature)}`;
  throw new DataFormatError('RANK', file, message, null, `${rank} axes for one sample, ${rank + 1} for many`);
}

/** Every row of a table, [1, columns]. */
function rows(array: DataArray, name: string, decode: Decode): Piece[] {
  return slices(array, name, [1, ...array.shape.slice(1)], decode);
}

/** Every index of the first axis as a sample of the given shape. */
function slices(array: DataArray, name: string, shape: readonly number[], decode: Decode): Piece[] {
  const size = elementCount(shape);
  return Array.from({ length: array.shape[0] ?? 0 }, (_, index) => ({
    name: `${name}[${index}]`,
    load: () => {
      const whole = decode(array);
      return { dtype: whole.dtype, shape, data: whole.data.slice(index * size, (index + 1) * size) };
    },
  }));
}

function extensionOf(file: string): string {
  return file.slice(file.lastIndexOf('.') + 1).toLowerCase();
}

/** Name without folders and extension. */
function stemOf(file: string): string {
  const base = file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}
