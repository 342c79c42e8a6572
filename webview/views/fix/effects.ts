import type { TriedRecipe } from '../../../extension/protocol/fix';
import { gainDb, type Effect } from '../../../worker/core/fix/effect';
import { DEFAULT_SETTINGS, observerLabel, type RecipeSettings } from '../../../worker/core/fix/editRecipe';
import { count, decibel, gain, withUnit } from '../../charts/format';

/** `40.6 dB`. */
export function sqnrText(effect: Effect | null): string {
  return withUnit(decibel(effect?.sqnrDb ?? null, effect?.exact), 'dB');
}

/** `0 of 34 digits wrong`; null without labels. */
export function taskText(effect: Effect | null): string | null {
  const task = effect?.task ?? null;
  return task === null ? null : `${count(task.errors)} of ${count(task.total)} ${task.unit} wrong`;
}

/** `+1.7 dB`, and the errors fewer or more where they differ: `+1.7 dB, 2 errors fewer`. */
export function changeText(after: Effect | null, before: Effect | null): string {
  const db = withUnit(gain(gainDb(after, before)), 'dB');
  const fewer = before?.task && after?.task ? before.task.errors - after.task.errors : 0;
  if (fewer === 0) return db;
  return `${db}, ${count(Math.abs(fewer))} ${Math.abs(fewer) === 1 ? 'error' : 'errors'} ${fewer > 0 ? 'fewer' : 'more'}`;
}

/** What trying a recipe has shown, beside the step it was tried on. */
export function triedText(tried: TriedRecipe, now: Effect | null): string {
  if (tried.effect === null) return tried.reason;
  return [changeText(tried.effect, now), `${sqnrText(tried.effect)} at the output`, taskText(tried.effect)]
    .filter((part) => part !== null)
    .join(' · ');
}

/** dB that a tried recipe gains; null where it was not tried or cannot be used. */
export function triedGain(tried: TriedRecipe | undefined, now: Effect | null): number | null {
  return tried === undefined || tried.effect === null ? null : gainDb(tried.effect, now);
}

const STATE_LABELS = {
  reset: 'states reset',
  carry: 'states carried over',
  'as-tflite': 'states as in TFLite’s calibrator',
} as const;

/** How settings differ from those before, as the label of a step: `mse, float32 outputs`. */
export function settingsLabel(next: RecipeSettings, before: RecipeSettings | null, calibration: string): string {
  const parts = [
    ...(next.scheme === (before ?? DEFAULT_SETTINGS).scheme ? [] : [next.scheme === 'hybrid' ? 'hybrid' : 'int8']),
    ...(next.observer === (before ?? DEFAULT_SETTINGS).observer ? [] : [observerLabel(next.observer)]),
    ...(next.state === (before ?? DEFAULT_SETTINGS).state ? [] : [STATE_LABELS[next.state]]),
    ...(next.inputs === (before ?? DEFAULT_SETTINGS).inputs ? [] : [`${next.inputs} inputs`]),
    ...(next.outputs === (before ?? DEFAULT_SETTINGS).outputs ? [] : [`${next.outputs} outputs`]),
  ];
  if (before === null) return [`Quantized${next.scheme === 'hybrid' ? '' : ` with ${calibration}`}`, ...parts].join(', ');
  return parts.length === 0 ? 'Quantized again' : parts.join(', ').replace(/^./, (letter) => letter.toUpperCase());
}
