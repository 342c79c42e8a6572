import { sum } from 'd3';
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { SizeResult } from './measure/calibrationSizes';
import type { ModelResult } from './measure/measureModel';
import { CELL_SIZES, timeLayer, timeModel, type Times } from './measure/speed';
import type { PaperResults, PaperTimes } from './results';
import { SETS, type SpeechDigits } from './speech/speechDigits';
import { inTableOrder, topologyOf } from './speech/topology';
import { type MeasuringTask, onThreads } from './threads';

/** Every part of the cell, alone and together, dense and sparse: with 37 quantized models each, all 32 would take too long. */
const SIZED = [
  'lstm',
  'lstm-ln-proj',
  'lstm-proj-peep',
  'lstm-peep-sparse',
  'lstm-ln-sparse',
  'cifg',
  'cifg-ln-proj-peep',
  'cifg-proj-sparse',
];
const THREADS = 2;

/**
 * Measures errors on two threads, then times on this one alone.
 * @param script what threads start with
 * @param tell of progress, one line
 */
export async function measureAll(
  speech: SpeechDigits,
  names: readonly string[],
  script: string,
  shared: string,
  tell: (line: string) => void,
): Promise<PaperResults> {
  const started = Date.now();
  const ordered = inTableOrder(names);
  const sized = ordered.filter((name) => SIZED.includes(name));
  const models = new Map<string, ModelResult>();
  const calibrationSizes: Record<string, readonly SizeResult[]> = {};
  let done = 0;
  const finish = (what: string) => {
    const seconds = Math.round((Date.now() - started) / 1000);
    tell(`${seconds} s: ${++done} of ${sized.length + ordered.length + 1} done, ${what}`);
  };
  // The longer tasks first, so that both threads end together.
  const sizing = sized.map((name): MeasuringTask => async (api) => {
    calibrationSizes[name] = await api.measureCalibrationSizes(name);
    finish(`calibration sizes of ${name}`);
  });
  const measuring = ordered.map((name): MeasuringTask => async (api) => {
    models.set(name, await api.measureModel(name));
    finish(name);
  });
  await onThreads(script, shared, THREADS, [...sizing, ...measuring]);
  for (const name of sized) checkSizes(name, calibrationSizes[name]!, models.get(name)!);
  const { user, system } = process.cpuUsage();
  const times = await measureTimes(speech, ordered);
  finish('times');
  const digits = SETS.map((set) => [set, speech.set(set).map((utterance) => utterance.digits.length)]);
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`,
    cpuMinutes: (user + system) / 60e6,
    models: ordered.map((name) => models.get(name)!),
    digits: Object.fromEntries(digits) as PaperResults['digits'],
    reference: Object.fromEntries(ordered.map((name) => [name, speech.referenceErrors(name)])),
    ...{ calibrationSizes, ...times },
  };
}

/** On this thread alone. */
export async function measureTimes(speech: SpeechDigits, names: readonly string[]): Promise<PaperTimes> {
  const modelTimes: Record<string, Times> = {};
  for (const name of inTableOrder(names)) if (!topologyOf(name).sparse) modelTimes[name] = await timeModel(speech, name);
  const layerTimes = CELL_SIZES.map((cell) => ({ cell, times: timeLayer(cell) }));
  return { modelTimes, layerTimes, load: loadavg()[0] ?? 0, processors: availableParallelism() };
}

/** The ranges of all utterances, each by itself, must lead to what calibrating with all of them led to. */
function checkSizes(name: string, sizes: readonly SizeResult[], { scores }: ModelResult): void {
  const together = sizes.at(-1)?.errors;
  const whole = sum(SETS, (set) => sum(scores.integer![set].errors));
  if (together !== whole)
    throw new Error(`${name}: ${together} errors with the ranges of all utterances put together, ${whole} otherwise.`);
}
