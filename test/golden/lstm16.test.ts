import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeCell } from '../../worker/core/lstm/describeCell';
import { INT8_ARITHMETIC } from '../../worker/core/lstm/integer/codeArithmetic';
import { IntegerRunner } from '../../worker/core/lstm/integer/integerRunner';
import { prepareInteger } from '../../worker/core/lstm/integer/prepareInteger';
import { fromTimeMajor, sequenceShape, toTimeMajor } from '../../worker/core/lstm/layout';
import { OperandReader } from '../../worker/core/lstm/operandReader';
import { integerPersona } from '../../worker/core/lstm/persona';
import type { SignalName } from '../../worker/core/lstm/signals';
import type { GraphOptions } from '../../worker/core/run/graphRunner';
import { readNpzFile, type NpyArray } from '../npy';
import { describeShared, SHARED } from '../shared';
import {
  countDifferences,
  largestDifference,
  newProbe,
  prepareLstmFile,
  readLstm,
  readNumbers,
  readSequences,
  runSequences,
  TFLITE_INT8,
} from './lstmCase';

/** What TensorFlow Lite 2.21 and TensorFlow Lite Micro answer for 16 topologies in three shapes. */
interface Case {
  readonly name: string;
  readonly batch: number;
  readonly time: number;
  readonly time_major: boolean;
}

const root = join(SHARED ?? '', 'golden/lstm16');
const folders = SHARED === null ? [] : readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const cases = folders.map(({ name }) => JSON.parse(readFileSync(join(root, name, 'case.json'), 'utf8')) as Case);
const has = (name: string, file: string) => existsSync(join(root, name, file));
const TFLM: GraphOptions = { path: 'int8', persona: 'tflm' };

/** Traces lie as [sequence, batch, step, n]; the engine's as [step, batch, n] per sequence. */
function expectedOfSequence(array: NpyArray, sequence: number): number[] {
  const [, batch = 0, steps = 0, size = 0] = array.shape;
  const values: number[] = [];
  for (let step = 0; step < steps; step++) {
    for (let b = 0; b < batch; b++) {
      const from = ((sequence * batch + b) * steps + step) * size;
      for (let k = 0; k < size; k++) values.push(Number(array.data[from + k]));
    }
  }
  return values;
}

/** Runs every sequence from reset states and returns each one's probe. */
function probeSequences(folder: string, model: string, inputs: string, options: GraphOptions) {
  const prepared = prepareLstmFile(join(folder, model), options);
  return readSequences(join(folder, inputs)).map((x) => {
    prepared.resetState();
    const probe = newProbe();
    prepared.run(
      prepared.operator.inputs.map((_, position) => (position === 0 ? x : null)),
      [probe],
    );
    return probe;
  });
}

describeShared('golden/lstm16', () => {
  it('holds 56 cases', () => expect(cases).toHaveLength(56));

  it.each(cases)('$name: integers equal TensorFlow Lite', ({ name }) => {
    const folder = join(root, name);
    const prepared = prepareLstmFile(join(folder, 'int8.tflite'), TFLITE_INT8);
    const sequences = readSequences(join(folder, 'x_int8.npy'));
    expect(countDifferences(runSequences(prepared, sequences, 'reset'), readNumbers(folder, 'y_int8.npy'))).toBe(0);
    expect(countDifferences(runSequences(prepared, sequences, 'carry'), readNumbers(folder, 'y_int8_carried.npy'))).toBe(0);
  });

  it.each(cases)('$name: the plain integer runner, the reference of faster ones, equals TensorFlow Lite', ({ name }) => {
    const folder = join(root, name);
    const { graph, operator } = readLstm(join(folder, 'int8.tflite'));
    const reader = new OperandReader(graph, operator);
    const cell = describeCell(reader);
    const runner = new IntegerRunner(prepareInteger(cell, integerPersona('tflite'), reader, INT8_ARITHMETIC));
    const y = readSequences(join(folder, 'x_int8.npy')).flatMap((x) => {
      const shape = sequenceShape(x.shape, runner.inputSize, cell.rowsTogether, reader);
      const steps = toTimeMajor(x.data as Int8Array, shape, runner.inputSize);
      const outputs = runner.run(steps, shape.steps, shape.batch, runner.initialState(shape.batch));
      return Array.from(fromTimeMajor(outputs, shape, runner.outputSize));
    });
    expect(countDifferences(y, readNumbers(folder, 'y_int8.npy'))).toBe(0);
  });

  it.each(cases)('$name: states after every step equal TensorFlow Lite', ({ name }) => {
    const folder = join(root, name);
    const probes = probeSequences(folder, 'int8.tflite', 'x_int8.npy', TFLITE_INT8);
    const signal = (of: SignalName) => probes.flatMap(({ trace }) => Array.from(trace[of] ?? []));
    expect(countDifferences(signal('c'), readNumbers(folder, 'cell_state_int16.npy'))).toBe(0);
    expect(countDifferences(signal('h'), readNumbers(folder, 'output_state_int8.npy'))).toBe(0);
  });

  it.each(cases.filter(({ name }) => has(name, 'trace_int.npz')))('$name: every integer of every gate', ({ name }) => {
    const folder = join(root, name);
    const probes = probeSequences(folder, 'int8.tflite', 'x_int8.npy', TFLITE_INT8);
    const arrays = readNpzFile(join(folder, 'trace_int.npz'));
    const probed = Object.keys(probes[0]?.trace ?? {}).filter((signal) => signal !== 'x');
    expect(probed.sort()).toEqual([...arrays.keys()].sort());
    for (const [signal, array] of arrays) {
      const differing = probes.map((probe, sequence) =>
        countDifferences(probe.trace[signal as SignalName] ?? [], expectedOfSequence(array, sequence)),
      );
      expect(differing, signal).toEqual([0, 0, 0]);
    }
  });

  it.each(cases.filter(({ name }) => has(name, 'y_tflm.npy')))('$name: integers equal TensorFlow Lite Micro', ({ name }) => {
    const folder = join(root, name);
    const prepared = prepareLstmFile(join(folder, 'int8.tflite'), TFLM);
    const sequences = readSequences(join(folder, 'x_int8.npy'));
    expect(countDifferences(runSequences(prepared, sequences, 'reset'), readNumbers(folder, 'y_tflm.npy'))).toBe(0);
    expect(countDifferences(runSequences(prepared, sequences, 'carry'), readNumbers(folder, 'y_tflm_carried.npy'))).toBe(0);
  });

  it.each(cases.filter(({ name }) => !has(name, 'y_tflm.npy')))('$name: TensorFlow Lite Micro rejects it', ({ name }) => {
    expect(() => prepareLstmFile(join(root, name, 'int8.tflite'), TFLM)).toThrow(/TFLM rejects it/);
  });

  it.each(cases)('$name: float within 1e-6', ({ name }) => {
    const folder = join(root, name);
    const prepared = prepareLstmFile(join(folder, 'float.tflite'), { path: 'float', persona: 'tflite' });
    const y = runSequences(prepared, readSequences(join(folder, 'x_float.npy')), 'reset');
    expect(largestDifference(y, readNumbers(folder, 'y_float.npy'))).toBeLessThanOrEqual(1e-6);
  });

  it.each(cases)('$name: hybrid within 1e-6 of its range', ({ name }) => {
    const folder = join(root, name);
    const prepared = prepareLstmFile(join(folder, 'hybrid.tflite'), { path: 'hybrid', persona: 'tflite' });
    const y = runSequences(prepared, readSequences(join(folder, 'x_float.npy')), 'reset');
    const expected = Array.from(readNumbers(folder, 'y_hybrid.npy'));
    const range = Math.max(...expected) - Math.min(...expected);
    expect(largestDifference(y, expected)).toBeLessThanOrEqual(1e-6 * range);
  });

  it.each(cases.filter(({ name }) => has(name, 'trace_float.npz')))('$name: float signals near float64', ({ name }) => {
    const folder = join(root, name);
    const probes = probeSequences(folder, 'float.tflite', 'x_float.npy', { path: 'float', persona: 'tflite' });
    for (const [signal, array] of readNpzFile(join(folder, 'trace_float.npz'))) {
      probes.forEach((probe, sequence) => {
        const expected = expectedOfSequence(array, sequence);
        const scale = Math.max(1, ...expected.map(Math.abs));
        // A layer-normed row can be nearly constant, which magnifies float32's rounding; the rest stays within a few units.
        const difference = largestDifference(probe.trace[signal as SignalName] ?? [], expected);
        expect(difference / scale, signal).toBeLessThanOrEqual(5e-6);
      });
    }
  });
});
