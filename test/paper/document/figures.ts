import { deviation, sum } from 'd3';
import { decibels } from '../measure/stepNoise';
import type { ModelResult, SetScores } from '../measure/measureModel';
import type { VariantName } from '../measure/variants';
import type { PaperResults } from '../results';
import { SETS, type SetName } from '../speech/speechDigits';

/** The same for all models, or by model. */
export type VariantChoice = VariantName | ((model: ModelResult) => VariantName);

/** Errors of one or several models on one or several sets. */
export interface Errors {
  readonly errors: number;
  readonly words: number;
  /** Percent. */
  readonly rate: number;
}

/** @throws RangeError where the model has no such variant */
export function errorsOf(
  { digits }: PaperResults,
  models: readonly ModelResult[],
  variant: VariantChoice,
  sets: readonly SetName[] = SETS,
): Errors {
  const errors = sum(models, (model) => sum(sets, (set) => sum(scoresOf(model, variant)[set].errors)));
  const words = models.length * sum(sets, (set) => sum(digits[set]));
  return { errors, words, rate: (100 * errors) / words };
}

/** Points of word error rate that a variant has more than float, over all sets. */
export function beyondFloat(results: PaperResults, model: ModelResult, variant: VariantName): number {
  return errorsOf(results, [model], variant).rate - errorsOf(results, [model], 'float').rate;
}

/** Digits of a variant that are not those of float, in percent of the words. */
export function departuresOf(
  { digits }: PaperResults,
  models: readonly ModelResult[],
  variant: VariantName,
  sets: readonly SetName[] = SETS,
): number {
  const departures = sum(models, (model) => sum(sets, (set) => sum(scoresOf(model, variant)[set].departures)));
  return (100 * departures) / (models.length * sum(sets, (set) => sum(digits[set])));
}

/** Logits beside those of float, over all sets, dB. */
export function logitDecibels(model: ModelResult, variant: VariantName): number {
  const found = scoresOf(model, variant);
  return decibels(
    sum(SETS, (set) => found[set].signal),
    sum(SETS, (set) => found[set].noise),
  );
}

/** Errors that a variant has more than another, of several models together, on all sets. */
export interface ErrorsBeyond {
  readonly errors: number;
  /** Of that sum, utterances being independent; models are not, which share utterances. */
  readonly standardError: number;
}

export function errorsBeyond(models: readonly ModelResult[], variant: VariantChoice, other: VariantChoice): ErrorsBeyond {
  const differences = SETS.flatMap((set) => {
    const of = (one: VariantChoice) => models.map((model) => scoresOf(model, one)[set].errors);
    const [found, wanted] = [of(variant), of(other)];
    const utterances = [...(found[0] ?? []).keys()];
    return utterances.map((utterance) => sum(found, (errors, model) => errors[utterance]! - wanted[model]![utterance]!));
  });
  return { errors: sum(differences), standardError: (deviation(differences) ?? 0) * Math.sqrt(differences.length) };
}

/** Models that differ by more errors than twice the standard error of that difference. */
export function modelsApart(models: readonly ModelResult[], variant: VariantChoice, other: VariantChoice): ModelResult[] {
  return models.filter((model) => {
    const { errors, standardError } = errorsBeyond([model], variant, other);
    return Math.abs(errors) > 2 * standardError;
  });
}

/** The integer form with every quirk off that a model's topology is open to. */
export function withoutQuirks({ scores }: ModelResult): VariantName {
  return scores['without-quirks'] === undefined ? 'without:double-rounding' : 'without-quirks';
}

function scoresOf(model: ModelResult, variant: VariantChoice): SetScores {
  const name = typeof variant === 'string' ? variant : variant(model);
  const found = model.scores[name];
  if (found === undefined) throw new RangeError(`${model.name} was not measured as ${name}.`);
  return found;
}

/** Models that a variant was measured of. */
export function modelsWith({ models }: PaperResults, variant: VariantName): ModelResult[] {
  return models.filter(({ scores }) => scores[variant] !== undefined);
}
