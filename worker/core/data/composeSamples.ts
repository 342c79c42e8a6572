import type { Graph } from '../model/model';
import type { Value } from '../run/value';
import { DataFormatError } from './dataFormatError';
import { isRateInput, portsOf, type SteppingPlan } from './dataPlan';
import type { NamedBytes } from '../formats/namedBytes';
import { statesText, USUAL_RATE, usualRate, zeroInput } from './filledInputs';
import type { Notes } from './notes';
import type { Piece } from './piece';
import { stepsOf } from './timeAxis';
import type { Feed, Sample, SampleSource } from './sample';

export interface ReadData {
  readonly files: readonly NamedBytes[];
  readonly graph: Graph;
  /** By position of the input. */
  readonly pieces: readonly (readonly Piece[])[];
  readonly stepping: SteppingPlan & { readonly isStepped: boolean };
  readonly notes: Notes;
}

/** Pieces of inputs as samples of all of them; states and sampling rates without data are filled in. @throws DataFormatError */
export function composeSamples(data: ReadData): SampleSource {
  const { graph, pieces, stepping, notes } = data;
  const ports = portsOf(graph);
  const isState = (position: number) => stepping.pairs.some(({ input }) => input === position);
  const filled = graph.inputs.map((index, position): Value | null => {
    const tensor = graph.tensors[index];
    if ((pieces[position]?.length ?? 0) > 0 || tensor === undefined) return null;
    if (isState(position)) return zeroInput(tensor);
    const port = ports.inputs[position];
    if (port === undefined || !isRateInput(port)) return null;
    notes.say(`input ${port.name}: no data, taken as ${USUAL_RATE} (samples a second)`);
    return usualRate(tensor);
  });
  const leading = Math.max(
    0,
    pieces.findIndex((list, position) => list.length > 0 && !isState(position)),
  );
  const count = pieces[leading]?.length ?? 0;
  const isCalls = pieces.some((list) => list.some((piece) => piece.isCalls));
  checkCounts(data, filled, leading, isCalls);
  const names = pieces[leading]?.map((piece) => piece.name) ?? [];
  if (isCalls) sayStates(data);

  const get = (index: number): Sample => {
    const inputs = pieces.map((list, position): Value => {
      const fill = filled[position];
      if (fill !== null && fill !== undefined) return fill;
      const piece = list[list.length === 1 && isCalls ? 0 : index];
      if (piece === undefined) throw new RangeError(`There is no sample ${index} of ${count}.`);
      return piece.load();
    });
    const name = names[index] ?? '';
    return isCalls ? calledSample(data, name, inputs, index) : { name, inputs, steps: stepsOf(graph, inputs) };
  };
  const recording = (index: number) => pieces[leading]?.[index]?.recording?.() ?? null;
  return { count, names, synthetic: false, notes: notes.list(), get, recording };
}

function calledSample({ graph, pieces, stepping }: ReadData, name: string, inputs: readonly Value[], index: number): Sample {
  const feeds = inputs.map((value, position): Feed => {
    const pair = stepping.pairs.find(({ input }) => input === position);
    if (pair !== undefined) return pair.output;
    const list = pieces[position] ?? [];
    const piece = list[list.length === 1 ? 0 : index];
    return piece?.isCalls === true && (value.shape[0] ?? 1) > 1 ? 'each' : 'same';
  });
  const lengths = feeds.flatMap((feed, position) => (feed === 'each' ? [inputs[position]?.shape[0] ?? 1] : []));
  const count = lengths[0] ?? 1;
  const other = lengths.find((length) => length !== count);
  if (other !== undefined) {
    throw new DataFormatError('CALLS', name, `has ${other} calls for one input and ${count} for another`, null, 'as many for each, or one'); // prettier-ignore
  }
  // One call's value for all of them.
  const shaped = inputs.map((value, position) => {
    const isOne = feeds[position] === 'same' && (pieces[position]?.some((piece) => piece.isCalls) ?? false);
    return isOne ? { ...value, shape: value.shape.slice(1) } : value;
  });
  // States have no steps.
  const call = shaped.map((value, position) => {
    const feed = feeds[position];
    return feed === 'each' ? { ...value, shape: value.shape.slice(1) } : feed === 'same' ? value : { ...value, shape: [1] };
  });
  return { name, inputs: shaped, steps: count * stepsOf(graph, call), calls: { count, feeds } };
}

/** For people: what is carried from call to call. */
function sayStates({ graph, stepping: { pairs, arePairsGuessed }, notes }: ReadData): void {
  const states =
    pairs.length === 0 ? 'states inside the model' : `${statesText(pairs, portsOf(graph))}${arePairsGuessed ? ' (guessed)' : ''}`;
  notes.say(`stepped: one call after the other, ${states}`);
}

/** Every input has as many samples as the first, and at least one. */
function checkCounts(
  { files, graph, pieces, stepping }: ReadData,
  filled: readonly (Value | null)[],
  leading: number,
  isCalls: boolean,
): void {
  const count = pieces[leading]?.length ?? 0;
  const names = graph.inputs.map((index, position) => graph.tensors[index]?.name ?? `input ${position}`);
  const [first = { name: 'data' }] = files;
  const file = files.length > 1 ? `${first.name} and ${files.length - 1} more` : first.name;
  pieces.forEach((list, position) => {
    if (filled[position] !== null && count > 0) return;
    const isShared = isCalls && list.length === 1;
    if ((list.length === count || isShared) && count > 0) return;
    const isState = stepping.pairs.some(({ input }) => input === position);
    const several = names.length > 1 && !isState;
    const message = several
      ? `gives ${list.length} samples for input ${names[position]} and ${count} for ${names[leading]}: name the input that each file is for`
      : 'holds no samples';
    const limit = several ? names.map((name) => `${name}=FILE`).join(', ') : null;
    throw new DataFormatError('SAMPLES_MISSING', file, message, null, limit);
  });
}
