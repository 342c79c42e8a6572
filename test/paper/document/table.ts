import { FORMS } from '../charts/forms';
import type { PaperResults } from '../results';
import { SETS, type SetName } from '../speech/speechDigits';
import { topologyLabel, topologyOf } from '../speech/topology';
import { errorsOf } from './figures';
import { markdownTable } from './markdown';

export const SET_LABELS: Readonly<Record<SetName, string>> = { short: 'short', long: 'long', telephony: 'telephone' };

/** The paper's table: a row for each model. */
export function paperTable(results: PaperResults): string {
  const head = ['topology', ...SETS.map((set) => SET_LABELS[set]), 'kB', 'faster than float', 'than hybrid'];
  const rows = results.models.map((model) => {
    const { sparse } = topologyOf(model.name);
    const times = results.modelTimes[model.name];
    const rates = SETS.map((set) => FORMS.map((form) => errorsOf(results, [model], form, [set]).rate.toFixed(2)).join(' / '));
    const bytes = FORMS.map((form) => (model.bytes[form] / 1000).toFixed(0)).join(' / ');
    const faster = (form: 'float' | 'hybrid') => (times === undefined ? '' : `${(times[form] / times.integer).toFixed(1)}×`);
    return [topologyLabel(model.name) + (sparse ? ', sparse' : ''), ...rates, bytes, faster('float'), faster('hybrid')];
  });
  const all = SETS.map((set) => FORMS.map((form) => errorsOf(results, results.models, form, [set]).rate.toFixed(2)).join(' / '));
  return markdownTable(head, [...rows, ['**all**', ...all, '', '', '']]);
}
