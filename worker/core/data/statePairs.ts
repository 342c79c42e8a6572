import { DataFormatError } from './dataFormatError';
import type { StatePairName } from './dataOptions';

/** An input or output as far as states are told by it; of a graph, or of an overview. */
export interface NamedPort {
  readonly name: string;
  /** -1 where the size is free. */
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** Positions among the inputs and outputs of a graph. */
export interface StatePair {
  readonly input: number;
  readonly output: number;
}

const STATE_NAME = /(?:^|[^a-z])(?:states?|hidden|cell|memory|cache|context|[hc](?:_?\d+|_?in|_?prev)?)(?:[^a-z]|$)/i;
/** What names of the same state differ in, before and after a call. */
const AFFIX =
  /(?:^(?:in(?:put)?|out(?:put)?|new|next|prev|old|init(?:ial)?)[_./]+)|(?:[_./]*(?:in(?:put)?|out(?:put)?|new|next|prev|old|init(?:ial)?|n|0)$)/gi;

/**
 * States that a model takes as inputs and gives as outputs, found by name and shape: an output of the very shape and type whose name
 * is the input's but for `in`, `out`, `new`, `N` ..., or of whose name or place the input looks like a state. A first input and a first
 * output are data unless their names say otherwise. It is a guess, to be shown.
 */
export function guessStatePairs(inputs: readonly NamedPort[], outputs: readonly NamedPort[]): StatePair[] {
  const found = inputs.flatMap((input, i) =>
    outputs.flatMap((output, o) => {
      const score = likeness(input, i, output, o);
      return score === 0 ? [] : [{ input: i, output: o, score }];
    }),
  );
  found.sort((a, b) => b.score - a.score || a.input - b.input || a.output - b.output);
  // Where names tell states, place alone tells none; and one input is left for data.
  const best = found.some(({ score }) => score > BY_PLACE) ? found.filter(({ score }) => score > BY_PLACE) : found;
  const pairs: StatePair[] = [];
  for (const { input, output } of best) {
    if (pairs.length + 1 < inputs.length && !pairs.some((pair) => pair.input === input || pair.output === output))
      pairs.push({ input, output });
  }
  return pairs.sort((a, b) => a.input - b.input);
}

const BY_PLACE = 1;

/** 0: no pair. */
function likeness(input: NamedPort, i: number, output: NamedPort, o: number): number {
  if (input.dtype !== output.dtype || input.shape.length === 0 || input.shape.length !== output.shape.length) return 0;
  const isSame = input.shape.every((size, axis) => size === output.shape[axis]);
  const mayBe = input.shape.every((size, axis) => size < 0 || (output.shape[axis] ?? -1) < 0 || size === output.shape[axis]);
  if (!mayBe) return 0;
  const isCalledState = STATE_NAME.test(plain(input.name));
  if (stem(input.name) === stem(output.name) && (isCalledState || (i > 0 && isSame))) return 4;
  if (isCalledState && (STATE_NAME.test(plain(output.name)) || o > 0)) return isSame ? 3 : 2;
  return isSame && i > 0 && o > 0 ? BY_PLACE : 0;
}

/** Without the folder and the output number that converters add. */
function plain(name: string): string {
  return name
    .replace(/^serving_default_/, '')
    .replace(/^.*\//, '')
    .replace(/:\d+$/, '');
}

function stem(name: string): string {
  return plain(name).replace(AFFIX, '').toLowerCase();
}

/**
 * Pairs by the names that a user gave.
 * @throws DataFormatError that says which name is not there, and which are
 */
export function namedStatePairs(
  names: readonly StatePairName[],
  inputs: readonly NamedPort[],
  outputs: readonly NamedPort[],
): StatePair[] {
  return names.map(({ input, output }) => ({ input: find('input', input, inputs), output: find('output', output, outputs) }));
}

function find(what: 'input' | 'output', name: string, ports: readonly NamedPort[]): number {
  const position = ports.findIndex((port) => port.name === name);
  if (position >= 0) return position;
  const known = ports.map((port) => port.name).join(', ');
  throw new DataFormatError('STATE_PAIR', 'state pair', `the model has no ${what} ${name}`, null, `one of ${known}`);
}
