/** Fewest insertions, deletions and substitutions that turn one list into the other (Levenshtein). */
export function editDistance<T>(from: readonly T[], to: readonly T[]): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, unit] of from.entries()) {
    const current = [row + 1];
    for (const [column, other] of to.entries()) {
      const substitution = previous[column]! + (unit === other ? 0 : 1);
      current.push(Math.min(substitution, previous[column + 1]! + 1, current[column]! + 1));
    }
    previous = current;
  }
  return previous[to.length]!;
}
