import type { Framing } from './framing';

/** One triangle over the bins of a spectrum. */
export interface MelBand {
  readonly firstBin: number;
  readonly weights: Float64Array;
}

const HTK = {
  toMel: (hz: number) => 2595 * Math.log10(1 + hz / 700),
  toHz: (mel: number) => 700 * (10 ** (mel / 2595) - 1),
};
/** Slaney's Auditory Toolbox: linear to 1 kHz, then 27 bands for every factor of 6.4. */
const LINEAR_HZ = 200 / 3;
const LOG_STEP = Math.log(6.4) / 27;
const SLANEY = {
  toMel: (hz: number) => (hz < 1000 ? hz / LINEAR_HZ : 15 + Math.log(hz / 1000) / LOG_STEP),
  toHz: (mel: number) => (mel < 15 ? mel * LINEAR_HZ : 1000 * Math.exp((mel - 15) * LOG_STEP)),
};

/**
 * Triangular bands of height 1 (or of equal area) whose corners are equally spaced in mel from `low` to `high`. Bins weigh by the
 * triangle at their frequency.
 */
export function melBands({ bands, low, high, scale, triangles, norm, rate, fft }: Framing): MelBand[] {
  const { toMel, toHz } = scale === 'htk' ? HTK : SLANEY;
  const [lowMel, highMel] = [toMel(low), toMel(high)];
  const corner = (index: number) => lowMel + ((highMel - lowMel) * index) / (bands + 1);
  const axis = triangles === 'hz' ? toHz : (mel: number) => mel;
  const place = triangles === 'hz' ? (hz: number) => hz : toMel;
  const binHz = rate / fft;
  const isOperator = triangles === 'tf-op';
  // TensorFlow's mfcc_mel_filterbank.cc begins at this bin and ends with that one.
  const firstBin = isOperator ? Math.floor(1.5 + low / binHz) : 0;
  const lastBin = isOperator ? Math.floor(high / binHz) : fft / 2;
  return Array.from({ length: bands }, (_, band) => {
    const [left, middle, right] = [axis(corner(band)), axis(corner(band + 1)), axis(corner(band + 2))];
    const area = norm === 'area' ? 2 / (toHz(corner(band + 2)) - toHz(corner(band))) : 1;
    const weights: number[] = [];
    let first = -1;
    for (let bin = firstBin; bin <= Math.min(lastBin, fft / 2); bin++) {
      const x = place(bin * binHz);
      const weight = Math.max(0, Math.min((x - left) / (middle - left), (right - x) / (right - middle)));
      if (weight <= 0 && first < 0) continue;
      if (first < 0) first = bin;
      if (x >= right) break;
      weights.push(weight * area);
    }
    return { firstBin: Math.max(0, first), weights: Float64Array.from(weights) };
  });
}
