import {
  audioPosition,
  callSizeOf,
  featuresOf,
  leavesCallOpen,
  steppingOf,
  type FeaturePlan,
  type ModelPorts,
  type SteppingPlan,
} from '../worker/core/data/dataPlan';
import { MAX_CALL_SIZE, type DataOptions, type StatePairName } from '../worker/core/data/dataOptions';
import type { FeatureSettings } from '../worker/core/data/features/fields';
import type { ModelOverview, TensorInfo } from '../worker/core/report/overview';

/** What a model's data becomes, under options; a sentence where they cannot be. */
export interface DataForm {
  readonly ports: ModelPorts;
  readonly stepping: SteppingPlan | string;
  readonly features: FeaturePlan | string;
  /** Values of a call along an axis that the file leaves open, as chosen or guessed; null: nothing is known of it, or the file fixes it. */
  readonly callSize: number | null;
}

export function portsOfOverview({ inputs, outputs, metadata, keepsStates }: ModelOverview): ModelPorts {
  const port = ({ name, shape, dtype }: TensorInfo) => ({ name, shape, dtype });
  return {
    inputs: inputs.map((tensor) => ({
      ...port(tensor),
      range: tensor.quantization?.range ?? null,
      isQuantized: tensor.quantization !== null,
    })),
    outputs: outputs.map(port),
    metadata,
    hasVariables: keepsStates,
  };
}

export function dataForm(overview: ModelOverview, options: DataOptions): DataForm {
  const ports = portsOfOverview(overview);
  const stepping = attempt(() => steppingOf(ports, options));
  const known = typeof stepping === 'string' ? steppingOf(ports, {}) : stepping;
  const size = attempt(() => callSizeOf(ports, known, options));
  return {
    ports,
    stepping,
    features: attempt(() => featuresOf(ports, known, options)),
    callSize: typeof size === 'string' ? null : size,
  };
}

/** Options with other features; none: as guessed. */
export function withFeatures(options: DataOptions, features: FeatureSettings): DataOptions {
  return Object.keys(features).length === 0 ? without(options, 'features') : { ...options, features };
}

export function withoutGuessing(options: DataOptions): DataOptions {
  return without(options, 'features', 'normalise');
}

export function withStepped(options: DataOptions, stepped: boolean): DataOptions {
  return { ...options, stepped };
}

/** Options in which calls have so many values; null, or no such number: as guessed. */
export function withCallSize(options: DataOptions, size: number | null): DataOptions {
  const isGood = size !== null && Number.isInteger(size) && size >= 1 && size <= MAX_CALL_SIZE;
  return isGood ? { ...options, callSize: size } : without(options, 'callSize');
}

export function isCallOpen({ ports, stepping }: DataForm): boolean {
  return leavesCallOpen(ports, typeof stepping === 'string' ? { pairs: [] } : stepping);
}

export function withSamplesAxis(options: DataOptions, first: boolean): DataOptions {
  return first ? { ...options, samplesAxis: 0 } : without(options, 'samplesAxis');
}

/** Options in which an input has its state from an output; null: it has data. */
export function withState(options: DataOptions, form: DataForm, input: string, output: string | null): DataOptions {
  const { ports, stepping } = form;
  const pairs = typeof stepping === 'string' ? [] : stepping.pairs;
  const named = pairs.map((pair): StatePairName => ({
    input: ports.inputs[pair.input]?.name ?? '',
    output: ports.outputs[pair.output]?.name ?? '',
  }));
  const others = named.filter((pair) => pair.input !== input && pair.output !== output);
  return { ...options, statePairs: output === null ? others : [...others, { input, output }] };
}

/** `stepped: 257 values a call, state input_3 from Identity_1`. */
export function steppedText({ ports, stepping, callSize }: DataForm): string {
  if (typeof stepping === 'string') return stepping;
  const { pairs, arePairsGuessed } = stepping;
  const data = ports.inputs[audioPosition(ports.inputs, pairs)];
  const values = (callSize ?? 1) * (data?.shape ?? []).reduce((product, size) => product * Math.max(1, size), 1);
  const states = pairs.map((pair) => `${ports.inputs[pair.input]?.name ?? ''} from ${ports.outputs[pair.output]?.name ?? ''}`);
  const carried = states.length === 0 ? 'states inside the model' : `state ${states.join(', ')}`;
  return `stepped: ${values.toLocaleString('en-US')} values a call, ${carried}${arePairsGuessed && states.length > 0 ? ' (guess)' : ''}`;
}

function without(options: DataOptions, ...keys: readonly (keyof DataOptions)[]): DataOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !(keys as readonly string[]).includes(key)));
}

function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? `Features: it ${error.message}.` : String(error);
  }
}
