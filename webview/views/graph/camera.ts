/** What of the graph is in the window: graph pixels at its left and top, and screen pixels for each of them. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export interface Rectangle extends Extent {
  readonly x: number;
  readonly y: number;
}

export const MOST_SCALE = 2.5;
const LEAST_SCALE = 0.02;
/** Names can be read from here on; a first look does not go below. */
export const READABLE = 0.6;
const MARGIN = 16;

const limited = (scale: number): number => Math.min(MOST_SCALE, Math.max(LEAST_SCALE, scale));

/** All of it, in the middle, never enlarged. */
export function fit(graph: Extent, window: Extent): Camera {
  const scale = limited(
    Math.min(1, (window.width - 2 * MARGIN) / Math.max(1, graph.width), (window.height - 2 * MARGIN) / Math.max(1, graph.height)),
  );
  return { scale, x: (graph.width - window.width / scale) / 2, y: (graph.height - window.height / scale) / 2 };
}

/** All of it where it can be read, else its beginning. */
export function firstLook(graph: Extent, window: Extent): Camera {
  const whole = fit(graph, window);
  if (whole.scale >= READABLE) return whole;
  const high = (window.height - 2 * MARGIN) / Math.max(1, graph.height);
  const scale = limited(Math.min(1, Math.max(READABLE, high)));
  const y = graph.height * scale <= window.height ? (graph.height - window.height / scale) / 2 : -MARGIN / scale;
  return { scale, x: -MARGIN / scale, y };
}

/** @param at point of the window that stays where it is */
export function zoomed(camera: Camera, factor: number, at: { readonly x: number; readonly y: number }): Camera {
  const scale = limited(camera.scale * factor);
  return { scale, x: camera.x + at.x / camera.scale - at.x / scale, y: camera.y + at.y / camera.scale - at.y / scale };
}

/** @param by screen pixels */
export function panned(camera: Camera, by: { readonly x: number; readonly y: number }): Camera {
  return { ...camera, x: camera.x - by.x / camera.scale, y: camera.y - by.y / camera.scale };
}

/** Some of the graph stays in the window. */
export function kept(camera: Camera, graph: Extent, window: Extent): Camera {
  const [width, height] = [window.width / camera.scale, window.height / camera.scale];
  const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  return {
    ...camera,
    x: clamp(camera.x, -width * 0.75, graph.width - width * 0.25),
    y: clamp(camera.y, -height * 0.75, graph.height - height * 0.25),
  };
}

export function centredOn(camera: Camera, box: Rectangle, window: Extent): Camera {
  return {
    ...camera,
    x: box.x + box.width / 2 - window.width / camera.scale / 2,
    y: box.y + box.height / 2 - window.height / camera.scale / 2,
  };
}

/** As little as needed for the box to be in the window, with a margin. */
export function broughtIntoSight(camera: Camera, box: Rectangle, window: Extent): Camera {
  const margin = MARGIN / camera.scale;
  const along = (start: number, size: number, from: number, length: number): number => {
    if (from - margin < start) return from - margin;
    if (from + length + margin > start + size) return Math.min(from - margin, from + length + margin - size);
    return start;
  };
  return {
    ...camera,
    x: along(camera.x, window.width / camera.scale, box.x, box.width),
    y: along(camera.y, window.height / camera.scale, box.y, box.height),
  };
}

/**
 * A part of the graph around what the window shows, which stays the same while the camera moves a little: what is drawn follows from it
 * alone, so that small moves draw nothing anew.
 */
export function steadySight(camera: Camera, window: Extent): { left: number; top: number; right: number; bottom: number } {
  const step = STEP ** Math.floor(Math.log(camera.scale) / Math.log(STEP) + 1e-9);
  const [width, height] = [window.width / step, window.height / step];
  const [across, down] = [width / CELLS, height / CELLS];
  const left = Math.floor(camera.x / across) * across;
  const top = Math.floor(camera.y / down) * down;
  return { left, top, right: left + across + width, bottom: top + down + height };
}

const STEP = 1.25;
const CELLS = 3;
