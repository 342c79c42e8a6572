import { guessStatePairs } from '../data/statePairs';
import { errorFigures, type ErrorSums } from '../analysis/errorSums';
import type { ModelOverview } from '../report/overview';
import type { Report } from '../report/report';

/** What a quantized model's main output is worth: against float, and on the task where labels are there. Plain JSON. */
export interface Effect {
  readonly samples: number;
  /** False when it was stopped before all samples were measured. */
  readonly complete: boolean;
  /** Random samples: ranges only, not accuracy. */
  readonly synthetic: boolean;
  /** Null when not finite: then look at `exact`. */
  readonly sqnrDb: number | null;
  readonly exact: boolean;
  readonly rmse: number;
  readonly maxAbs: number;
  readonly task: TaskEffect | null;
}

export interface TaskEffect {
  /** What is counted, such as `digits`. */
  readonly unit: string;
  readonly total: number;
  readonly errors: number;
  readonly floatErrors: number;
}

/** @param sums of the main output */
export function effectFrom(sums: ErrorSums, about: Pick<Effect, 'samples' | 'complete' | 'synthetic' | 'task'>): Effect {
  const figures = errorFigures(sums);
  return {
    ...about,
    sqnrDb: figures?.sqnrDb ?? null,
    exact: figures?.exact ?? false,
    rmse: figures?.rmse ?? 0,
    maxAbs: figures?.maxAbs ?? 0,
  };
}

/** The same of a run; null where the run compared nothing. */
export function effectOfReport(report: Report, overview: Pick<ModelOverview, 'ops' | 'inputs' | 'outputs'>): Effect | null {
  const states = new Set(guessStatePairs(overview.inputs, overview.outputs).map(({ output }) => output));
  const lastOf = (outputs: ModelOverview['outputs']) => {
    const keys = new Set(outputs.map(({ subgraph, index }) => `${subgraph} ${index}`));
    return overview.ops.filter((op) => op.outputs.some((tensor) => keys.has(`${op.subgraph} ${tensor}`))).at(-1);
  };
  // States that are handed on are what the main output is made of, not the output itself.
  const last = lastOf(overview.outputs.filter((_, position) => !states.has(position))) ?? lastOf(overview.outputs);
  const layer = report.layers.find(({ subgraph, index }) => subgraph === last?.subgraph && index === last.index);
  const error = layer?.accumulated ?? null;
  if (error === null) return null;
  const { task } = report;
  return {
    samples: report.samples,
    complete: report.complete,
    synthetic: report.data.synthetic,
    ...{ sqnrDb: error.sqnrDb, exact: error.exact, rmse: error.rmse, maxAbs: error.maxAbs },
    task:
      task === null || task.quantizedErrors === null
        ? null
        : { unit: task.unit, total: task.total, errors: task.quantizedErrors, floatErrors: task.floatErrors },
  };
}

/** An exact output counts as this: above it an error is rounding of the float path itself. */
const LARGEST_DB = 140;

/** dB of SQNR that `after` has over `before`; null where either was not measured. */
export function gainDb(after: Effect | null, before: Effect | null): number | null {
  const [a, b] = [decibels(after), decibels(before)];
  return a === null || b === null ? null : a - b + 0;
}

function decibels(effect: Effect | null): number | null {
  if (effect === null) return null;
  if (effect.exact) return LARGEST_DB;
  return effect.sqnrDb === null ? null : Math.min(LARGEST_DB, effect.sqnrDb);
}
