import { WaveFile } from 'wavefile';
import { DATA_LIMITS } from './dataArray';
import { DataFormatError } from './dataFormatError';

/** A recording, of which stretches are decoded when asked for. */
export interface Audio {
  /** Hz. */
  readonly rate: number;
  readonly channels: number;
  /** Of each channel. */
  readonly samples: number;
  /**
   * Samples `from` up to `end` as reals of -1..1 (integers of n bits over 2^(n-1)); beyond the ends 0.
   * @param channel null: refused where there are several
   */
  read(from: number, end: number, channel: number | 'mean' | null): Float64Array;
}

interface Format {
  readonly channels: number;
  readonly rate: number;
  /** Of one sample of all channels. */
  readonly blockAlign: number;
  readonly bytes: Uint8Array;
}

/** PCM, float, A-law and mu-law: any stretch of them can be decoded by itself. */
const SLICEABLE = [1, 3, 6, 7, 0xfffe];
/** What has to be decoded as a whole. */
const WHOLE_BYTES = 64 * 2 ** 20;

/** A wav of integers or floats, A-law, mu-law or ADPCM. @throws DataFormatError */
export function openAudio(bytes: Uint8Array, file: string): Audio {
  const id = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
  if (!['RIFF', 'RIFX', 'RF64'].includes(id)) {
    throw new DataFormatError('WAV_MAGIC', file, 'is not a wav file: it does not start with RIFF', 0);
  }
  const chunks = id === 'RIFF' ? riffChunks(bytes, file) : null;
  const format = chunks === null ? null : readFormat(bytes, chunks, file);
  if (format === null) return wholeAudio(bytes, file);
  const { data } = chunks!;
  const { channels, rate, blockAlign } = format;
  // Recorders that were cut off claim more data than there is.
  const available = Math.min(data.length, bytes.length - data.start);
  const samples = Math.floor(available / blockAlign);
  return {
    rate,
    channels,
    samples,
    read(from, end, channel) {
      const [first, last] = [Math.min(samples, Math.max(0, from)), Math.min(samples, Math.max(0, end))];
      const part = bytes.subarray(data.start + first * blockAlign, data.start + Math.max(first, last) * blockAlign);
      const decoded = last > first ? decode(smallWav(format.bytes, part), file) : [];
      const out = new Float64Array(Math.max(0, end - from));
      // A chunk of an odd length has a byte more.
      out.set(oneChannel(decoded, channels, channel, file).subarray(0, Math.max(0, last - first)), Math.max(0, first - from));
      return out;
    },
  };
}

interface Chunk {
  readonly start: number;
  readonly length: number;
}

/** Places of `fmt ` and `data`. */
function riffChunks(bytes: Uint8Array, file: string): { readonly fmt: Chunk; readonly data: Chunk } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const latin = new TextDecoder('latin1');
  let fmt: Chunk | null = null;
  for (let at = 12, seen = 0; at + 8 <= bytes.length && seen < DATA_LIMITS.entries; seen++) {
    const name = latin.decode(bytes.subarray(at, at + 4));
    const chunk = { start: at + 8, length: view.getUint32(at + 4, true) };
    if (name === 'fmt ') fmt = chunk;
    if (name === 'data') {
      if (fmt === null) throw new DataFormatError('WAV_DAMAGED', file, 'has data before its format', at, 'a chunk "fmt " first');
      return { fmt, data: chunk };
    }
    at = chunk.start + chunk.length + (chunk.length % 2);
  }
  throw new DataFormatError('WAV_DAMAGED', file, 'has no chunk "data"', null, 'chunks "fmt " and "data"');
}

/** Null where the samples cannot be cut. */
function readFormat(bytes: Uint8Array, { fmt }: { readonly fmt: Chunk }, file: string): Format | null {
  const damaged = (message: string, limit: string) => new DataFormatError('WAV_DAMAGED', file, message, fmt.start, limit);
  if (fmt.length < 16 || fmt.start + fmt.length > bytes.length) throw damaged(`has a format of ${fmt.length} bytes`, 'at least 16, inside the file'); // prettier-ignore
  const view = new DataView(bytes.buffer, bytes.byteOffset + fmt.start, fmt.length);
  const [code, channels, rate, blockAlign] = [view.getUint16(0, true), view.getUint16(2, true), view.getUint32(4, true), view.getUint16(12, true)]; // prettier-ignore
  checkFormat({ channels, rate }, file, fmt.start);
  if (!SLICEABLE.includes(code)) return null;
  const bits = view.getUint16(14, true);
  if (blockAlign !== channels * Math.ceil(bits / 8)) throw damaged(`has blocks of ${blockAlign} bytes for ${channels} x ${bits} bits`, `${channels * Math.ceil(bits / 8)}`); // prettier-ignore
  return { channels, rate, blockAlign, bytes: bytes.subarray(fmt.start - 8, fmt.start + fmt.length) };
}

function checkFormat({ channels, rate }: { readonly channels: number; readonly rate: number }, file: string, at: number): void {
  if (channels < 1 || channels > 64) throw new DataFormatError('WAV_CHANNELS', file, `has ${channels} channels`, at, '1 to 64');
  if (rate < 100 || rate > 384_000) throw new DataFormatError('WAV_RATE', file, `has ${rate} samples a second`, at, '100 to 384000'); // prettier-ignore
}

/** A file around some of the samples. */
function smallWav(format: Uint8Array, data: Uint8Array): Uint8Array {
  const odd = format.length % 2;
  const out = new Uint8Array(12 + format.length + odd + 8 + data.length + (data.length % 2));
  const view = new DataView(out.buffer);
  const ascii = (text: string, at: number) =>
    out.set(
      [...text].map((letter) => letter.charCodeAt(0)),
      at,
    );
  ascii('RIFF', 0);
  view.setUint32(4, out.length - 8, true);
  ascii('WAVE', 8);
  out.set(format, 12);
  const at = 12 + format.length + odd;
  ascii('data', at);
  view.setUint32(at + 4, data.length, true);
  out.set(data, at + 8);
  return out;
}

/** What cannot be cut is decoded once. */
function wholeAudio(bytes: Uint8Array, file: string): Audio {
  if (bytes.length > WHOLE_BYTES) {
    throw new DataFormatError('WAV_TOO_LARGE', file, `has ${bytes.length} bytes in a form that has to be decoded as a whole`, null, `${WHOLE_BYTES} bytes, or PCM`); // prettier-ignore
  }
  const wave = openWave(bytes, file);
  const { numChannels: channels, sampleRate: rate } = wave.fmt as { numChannels: number; sampleRate: number };
  checkFormat({ channels, rate }, file, 12);
  const decoded = realsOf(wave);
  const samples = decoded[0]?.length ?? 0;
  return {
    rate,
    channels,
    samples,
    read(from, end, channel) {
      const out = new Float64Array(Math.max(0, end - from));
      const [first, last] = [Math.max(0, from), Math.min(samples, Math.max(0, end))];
      const one = oneChannel(decoded, channels, channel, file);
      if (last > first) out.set(one.subarray(first, last), first - from);
      return out;
    },
  };
}

function oneChannel(
  decoded: readonly Float64Array[],
  channels: number,
  channel: number | 'mean' | null,
  file: string,
): Float64Array {
  if (channel === null && channels > 1) {
    throw new DataFormatError('WAV_CHANNELS', file, `has ${channels} channels`, null, 'mono, or channel=mean, or channel=0 of the features'); // prettier-ignore
  }
  if (typeof channel === 'number' && channel >= channels) {
    throw new DataFormatError('WAV_CHANNELS', file, `has no channel ${channel}`, null, `0 to ${channels - 1}`);
  }
  const [first = new Float64Array()] = decoded;
  if (channel !== 'mean') return decoded[channel ?? 0] ?? first;
  return first.map((_, n) => decoded.reduce((sum, one) => sum + one[n]!, 0) / decoded.length);
}

function decode(bytes: Uint8Array, file: string): Float64Array[] {
  return realsOf(openWave(bytes, file));
}

function openWave(bytes: Uint8Array, file: string): WaveFile {
  try {
    const wave = new WaveFile();
    wave.fromBuffer(bytes);
    if (wave.bitDepth === '8a') wave.fromALaw();
    if (wave.bitDepth === '8m') wave.fromMuLaw();
    if (wave.bitDepth === '4') wave.fromIMAADPCM();
    return wave;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataFormatError('WAV_DAMAGED', file, `cannot be read as wav: ${why}`);
  }
}

/** One array for each channel. Integers of n bits over 2^(n-1); 8 bits are stored from 0 up. Floats pass. */
function realsOf(wave: WaveFile): Float64Array[] {
  const samples = wave.getSamples(false, Float64Array) as Float64Array | Float64Array[];
  const channels = Array.isArray(samples) ? samples : [samples];
  if (wave.bitDepth === '32f' || wave.bitDepth === '64') return channels;
  const full = 2 ** (Number(wave.bitDepth) - 1);
  const zero = wave.bitDepth === '8' ? 128 : 0;
  return channels.map((one) => one.map((sample) => (sample - zero) / full));
}

/** The library's windowed sinc, with its low-pass where the rate falls. Its ends are those of the input: up to half a sample off. */
export function resample(samples: Float64Array, from: number, to: number): Float64Array {
  if (from === to || samples.length === 0) return samples;
  const wave = new WaveFile();
  wave.fromScratch(1, from, '64', samples);
  wave.toSampleRate(to, { method: 'sinc' });
  return wave.getSamples(false, Float64Array);
}
