import type { VisibleGraph } from './visibleGraph';

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/**
 * The box that an arrow key leads to: right and left along lines (of several the one that runs straightest), up and down to what stands
 * above and below. Null where there is none.
 * @param places x, y, width, height of every box
 */
export function neighbourOf(
  { boxes, lines }: VisibleGraph,
  places: ArrayLike<number>,
  from: number,
  arrow: Arrow,
): number | null {
  const middle = (at: number) => ({
    x: (places[4 * at] ?? 0) + (places[4 * at + 2] ?? 0) / 2,
    y: (places[4 * at + 1] ?? 0) + (places[4 * at + 3] ?? 0) / 2,
  });
  const here = middle(from);
  if (arrow === 'ArrowRight' || arrow === 'ArrowLeft') {
    const ends = lines.flatMap((line) => {
      if (arrow === 'ArrowRight') return line.from === from ? [line.to] : [];
      return line.to === from ? [line.from] : [];
    });
    return nearest(ends, (at) => Math.abs(middle(at).y - here.y) + Math.abs(middle(at).x - here.x) / 1000);
  }
  const down = arrow === 'ArrowDown' ? 1 : -1;
  const candidates = boxes.flatMap(({ isOpen }, at) =>
    !isOpen && at !== from && (middle(at).y - here.y) * down > 1 ? [at] : [],
  );
  // What is aside counts double: the key says up or down.
  return nearest(candidates, (at) => Math.abs(middle(at).y - here.y) + 2 * Math.abs(middle(at).x - here.x));
}

function nearest(candidates: readonly number[], distance: (at: number) => number): number | null {
  let [best, least] = [null as number | null, Infinity];
  for (const at of candidates) {
    const own = distance(at);
    if (own < least) [best, least] = [at, own];
  }
  return best;
}
