import type { NamedBytes } from '../formats/namedBytes';
import type { Graph, ModelMetadata, Tensor } from '../model/model';
import { arrayPieces, callPieces, keepLast, tableRows, type ArrayPlan } from './arraySamples';
import { audioPieces } from './audioSamples';
import { composeSamples } from './composeSamples';
import { DataFormatError } from './dataFormatError';
import type { DataOptions } from './dataOptions';
import { audioPosition, featuresOf, portsOf, steppingOf, type FeaturePlan, type SteppingPlan } from './dataPlan';
import { FEATURE_KINDS } from './features/framing';
import { formatShape } from '../run/arrays';
import { Notes } from './notes';
import { extensionOf, openFile, stemOf } from './openFile';
import type { Piece } from './piece';
import type { SampleSource } from './sample';
import { timeAxis } from './timeAxis';

/** A data file; `input` names the graph input that it feeds, where a model has several. */
export interface DataFile extends NamedBytes {
  readonly input?: string;
  /** One of many, such as those of a folder: left out, and said, where it cannot be read. */
  readonly mayFail?: boolean;
}

/**
 * The samples that data files hold for a graph, in the order of the files.
 *
 * An array with the rank of the input is one sample; with one more leading axis it is many; with one axis less it gets the
 * batch axis of 1. In a table (csv) for an input of one step, [1, n], each row is a sample. Several inputs are fed by name:
 * a file's `input`, or the keys of an .npz or JSON file; every input must then have as many samples as the others.
 * Values keep the type they have in the file (half floats become float32; csv and json are float32).
 *
 * Recordings become features as `options` say, or as the input's shape suggests. Where states are among inputs and outputs, or
 * `options` ask for it, a sample is many calls (see `Calls`); such states begin at zero unless data is given for them.
 */
export function readSamples(
  files: readonly DataFile[],
  graph: Graph,
  options: DataOptions = {},
  metadata: readonly Pick<ModelMetadata, 'name' | 'text'>[] = [],
): SampleSource {
  const reading = new Reading(graph, options, metadata, files.length > 1, filesAreCalls(files, graph, options));
  const failures: Error[] = [];
  for (const file of files) {
    try {
      reading.add(file);
    } catch (error) {
      if (file.mayFail !== true || !isOfFile(error)) throw error;
      failures.push(error);
      reading.notes.count(`left out: ${error.message}${error instanceof DataFormatError && error.limit !== null ? ` (limit: ${error.limit})` : ''}`, file.name); // prettier-ignore
    }
  }
  const [first] = failures;
  if (first !== undefined && failures.length === files.length) throw first;
  return composeSamples({ files, graph, pieces: reading.pieces, stepping: reading.stepping, notes: reading.notes });
}

/** What is wrong with a file and not with this program; a file system's errors have a code. */
function isOfFile(error: unknown): error is Error {
  return error instanceof DataFormatError || (error instanceof Error && 'code' in error);
}

/** States that have data of their own, as many as the other inputs, are given for each call: nothing is carried. */
function filesAreCalls(files: readonly DataFile[], graph: Graph, options: DataOptions): boolean {
  if (options.stepped !== undefined) return options.stepped;
  const ports = portsOf(graph);
  const { pairs, stepped } = steppingOf(ports, options);
  const states = new Set(pairs.map(({ input }) => ports.inputs[input]?.name));
  const givesStates = files.some((file) => file.input !== undefined && states.has(file.input)) || files.some((file) => keysOf(file, states)); // prettier-ignore
  return stepped === true && !givesStates;
}

function keysOf(file: DataFile, states: ReadonlySet<string | undefined>): boolean {
  if (file.mayFail === true || !['npz', 'json'].includes(extensionOf(file.name))) return false;
  return openFile(file).some(({ key }) => key !== null && states.has(key));
}

/** Files on their way to pieces of samples. */
class Reading {
  readonly pieces: Piece[][];
  readonly notes = new Notes();
  readonly stepping: SteppingPlan & { readonly isStepped: boolean };
  private readonly positions: ReadonlyMap<string, number>;
  private readonly decode = keepLast();
  private features: FeaturePlan | null = null;

  constructor(
    private readonly graph: Graph,
    private readonly options: DataOptions,
    private readonly metadata: readonly Pick<ModelMetadata, 'name' | 'text'>[],
    private readonly several: boolean,
    isStepped: boolean,
  ) {
    this.pieces = graph.inputs.map(() => []);
    this.positions = new Map(graph.inputs.map((_, position) => [this.tensor(position)?.name ?? '', position]));
    const stepping = steppingOf(portsOf(graph), options);
    this.stepping = { ...stepping, isStepped };
  }

  /** @throws DataFormatError; nothing of the file is then kept */
  add(file: DataFile): void {
    const named = file.input === undefined ? undefined : this.positions.get(file.input);
    if (file.input !== undefined && named === undefined) {
      const known = [...this.positions.keys()].join(', ');
      throw new DataFormatError('INPUT_UNKNOWN', file.name, `is for input ${file.input}`, null, `one of ${known}`);
    }
    const found = extensionOf(file.name) === 'wav' ? this.ofAudio(file, named) : this.ofArrays(file, named);
    for (const [position, list] of found) this.pieces[position]?.push(...list);
  }

  private ofAudio(file: DataFile, named: number | undefined): [number, Piece[]][] {
    const ports = portsOf(this.graph, this.metadata);
    const position = named ?? audioPosition(ports.inputs, this.stepping.pairs);
    const tensor = this.needed(position, file);
    const time = timeAxis(this.graph, position);
    if (this.features === null) {
      this.features = featuresOf(ports, this.stepping, this.options);
      if (!this.features.isPlausible) {
        const message = `is audio, and what input ${tensor.name}, ${formatShape(tensor.shapeSignature)}, takes of it cannot be guessed`;
        throw new DataFormatError('WAV_FOR_FEATURES', file.name, message, null, `features: ${FEATURE_KINDS.join(', ')} (--features; in the editor under Data)`); // prettier-ignore
      }
      const { isGuessed, because, line } = this.features;
      this.notes.say(`audio: ${isGuessed ? 'features guessed' : 'features'} (${because}): ${line}`);
    }
    const isStepped = this.stepping.isStepped || (this.options.stepped !== false && time === null && ports.hasVariables);
    const plan = { framing: this.features.framing, tensor, time, stepped: isStepped };
    return [[position, audioPieces(file, stemOf(file.name), plan, this.notes)]];
  }

  private ofArrays(file: DataFile, named: number | undefined): [number, Piece[]][] {
    const arrays = openFile(file);
    if (arrays.length === 0) throw new DataFormatError('NO_ARRAYS', file.name, 'holds no arrays');
    const byName = named === undefined && arrays.every(({ key }) => key !== null && this.positions.has(key));
    const stem = stemOf(file.name);
    const fallback = named ?? audioPosition(portsOf(this.graph).inputs, this.stepping.isStepped ? this.stepping.pairs : []);
    return arrays.map((array): [number, Piece[]] => {
      const position = byName ? (this.positions.get(array.key ?? '') ?? 0) : fallback;
      const tensor = this.needed(position, file);
      const own = array.key === null || byName ? stem : this.several ? `${stem}/${array.key}` : array.key;
      const time = timeAxis(this.graph, position);
      const samplesAxis = this.options.samplesAxis ?? null;
      const plan: ArrayPlan = { tensor, time, samplesAxis, file: file.name, decode: this.decode };
      const isState = this.stepping.pairs.some(({ input }) => input === position);
      if (this.stepping.isStepped && !isState) return [position, callPieces(array, own, plan)];
      const isTable = extensionOf(file.name) === 'csv' && tensor.shape.length === 2 && tensor.shape[0] === 1;
      return [position, isTable ? tableRows(array, own, this.decode) : arrayPieces(array, own, plan)];
    });
  }

  private needed(position: number, file: DataFile): Tensor {
    const tensor = this.tensor(position);
    if (tensor === undefined) throw new DataFormatError('NO_INPUT', file.name, 'cannot be fed: the model has no input');
    return tensor;
  }

  private tensor(position: number): Tensor | undefined {
    return this.graph.tensors[this.graph.inputs[position] ?? -1];
  }
}
