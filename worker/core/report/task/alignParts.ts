/** A part of a label and what was answered for it; null: nothing on that side. */
export type PartPair = readonly [expected: string | null, answered: string | null];

/** Cells of the table of distances, above which parts are paired by their places alone. */
const MOST_CELLS = 4_000_000;

/**
 * Pairs the parts of a label with those of an answer by the fewest insertions, deletions and substitutions (Levenshtein). Of equally
 * short ways a substitution goes before a deletion, and that before an insertion, read from the end.
 */
export function alignParts(expected: readonly string[], answered: readonly string[]): PartPair[] {
  const width = answered.length + 1;
  if ((expected.length + 1) * width > MOST_CELLS) return byPlace(expected, answered);
  const distance = new Uint32Array((expected.length + 1) * width);
  for (let row = 0; row <= expected.length; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      if (row === 0 || column === 0) distance[at] = row + column;
      else {
        const differ = expected[row - 1] === answered[column - 1] ? 0 : 1;
        distance[at] = Math.min(distance[at - width - 1]! + differ, distance[at - width]! + 1, distance[at - 1]! + 1);
      }
    }
  }
  const pairs: PartPair[] = [];
  let [row, column] = [expected.length, answered.length];
  while (row > 0 || column > 0) {
    const at = row * width + column;
    const differ = expected[row - 1] === answered[column - 1] ? 0 : 1;
    if (row > 0 && column > 0 && distance[at] === distance[at - width - 1]! + differ) {
      pairs.push([expected[--row]!, answered[--column]!]);
    } else if (row > 0 && distance[at] === distance[at - width]! + 1) pairs.push([expected[--row]!, null]);
    else pairs.push([null, answered[--column]!]);
  }
  return pairs.reverse();
}

function byPlace(expected: readonly string[], answered: readonly string[]): PartPair[] {
  const length = Math.max(expected.length, answered.length);
  return Array.from({ length }, (_, place) => [expected[place] ?? null, answered[place] ?? null]);
}
