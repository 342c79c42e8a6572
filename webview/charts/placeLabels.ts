export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Whether two boxes share area. Touching edges do not. */
export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * Places labels one after the other, the most important first: each takes the first of its options that lies inside `bounds`
 * and meets neither an obstacle nor a label placed before; a label none of whose options fit is left out.
 * @returns per label the index of the option taken, or -1
 */
export function placeLabels(labels: readonly (readonly Box[])[], bounds: Box, obstacles: readonly Box[] = []): number[] {
  const taken: Box[] = [...obstacles];
  return labels.map((options) => {
    const index = options.findIndex((box) => inside(box, bounds) && !taken.some((other) => overlap(box, other)));
    const box = options[index];
    if (box) taken.push(box);
    return index;
  });
}

function inside(box: Box, bounds: Box): boolean {
  return (
    box.x >= bounds.x &&
    box.y >= bounds.y &&
    box.x + box.width <= bounds.x + bounds.width &&
    box.y + box.height <= bounds.y + bounds.height
  );
}
