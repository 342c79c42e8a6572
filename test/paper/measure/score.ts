import { editDistance } from '../../../worker/core/report/task/editDistance';
import type { Recognition } from '../speech/recognizer';
import { energies } from './stepNoise';

/** What one variant made of one set. */
export interface Score {
  /** Wrong digits, by utterance. */
  readonly errors: number[];
  /** Digits that are not the float model's, right or wrong, by utterance. */
  readonly departures: number[];
  /** Energy of the float model's logits, and of what differs from them. */
  signal: number;
  noise: number;
}

export function emptyScore(): Score {
  return { errors: [], departures: [], signal: 0, noise: 0 };
}

/** Adds the next utterance. */
export function addToScore(score: Score, found: Recognition, float: Recognition): void {
  const { signal, noise } = energies(float.logits, found.logits);
  score.errors.push(found.errors);
  score.departures.push(editDistance([...found.text], [...float.text]));
  score.signal += signal;
  score.noise += noise;
}
