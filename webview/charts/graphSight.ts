/** Which boxes and lines of a laid-out graph lie in a window of it. Plain numbers: x, y, width, height of boxes, points of lines. */
export interface GraphPlaces {
  readonly boxes: ArrayLike<number>;
  readonly lines: readonly ArrayLike<number>[];
}

export interface Sight {
  /** Graph pixels. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boxesIn({ boxes }: GraphPlaces, sight: Sight): readonly number[] {
  const seen: number[] = [];
  for (let at = 0; 4 * at < boxes.length; at++) {
    const x = boxes[4 * at] ?? 0;
    const y = boxes[4 * at + 1] ?? 0;
    if (x > sight.right || y > sight.bottom) continue;
    if (x + (boxes[4 * at + 2] ?? 0) < sight.left || y + (boxes[4 * at + 3] ?? 0) < sight.top) continue;
    seen.push(at);
  }
  return seen;
}

export function linesIn({ lines }: GraphPlaces, sight: Sight): readonly number[] {
  return lines.flatMap((points, at) => (touches(points, sight) ? [at] : []));
}

/** By the rectangle around the line: one too many does no harm. */
function touches(points: ArrayLike<number>, { left, top, right, bottom }: Sight): boolean {
  let [low, high, upper, lower] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let k = 0; k + 1 < points.length; k += 2) {
    const [x, y] = [points[k] ?? 0, points[k + 1] ?? 0];
    low = Math.min(low, x);
    high = Math.max(high, x);
    upper = Math.min(upper, y);
    lower = Math.max(lower, y);
  }
  return low <= right && high >= left && upper <= bottom && lower >= top;
}

/** The innermost box at a point: boxes come after those they stand in. Null where there is none. */
export function boxAt({ boxes }: GraphPlaces, x: number, y: number): number | null {
  for (let at = Math.floor(boxes.length / 4) - 1; at >= 0; at--) {
    const left = boxes[4 * at] ?? 0;
    const top = boxes[4 * at + 1] ?? 0;
    if (x >= left && y >= top && x <= left + (boxes[4 * at + 2] ?? 0) && y <= top + (boxes[4 * at + 3] ?? 0)) return at;
  }
  return null;
}

/** The nearest line within `reach` graph pixels of a point; null where there is none. */
export function lineAt({ lines }: GraphPlaces, x: number, y: number, reach: number): number | null {
  let [best, least] = [null as number | null, reach];
  lines.forEach((points, at) => {
    for (let k = 0; k + 3 < points.length; k += 2) {
      const distance = distanceTo(x, y, points[k] ?? 0, points[k + 1] ?? 0, points[k + 2] ?? 0, points[k + 3] ?? 0);
      if (distance < least) [best, least] = [at, distance];
    }
  });
  return best;
}

function distanceTo(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
