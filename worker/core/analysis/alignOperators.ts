/** Pairs that are looked at in one stretch without names at most; beyond it nothing is paired by its place. */
const MOST_PAIRS = 4_000_000;

/**
 * Longest common subsequence of two stretches: as many pairs as possible in the same order. Of equally long ones the pairs that come
 * first.
 * @param agree whether the entries at `a` (of `counts[0]`) and `b` (of `counts[1]`) may be a pair
 * @returns per entry of the first stretch its partner in the second; null where it has none
 */
export function alignOperators(
  counts: readonly [number, number],
  agree: (a: number, b: number) => boolean,
): readonly (number | null)[] {
  const [rows, columns] = counts;
  const partners = new Array<number | null>(rows).fill(null);
  if (rows * columns > MOST_PAIRS) return partners;
  // lengths[a][b]: of the longest common subsequence of what is left from a and b on.
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let a = rows - 1; a >= 0; a--) {
    for (let b = columns - 1; b >= 0; b--) {
      const without = Math.max(lengths[(a + 1) * width + b]!, lengths[a * width + b + 1]!);
      const paired = agree(a, b) ? 1 + lengths[(a + 1) * width + b + 1]! : 0;
      lengths[a * width + b] = Math.max(without, paired);
    }
  }
  for (let a = 0, b = 0; a < rows && b < columns;) {
    if (agree(a, b) && lengths[a * width + b] === 1 + lengths[(a + 1) * width + b + 1]!) partners[a++] = b++;
    else if (lengths[(a + 1) * width + b]! >= lengths[a * width + b + 1]!) a++;
    else b++;
  }
  return partners;
}
