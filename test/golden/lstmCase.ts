import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTflite } from '../../worker/core/formats/tflite/readTflite';
import { prepareLstmOperator } from '../../worker/core/lstm/prepareLstmOperator';
import type { PersonaOverrides } from '../../worker/core/lstm/persona';
import type { Graph, Operator } from '../../worker/core/model/model';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import type { LstmProbe, PreparedOp } from '../../worker/core/run/preparedOp';
import type { NumericArray, Value } from '../../worker/core/run/value';
import { readNpyFile } from '../npy';

/** The first LSTM operator of a model file. */
export function readLstm(path: string): { readonly graph: Graph; readonly operator: Operator } {
  const [graph] = readTflite(readFileSync(path), path).graphs;
  const operator = graph?.operators.find(({ name }) => name.endsWith('LSTM'));
  if (graph === undefined || operator === undefined) throw new Error(`${path} has no LSTM`);
  return { graph, operator };
}

export function prepareLstmFile(path: string, options: GraphOptions): PreparedOp {
  const { graph, operator } = readLstm(path);
  return prepareLstmOperator(graph, operator, options);
}

/** The sequences of an .npy file of shape [sequences, ...], one Value each. */
export function readSequences(path: string): readonly Value[] {
  const { shape, data } = readNpyFile(path);
  const [sequences = 0, ...rest] = shape;
  const length = data.length / sequences;
  const dtype = data instanceof Int8Array ? 'int8' : data instanceof Int16Array ? 'int16' : 'float32';
  return Array.from({ length: sequences }, (_, i) => ({ dtype, shape: rest, data: data.slice(i * length, (i + 1) * length) }));
}

export function newProbe(): LstmProbe {
  return {
    steps: 0,
    batch: 0,
    trace: {},
    losses: { cellClipped: 0, projectionClipped: 0, layerNormOverflow: { input: 0, forget: 0, cell: 0, output: 0 } },
  };
}

/** Values of one output over all sequences, end to end. */
export function runSequences(prepared: PreparedOp, sequences: readonly Value[], state: 'reset' | 'carry'): number[] {
  prepared.resetState();
  return sequences.flatMap((x) => {
    if (state === 'reset') prepared.resetState();
    const inputs = prepared.operator.inputs.map((_, position) => (position === 0 ? x : null));
    const [y] = prepared.run(inputs);
    return Array.from(y?.data as ArrayLike<number>);
  });
}

/** How many entries differ; arrays of different length differ everywhere. */
export function countDifferences(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Math.max(actual.length, expected.length);
  let differing = 0;
  for (let i = 0; i < actual.length; i++) if (actual[i] !== expected[i]) differing++;
  return differing;
}

export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < actual.length; i++) {
    const difference = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

export function readNumbers(folder: string, file: string): ArrayLike<number> {
  return readNpyFile(join(folder, file)).data as Exclude<NumericArray, BigInt64Array>;
}

export const TFLITE_INT8: GraphOptions = { path: 'int8', persona: 'tflite' };

export function withOverrides(personaOverrides: PersonaOverrides): GraphOptions {
  return { ...TFLITE_INT8, personaOverrides };
}
