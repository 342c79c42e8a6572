import { scaleLinear } from 'd3';

/** What one lane shows; its picture of levels is drawn on a canvas over the place that is kept free. */
export interface AudioLane {
  readonly name: string;
  /** Lowest and highest values over time; null: only a picture. */
  readonly wave: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> } | null;
  readonly tone: 'float' | 'int' | 'fg';
  /** Rows of the picture stand for 0 Hz to this; null where rows are not frequencies. */
  readonly topHz: number | null;
}

export interface AudioLayoutOptions {
  readonly width: number;
  readonly lanes: readonly AudioLane[];
  readonly seconds: number;
  /** Largest magnitude of any wave: all share one scale. */
  readonly peak: number;
}

export interface PlacedLane {
  readonly lane: AudioLane;
  readonly top: number;
  /** Middle of the wave and half its height; null without one. */
  readonly wave: { readonly middle: number; readonly half: number } | null;
  readonly picture: { readonly top: number; readonly height: number };
}

export interface AudioLayout {
  /** Room for names and buttons. */
  readonly left: number;
  readonly plotWidth: number;
  readonly height: number;
  readonly lanes: readonly PlacedLane[];
  readonly axisTop: number;
  readonly x: (seconds: number) => number;
  readonly secondsAt: (x: number) => number;
  readonly ticks: readonly { readonly seconds: number; readonly x: number }[];
}

const NARROW = 560;
const WAVE = 40;
const PICTURE = 76;
const GAP = 14;
const AXIS = 24;
const RIGHT = 44;

/** Where everything goes in lanes of sound, one above the other on one axis of time: pure arithmetic. */
export function layoutAudio({ width, lanes, seconds }: AudioLayoutOptions): AudioLayout {
  const left = width < NARROW ? 104 : 148;
  const plotWidth = Math.max(60, width - left - RIGHT);
  const scale = scaleLinear([0, seconds > 0 ? seconds : 1], [0, plotWidth]).clamp(true);
  let top = 4;
  const placed = lanes.map((lane): PlacedLane => {
    const start = top;
    const wave = lane.wave === null ? null : { middle: start + WAVE / 2, half: WAVE / 2 };
    const pictureTop = start + (wave === null ? 0 : WAVE + 2);
    top = pictureTop + PICTURE + GAP;
    return { lane, top: start, wave, picture: { top: pictureTop, height: PICTURE } };
  });
  const axisTop = top - GAP + 4;
  return {
    left,
    plotWidth,
    height: axisTop + AXIS,
    lanes: placed,
    axisTop,
    x: (at) => scale(at),
    secondsAt: (x) => Math.max(0, Math.min(seconds, scale.invert(x))),
    ticks: scale.ticks(Math.max(2, Math.floor(plotWidth / 80))).map((at) => ({ seconds: at, x: scale(at) })),
  };
}

/** One path around a wave: its upper edge there, its lower edge back. */
export function wavePath({ lane, wave }: PlacedLane, plotWidth: number, peak: number): string {
  if (lane.wave === null || wave === null || lane.wave.low.length === 0) return '';
  const { low, high } = lane.wave;
  const each = plotWidth / low.length;
  const y = (value: number) => tenth(wave.middle - (value / (peak > 0 ? peak : 1)) * wave.half);
  let [there, back] = ['', ''];
  for (let k = 0; k < low.length; k++) {
    const x = tenth((k + 0.5) * each);
    there += `${k === 0 ? 'M' : 'L'}${x},${y(high[k] ?? 0)}`;
    back = `L${x},${y(low[k] ?? 0)}${back}`;
  }
  return `${there}${back}Z`;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
