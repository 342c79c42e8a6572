import { grouped } from '../../wording';
import type { TfNode } from './graphDef';

/** What makes features of a recording inside the graph: the model's input takes its place, since no runtime for devices has it. */
export interface FrontEnd {
  /** Of the features. */
  readonly shape: readonly number[];
  /** What has to be fed, for people. */
  readonly text: string;
  /** The same as settings for `--features` and the data screen; null where they cannot express it. */
  readonly settings: string | null;
}

/** Audio operators whose results are fed instead of being computed. */
export const FRONT_END: ReadonlySet<string> = new Set(['DecodeWav', 'AudioSpectrogram', 'Mfcc']);

/** Rate of the recordings that such graphs are made for; the graph takes it from the recording itself. */
const USUAL_RATE = 16_000;

/**
 * The front end that ends in this node; the reason as text where its sizes do not follow from the graph.
 * Source: tensorflow/core/kernels/spectrogram.cc, mfcc.cc, mfcc_mel_filterbank.cc, mfcc_dct.cc.
 */
export function frontEndOf(node: TfNode): FrontEnd | string {
  switch (node.op) {
    case 'DecodeWav':
      return recording(node);
    case 'AudioSpectrogram':
      return spectrogram(node);
    default:
      return mfcc(node);
  }
}

function recording({ attributes }: TfNode): FrontEnd | string {
  const samples = attributes.integer('desired_samples', -1);
  const channels = attributes.integer('desired_channels', -1);
  if (samples < 1 || channels < 1) return 'the graph does not say how many samples a recording has';
  const text = `${grouped(samples)} samples of a recording from -1 to 1, 16 kHz assumed`;
  return { shape: [samples, channels], text, settings: `samples,rate=${USUAL_RATE},channel=0,amplitude=unit` };
}

interface Spectrum extends FrontEnd {
  readonly frames: number;
  readonly channels: number;
  readonly line: string;
}

function spectrogram(node: TfNode): Spectrum | string {
  const [from] = node.inputs;
  if (from?.node.op !== 'DecodeWav') return 'its recording is not one that DecodeWav reads';
  const decoded = recording(from.node);
  if (typeof decoded === 'string') return decoded;
  const [samples = 0, channels = 0] = decoded.shape;
  const window = node.attributes.integer('window_size', 0);
  const hop = node.attributes.integer('stride', 0);
  const frames = 1 + Math.floor((samples - window) / hop);
  if (!(window >= 2 && hop >= 1 && frames >= 1)) return `its window of ${window} samples and stride of ${hop} give no frame`;
  const fft = 2 ** Math.ceil(Math.log2(window));
  const isSquared = node.attributes.boolean('magnitude_squared');
  const line = `rate=${USUAL_RATE},channel=0,amplitude=unit,window=${window},hop=${hop},taper=hann,fft=${fft}`;
  const what = isSquared ? 'squared magnitudes' : 'magnitudes';
  const over = `${grouped(samples)} samples, 16 kHz assumed, window ${grouped(window)}, stride ${grouped(hop)}`;
  return {
    shape: [channels, frames, fft / 2 + 1],
    text: `${what} of the spectrum of a recording: ${over}`,
    settings: `stft,${line},power=${isSquared ? 2 : 1}`,
    frames,
    channels,
    line,
  };
}

function mfcc(node: TfNode): FrontEnd | string {
  const [from] = node.inputs;
  const spectrum = from?.node.op === 'AudioSpectrogram' ? spectrogram(from.node) : 'its spectrum is not that of AudioSpectrogram';
  if (typeof spectrum === 'string') return spectrum;
  const { attributes } = node;
  const coefficients = attributes.integer('dct_coefficient_count', 13);
  const bands = attributes.integer('filterbank_channel_count', 40);
  const low = attributes.float('lower_frequency_limit', 20);
  const high = attributes.float('upper_frequency_limit', 4000);
  if (coefficients < 1) return `it gives ${coefficients} coefficients`;
  // The operator takes the root of what it is given: magnitudes where the spectrum is squared.
  const isSquared = from?.node.attributes.boolean('magnitude_squared') === true;
  const over = `${bands} bands from ${grouped(low)} to ${grouped(high)} Hz`;
  const mel = `power=1,bands=${bands},low=${low},high=${high},scale=htk,triangles=tf-op,log=ln,floor=1e-12,floor-by=max`;
  return {
    shape: [spectrum.channels, spectrum.frames, coefficients],
    text: `${coefficients} MFCCs of each of ${spectrum.frames} frames (${spectrum.text.replace(/^.*?: /, '')}, ${over})`,
    settings: isSquared ? `mfcc,${spectrum.line},${mel},coefficients=${coefficients},dct=tf` : null,
  };
}
