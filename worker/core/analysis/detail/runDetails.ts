import type { SampleSource } from '../../data/sample';
import { DETAIL_LIMITS, type DetailSample } from '../../report/detail';
import type { SignalDetail, SignalDetailRequest, TensorDetail, TensorDetailRequest } from '../../report/detail';
import type { LstmInfo } from '../../report/overview';
import type { PreparedComparison } from '../compareSamples';
import type { LayerPlan } from '../layerPlan';
import type { Pace } from '../pace';
import { cutRange } from './cutRange';
import { TraceCache, type CellTraces } from './cellTraces';
import { cancelled, RequestError } from './requestError';
import { outputTraces, type OutputTraces } from './outputTraces';
import { SampleWalk } from './sampleWalk';
import { blockBytes, cutBlock, type SignalBlock } from './signalBlock';
import { SignalAnswer } from './signalDetail';
import { answerTensor } from './tensorDetail';
import { audioAnswer, type AudioFrames, type NamedSignal } from '../audio/audioAnswer';
import { FrameCollector } from '../audio/frameCollector';
import type { Recording } from '../audio/maskedSound';
import { taperOf } from '../../data/features/frontEnd';
import type { AudioDetail, AudioDetailRequest } from '../../report/audioDetail';
import type { MaskedSignal } from './valueMask';

/** Traces of the samples that were asked for last. */
const CACHE_BYTES = 128 * 2 ** 20;
/** Blocks of one answer that are kept between its two passes; beyond, they are cut anew. */
const BLOCK_BYTES = 64 * 2 ** 20;

/** A signal, and what it is over one sample; undefined where the sample does not have it. */
interface SoughtSignal {
  readonly signal: MaskedSignal;
  readonly tracesOf: (sample: number) => Promise<CellTraces | undefined>;
}

/** What answers questions about single samples of a run: prepared like the run, with states of its own. */
export interface DetailSource {
  readonly prepared: PreparedComparison;
  readonly samples: SampleSource;
  /** LSTMs of the graph that is run. */
  readonly lstms: readonly LstmInfo[];
}

/**
 * Steps, units and values of a run's samples, computed anew when asked. Memory is bounded by the cache and one sample. Questions must be
 * asked one after the other.
 */
export class RunDetails {
  private readonly cache = new TraceCache(CACHE_BYTES);
  private readonly outputs = new TraceCache(CACHE_BYTES / 2);
  private readonly walk: SampleWalk;
  /** The last traces, where they are too large for the cache. */
  private last: { readonly sample: number; readonly position: number; readonly traces: readonly CellTraces[] } | null = null;

  private frames: { readonly key: string; readonly frames: AudioFrames } | null = null;

  constructor(private readonly source: DetailSource) {
    this.walk = new SampleWalk(source.prepared, source.samples, (sample, position, traces) => {
      this.cache.put(sample, position, traces);
      this.last = { sample, position, traces };
    });
  }

  /** @throws RequestError, SampleError */
  async signal(request: SignalDetailRequest, pace: Pace): Promise<SignalDetail> {
    const samples = this.samplesOf(request.samples);
    const { signal, tracesOf } =
      request.signal === 'out' ? await this.outputOf(request.op, samples, pace) : this.signalOf(request, pace);
    const { size } = signal.plan;
    const unitRange = cutRange(request.units, size);
    const frames = await this.placed(samples, tracesOf);
    const steps = Math.max(0, ...frames.map(({ firstStep, steps: own }) => firstStep + own));
    const stepRange = cutRange(request.steps, steps);
    const batch = frames.reduce((most, frame) => Math.max(most, frame.batch), 0);
    const answer = new SignalAnswer(request, signal, {
      samples: frames.map(({ index, name, steps: own, firstStep }) => ({ index, name, steps: own, firstStep })),
      steps,
      batch,
      stepRange,
      unitRange,
    });
    const kept = new Map<number, SignalBlock>();
    let bytes = 0;
    const blockOf = async ({ index, firstStep }: DetailSample) => {
      const traces = await tracesOf(index);
      if (traces === undefined) throw noSuchSignal(request);
      const block = cutBlock(traces, signal.plan, { sample: index, firstStep, steps: stepRange, units: unitRange });
      bytes += blockBytes(block);
      if (bytes <= BLOCK_BYTES) kept.set(index, block);
      return block;
    };
    for (const frame of frames) {
      answer.look(await blockOf(frame));
      await going(pace);
    }
    const pass = answer.begin();
    if (!answer.needsSecondPass) return answer.finish(pass);
    for (const frame of frames) {
      answer.count(pass, kept.get(frame.index) ?? (await blockOf(frame)));
      await going(pace);
    }
    return answer.finish(pass);
  }

  /** @throws RequestError, SampleError, ModelFormatError */
  async tensor(request: TensorDetailRequest, pace: Pace): Promise<TensorDetail> {
    const { prepared, samples } = this.source;
    const { graph } = prepared.paths;
    const tensor = graph.tensors[request.tensor];
    if (tensor === undefined) throw new RequestError('NO_SUCH_TENSOR', `The graph has no tensor ${request.tensor}.`);
    const isConstant = tensor.data !== null;
    if (!isConstant) {
      const [sample] = this.samplesOf(request.sample === null ? [] : [request.sample]);
      const position = graph.operators.findIndex(({ outputs }) => outputs.includes(tensor.index));
      await finished(pace, this.walk.reach(sample ?? 0, position + 1));
    }
    return answerTensor(request, {
      graph,
      tensor,
      sample: isConstant ? null : (samples.names[request.sample ?? 0] ?? null),
      value: (path) => this.walk.value(tensor.index, path),
    });
  }

  /** @throws RequestError, SampleError */
  async audio(request: AudioDetailRequest, reference: NamedSignal | null, pace: Pace): Promise<AudioDetail> {
    const frames = await this.framesOf(request, pace);
    const answer = await pace.finish(audioAnswer(request, frames, reference, this.recordingOf(request, frames.size)));
    if (answer === null) throw cancelled();
    return answer;
  }

  /** What a mask's magnitudes were made from: of one sample, since others may be of other recordings. */
  private recordingOf({ kind, samples: { from, to } }: AudioDetailRequest, bins: number): Recording | null {
    if (kind !== 'mask' || to - from !== 1) return null;
    const recorded = this.source.samples.recording?.(from) ?? null;
    if (recorded === null || recorded.framing.fft !== 2 * (bins - 1)) return null;
    const { framing, signal } = recorded;
    return { signal: Float32Array.from(signal), taper: taperOf(framing), hop: framing.hop * framing.stackHop };
  }

  /** Those that were asked for last are kept: what follows mostly asks for their sound, or for other distances. */
  private async framesOf(request: AudioDetailRequest, pace: Pace): Promise<AudioFrames> {
    const { prepared, samples } = this.source;
    const { graph } = prepared.paths;
    const { tensor, input, samples: range, frame } = request;
    const key = JSON.stringify([tensor, input, range, frame]);
    if (this.frames?.key === key) return this.frames.frames;
    const collector = new FrameCollector(graph, request);
    const end = Math.min(range.to, samples.count);
    if (range.from >= end) throw new RequestError('NO_SUCH_SAMPLE', `There are no samples ${range.from} to ${range.to} among ${samples.count}.`); // prettier-ignore
    const position = graph.operators.findIndex(({ outputs }) => outputs.includes(tensor));
    for (let sample = range.from; sample < end; sample++) {
      const take = () => collector.add((index, path) => this.walk.value(index, path));
      await finished(pace, this.walk.through(sample, position + 1, take));
    }
    // Of a sample of many parts, only the last one's values are there.
    this.walk.forget();
    const frames = collector.finish();
    this.frames = { key, frames };
    return frames;
  }

  private planOf(op: number): LayerPlan {
    const plan = this.source.prepared.plans.find(({ operator }) => operator.index === op);
    if (plan === undefined) throw new RequestError('NO_SUCH_OPERATOR', `The graph has no operator ${op}.`);
    return plan;
  }

  /** The output of an operator that is no LSTM. How many units it has is known with its first sample. */
  private async outputOf(op: number, [first = 0]: readonly number[], pace: Pace): Promise<SoughtSignal> {
    const plan = this.planOf(op);
    const { format } = plan;
    if (format === null || plan.cells.length > 0) throw noSuchSignal({ op, signal: 'out' });
    const tracesOf = (sample: number) => this.outputTraces(plan, sample, pace);
    const { units } = (await tracesOf(first)) ?? { units: 0 };
    if (units === 0) throw noSuchSignal({ op, signal: 'out' });
    // A sample of another shape has nothing to say here.
    const ofSize = async (sample: number) => {
      const traces = await tracesOf(sample);
      return traces?.units === units ? traces : undefined;
    };
    return { signal: { plan: { name: 'out', size: units, format }, clip: 0 }, tracesOf: ofSize };
  }

  private async outputTraces(plan: LayerPlan, sample: number, pace: Pace): Promise<OutputTraces | undefined> {
    const known = this.outputs.get(sample, plan.position)?.[0];
    if (known !== undefined) return known as OutputTraces;
    await finished(pace, this.walk.reach(sample, plan.position + 1));
    const paths = await pace.finish(this.walk.output(plan));
    if (paths === null) throw cancelled();
    const traces = outputTraces(plan, paths);
    if (traces === null) return undefined;
    this.outputs.put(sample, plan.position, [traces]);
    return traces;
  }

  private signalOf(request: SignalDetailRequest, pace: Pace): SoughtSignal {
    const { prepared, lstms } = this.source;
    const plan = this.planOf(request.op);
    const direction = request.direction ?? null;
    const cell = plan.cells.findIndex((one) => one.direction === direction || plan.cells.length === 1);
    const found = plan.cells[cell]?.signals.find(({ name }) => name === request.signal);
    if (found === undefined) throw noSuchSignal(request);
    const info = lstms.find(({ subgraph, op }) => subgraph === prepared.paths.graph.index && op === request.op);
    const clips = { c: info?.cellClip ?? 0, h: info?.projectionClip ?? 0 };
    const clip = found.name === 'c' || found.name === 'h' ? clips[found.name] : 0;
    const tracesOf = async (sample: number) => (await this.traces(sample, plan.position, pace))[cell];
    return { signal: { plan: found, clip }, tracesOf };
  }

  /** In ascending order, each once. */
  private samplesOf(indices: readonly number[]): number[] {
    const { samples } = this.source;
    const unique = [...new Set(indices)].sort((a, b) => a - b);
    const limit = `1 to ${DETAIL_LIMITS.samples} samples`;
    if (unique.length === 0) throw new RequestError('NO_SUCH_SAMPLE', 'No sample was chosen.', limit);
    if (unique.length > DETAIL_LIMITS.samples)
      throw new RequestError('TOO_MUCH', `${unique.length} samples are too many.`, limit);
    const missing = unique.find((index) => !(index >= 0 && index < samples.count));
    if (missing === undefined) return unique;
    throw new RequestError('NO_SUCH_SAMPLE', `There is no sample ${missing} among ${samples.count}.`);
  }

  /** Where the samples lie on the axis of steps. */
  private async placed(samples: readonly number[], tracesOf: SoughtSignal['tracesOf']) {
    const isCarried = this.source.prepared.state === 'carry';
    let next = 0;
    const placed: (DetailSample & { readonly batch: number })[] = [];
    for (const index of samples) {
      const { steps = 0, batch = 0 } = (await tracesOf(index)) ?? {};
      placed.push({ index, name: this.source.samples.names[index] ?? '', steps, firstStep: next, batch });
      if (isCarried) next += steps;
    }
    return placed;
  }

  private async traces(sample: number, position: number, pace: Pace): Promise<readonly CellTraces[]> {
    const known = this.cache.get(sample, position);
    if (known !== null) return known;
    const isLast = () => this.last?.sample === sample && this.last.position === position;
    if (!isLast()) await finished(pace, this.walk.reach(sample, position + 1));
    if (!isLast() && this.cache.get(sample, position) === null) {
      // It ran before, and its traces were too large to keep.
      this.walk.forget();
      await finished(pace, this.walk.reach(sample, position + 1));
    }
    return this.cache.get(sample, position) ?? (isLast() ? (this.last?.traces ?? []) : []);
  }
}

async function finished(pace: Pace, work: Generator<void, void>): Promise<void> {
  // Without a value of its own, a walk that ended cannot be told from one that was stopped.
  const whole = (function* () {
    yield* work;
    return true;
  })();
  if ((await pace.finish(whole)) === null) throw cancelled();
}

async function going(pace: Pace): Promise<void> {
  if (!(await pace.mayContinue())) throw cancelled();
}

function noSuchSignal({ op, signal, direction }: Pick<SignalDetailRequest, 'op' | 'signal' | 'direction'>): RequestError {
  const cell = direction === undefined ? '' : ` in its ${direction} cell`;
  return new RequestError('NO_SUCH_SIGNAL', `Operator ${op} has no signal ${signal}${cell}.`);
}
