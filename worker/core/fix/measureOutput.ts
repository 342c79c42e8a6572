import { emptyErrors, errorsOf, mergeErrors } from '../analysis/errorSums';
import type { Pace } from '../analysis/pace';
import { mainOutputOf } from '../analysis/sampleComparison';
import { SampleError } from '../analysis/sampleError';
import type { SampleSource } from '../data/sample';
import { ModelFormatError } from '../formats/modelFormatError';
import type { PersonaName, PersonaOverrides } from '../lstm/persona';
import { schemeOf } from '../model/scheme';
import type { Graph, Model } from '../model/model';
import { MAIN_GRAPH, quantizedPathOf } from '../report/prepareComparison';
import { decodeOutput, unitsOf } from '../report/task/decode';
import type { TaskLabels } from '../report/task/labels';
import { taskErrors } from '../report/task/scoreTask';
import { toReal } from '../run/gridValues';
import type { RuntimeSource } from '../run/operatorRuntime';
import { preparingGraph } from '../run/prepareGraph';
import type { Value } from '../run/value';
import { effectFrom, type Effect, type TaskEffect } from './effect';
import { type FloatReference, runToOutput } from './floatReference';

/** What quantized models are measured with. */
export interface MeasuredData {
  readonly samples: SampleSource;
  readonly labels: TaskLabels | null;
  readonly state: 'reset' | 'carry';
  /** Computes operators that this engine does not. */
  readonly runtime?: RuntimeSource;
}

/** Whose arithmetic the quantized model is measured in. */
export interface MeasuredPersona {
  readonly persona: PersonaName;
  readonly overrides?: PersonaOverrides;
}

/** Position among a graph's outputs of the one that is computed last. @throws ModelFormatError */
export function mainOutputPosition(graph: Graph): number {
  const main = mainOutputOf(graph);
  if (main === null) throw new ModelFormatError('NO_OUTPUT', 'No operator computes an output of the model.');
  return graph.outputs.indexOf(main.tensor);
}

/**
 * Runs a quantized model over samples and measures its main output alone: a fraction of the time of a whole run.
 * @param output position among the graph's outputs, which quantizing keeps
 * @param onSample told of the samples done
 * @returns null when cancelled before it was prepared; else what was measured of the samples done
 * @throws UnsupportedOperatorError, ModelFormatError, SampleError
 */
export async function measureOutput(
  model: Model,
  { persona, overrides = {} }: MeasuredPersona,
  output: number,
  reference: FloatReference,
  { samples, labels, state, runtime }: MeasuredData,
  pace: Pace,
  onSample: (done: number) => void = () => undefined,
): Promise<Effect | null> {
  const path = quantizedPathOf(schemeOf(model)) ?? 'float';
  const runner = await pace.finish(
    preparingGraph(model, MAIN_GRAPH, {
      path,
      persona,
      personaOverrides: overrides,
      ...(runtime === undefined ? {} : { runtime }),
    }),
  );
  if (runner === null) return null;
  const tensor = runner.graph.tensors[runner.graph.outputs[output] ?? -1];
  const errors = emptyErrors();
  const task = labels === null ? null : new TaskCount(labels);
  let done = 0;
  for (let index = 0; index < samples.count && (await pace.mayContinue()); index++) {
    let name = samples.names[index] ?? String(index);
    try {
      const sample = samples.get(index);
      name = sample.name;
      if (state === 'reset') runner.resetState();
      const float = await pace.finish(both(reference.answer(index, sample)));
      const value = float === null ? null : await pace.finish(both(runToOutput(runner, sample, output)));
      if (float === null || value === null) break;
      if (float.value?.data instanceof Float32Array && value.value !== null) {
        const real = toReal(tensor, value.value, path);
        mergeErrors(errors, errorsOf(float.value.data, real.data as Float32Array, 1, 0));
        task?.add(name, index, float.value, value.value);
      }
    } catch (cause) {
      throw new SampleError(name, cause);
    }
    onSample(++done);
  }
  const complete = done === samples.count;
  return effectFrom(errors, { samples: done, complete, synthetic: samples.synthetic, task: task?.effect ?? null });
}

/** Tells a result that is null from work that was cancelled. */
function* both(work: Generator<void, Value | null>): Generator<void, { readonly value: Value | null }> {
  return { value: yield* work };
}

class TaskCount {
  private total = 0;
  private errors = 0;
  private floatErrors = 0;

  constructor(private readonly labels: TaskLabels) {}

  add(sample: string, index: number, float: Value, quantized: Value): void {
    const { labels } = this;
    const expected = labels.labelOf(sample, index);
    if (expected === null) return;
    this.total += labels.kind === 'classification' ? 1 : unitsOf(labels, expected).length;
    this.errors += taskErrors(labels, expected, decodeOutput(labels, quantized));
    this.floatErrors += taskErrors(labels, expected, decodeOutput(labels, float));
  }

  /** Null where no sample had a label. */
  get effect(): TaskEffect | null {
    const { total, errors, floatErrors } = this;
    return total === 0 ? null : { unit: this.labels.unit, total, errors, floatErrors };
  }
}
