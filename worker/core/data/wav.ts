import { WaveFile } from 'wavefile';
import type { Tensor } from '../model/model';
import { formatShape } from '../run/arrays';
import type { NumericArray, Value } from '../run/value';
import type { DataArray } from './dataArray';
import { DataFormatError } from './dataFormatError';

/**
 * Mono audio for a model that takes raw samples, in the input's own shape: reals in -1..1 (16-bit samples / 32768), or the
 * 16-bit samples themselves for an int16 input without scale.
 * @throws DataFormatError when the file is no mono wav, or the model takes features and not audio
 */
export function openWav(bytes: Uint8Array, file: string, input: Tensor): DataArray[] {
  const wave = decode(bytes, file);
  const { numChannels, sampleRate } = wave.fmt as { numChannels: number; sampleRate: number };
  if (numChannels !== 1) throw new DataFormatError('WAV_CHANNELS', file, `has ${numChannels} channels`, null, 'mono');
  const samples = wave.getSamples(false, Float64Array);
  const axis = audioAxis(input);
  if (axis === null) {
    const taken = `input ${input.name} takes ${formatShape(input.shapeSignature)}`;
    const message = `is audio (${samples.length} samples at ${sampleRate} Hz), but ${taken}: compute its features and give them as .npy`;
    throw new DataFormatError('WAV_FOR_FEATURES', file, message);
  }
  const wanted = input.shapeSignature[axis] ?? -1;
  if (wanted > 1 && wanted !== samples.length) {
    throw new DataFormatError(
      'WAV_LENGTH',
      file,
      `has ${samples.length} samples`,
      null,
      `${wanted}, as input ${input.name} takes`,
    );
  }
  const shape = input.shape.map((size, index) => (index === axis ? samples.length : size));
  const takesCodes = input.dtype === 'int16' && input.quantization === null && wave.bitDepth === '16';
  const data: NumericArray = takesCodes ? Int16Array.from(samples) : toReals(samples, wave.bitDepth);
  return [{ key: null, shape, load: (): Value => ({ dtype: takesCodes ? 'int16' : 'float32', shape, data }) }];
}

/** The axis that counts samples: the only one that is not 1. Null where the input takes more than one value per step. */
function audioAxis(input: Tensor): number | null {
  const wide = input.shapeSignature.flatMap((size, index) => (size === 1 ? [] : [index]));
  return wide.length === 1 ? (wide[0] ?? null) : null;
}

/** Integers of n bits over 2^(n-1); 8 bits are stored from 0 up. Floats pass. */
function toReals(samples: Float64Array, bitDepth: string): Float32Array {
  if (bitDepth === '32f' || bitDepth === '64') return Float32Array.from(samples);
  const full = 2 ** (Number(bitDepth) - 1);
  const zero = bitDepth === '8' ? 128 : 0;
  return Float32Array.from(samples, (sample) => (sample - zero) / full);
}

/** A wav of plain integers or floats; A-law, mu-law and ADPCM are expanded to 16 bits. */
function decode(bytes: Uint8Array, file: string): WaveFile {
  const id = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
  if (!['RIFF', 'RIFX', 'RF64'].includes(id)) {
    throw new DataFormatError('WAV_MAGIC', file, 'is not a wav file: it does not start with RIFF', 0);
  }
  try {
    const wave = new WaveFile();
    wave.fromBuffer(bytes);
    if (wave.bitDepth === '8a') wave.fromALaw();
    if (wave.bitDepth === '8m') wave.fromMuLaw();
    if (wave.bitDepth === '4') wave.fromIMAADPCM();
    return wave;
  } catch (error) {
    throw new DataFormatError(
      'WAV_DAMAGED',
      file,
      `cannot be read as wav: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
