import { mean } from 'd3';
import { drawFile } from '../charts/ChartFile';
import { FORMS, type FormName } from '../charts/forms';
import { TopologyChart } from '../charts/TopologyChart';
import type { PaperResults } from '../results';
import { SETS } from '../speech/speechDigits';
import { topologyLabel, topologyOf } from '../speech/topology';
import { count } from '../../../webview/charts/format';
import { beyondFloat, departuresOf, errorsBeyond, errorsOf, modelsApart } from './figures';
import { fixed, signed, span } from './markdown';
import type { Claim, Section } from './section';
import { SET_LABELS } from './table';

/** What a claim of equal accuracy may differ by: points over all models, and models of 32 beyond two standard errors by chance alone. */
const MOST_POINTS = 0.1;
const CHANCE = 0.05;

/** Integer beside float and beside hybrid, every topology, dense and sparse. */
export function accuracySection(results: PaperResults): Section {
  const { models } = results;
  const rows = models.map((model) => ({
    label: topologyLabel(model.name),
    sparse: topologyOf(model.name).sparse,
    rates: SETS.map((set) => rates((form) => errorsOf(results, [model], form, [set]).rate)),
  }));
  const all = rates((form) => errorsOf(results, models, form).rate);
  const summary = `float ${all.float.toFixed(2)} %, hybrid ${all.hybrid.toFixed(2)} %, integer ${all.integer.toFixed(2)} % over all models and sets`;
  const sets = SETS.map((set) => SET_LABELS[set]);
  const differences = models.map((model) => beyondFloat(results, model, 'integer'));
  const sparse = models.filter(({ name }) => topologyOf(name).sparse);
  const dense = models.filter(({ name }) => !topologyOf(name).sparse);
  const ofKind = (kind: typeof models) => signed(mean(kind, (model) => beyondFloat(results, model, 'integer')) ?? 0, 2);
  return {
    heading: 'Integer, hybrid and float',
    claims: [
      likeness(results, 'float', 'Integer is as accurate as float on every topology, dense and 50 % sparse'),
      likeness(results, 'hybrid', 'Integer is as accurate as hybrid'),
    ],
    chart: {
      file: 'paper-topologies.svg',
      svg: drawFile(<TopologyChart sets={sets} rows={rows} summary={summary} />),
      summary: `Word error rate of every topology: ${summary}`,
    },
    text:
      `Over the three sets, a model's integer form has ${span(differences, 2, signed)} points more errors than its float form ` +
      `(mean ${ofKind(dense)} dense, ${ofKind(sparse)} sparse). Its answers are not the same: ` +
      `${departuresOf(results, models, 'integer').toFixed(1)} % of its digits are not those of float (hybrid: ` +
      `${departuresOf(results, models, 'hybrid').toFixed(1)} %), and errors and corrections nearly cancel.`,
  };
}

function likeness(results: PaperResults, other: 'float' | 'hybrid', claim: string): Claim {
  const { models } = results;
  const [integer, wanted] = [errorsOf(results, models, 'integer'), errorsOf(results, models, other)];
  const points = (errors: number) => (100 * errors) / integer.words;
  const { errors, standardError } = errorsBeyond(models, 'integer', other);
  const apart = modelsApart(models, 'integer', other);
  const named = apart.map(
    (model) => `\`${model.name}\` ${signed(points(errorsBeyond([model], 'integer', other).errors) * models.length, 2)}`,
  );
  const figures =
    `${count(integer.errors)} errors against ${count(wanted.errors)} in ${count(integer.words)} words: ` +
    `${signed(points(errors), 2)} points, standard error ${fixed(points(standardError), 2)}; by themselves, ${apart.length} of ${models.length} models ` +
    `differ by more than two standard errors (${fixed(models.length * CHANCE, 1)} would by chance)${named.length > 0 ? `: ${named.join(', ')}` : ''}`;
  const isClose = Math.abs(points(errors)) <= MOST_POINTS;
  const isChance = apart.length <= 2 * models.length * CHANCE;
  return { claim, verdict: isClose && isChance ? 'reproduces' : isClose ? 'reproduces in part' : 'does not reproduce', figures };
}

function rates(of: (form: FormName) => number): Record<FormName, number> {
  return Object.fromEntries(FORMS.map((form) => [form, of(form)])) as Record<FormName, number>;
}
