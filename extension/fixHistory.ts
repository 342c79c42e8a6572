import type { FixStep, FormerFix, QuantizedState } from './protocol/fix';

/** Where the history of recipes outlives the window. */
export interface FixHistory {
  load(): FormerFix | null;
  save(history: FormerFix): void;
}

const SCHEMA = 'gatescope.history/1';
/** Characters. Of a longer history only the step on show is kept. */
const MOST_KEPT = 250_000;

/** What is kept of a history. @param source name of the float model */
export function historyOf(source: string, { sourceBytes, calibration, steps, step }: QuantizedState): FormerFix {
  const common = { schema: SCHEMA, source, sourceBytes, calibration, at: Date.now() } as const;
  // What effects were measured on may be another thing by then.
  const all = steps.map((one): FixStep => ({ ...one, effect: null }));
  const whole = { ...common, steps: all, step };
  return JSON.stringify(whole).length <= MOST_KEPT ? whole : { ...common, steps: all.slice(step, step + 1), step: 0 };
}

/** The history that is kept, if it is one of this float model. */
export function keptHistory(history: FixHistory | undefined, source: string | null): FormerFix | null {
  const kept = history?.load() ?? null;
  return kept?.schema === SCHEMA && kept.source === source && kept.steps[kept.step] !== undefined ? kept : null;
}
