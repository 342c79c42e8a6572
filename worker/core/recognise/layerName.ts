/**
 * A short name for a cell from the name of its hidden value: what comes before the parts that name the step
 * (`functional/lstm_4/lstm_cell_4/mul_2` gives `functional/lstm_4`). For people; nothing is decided by it.
 */
export function layerName(hidden: string): string {
  const parts = (hidden.split(';').at(-1) ?? '').split('/');
  const step = parts.findIndex((part, place) => place > 0 && /cell|^while$/i.test(part));
  const kept = step === -1 ? parts.slice(0, -1) : parts.slice(0, step);
  return kept.length === 0 ? hidden : kept.join('/');
}
