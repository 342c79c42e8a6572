import { WaveFile } from 'wavefile';
import type { Tensor } from '../model/model';
import { elementCount, formatShape } from '../run/arrays';
import type { DataArray } from './dataArray';
import { DataFormatError } from './dataFormatError';

/**
 * Mono audio for a model that takes raw samples: reals in -1..1 (int16 codes for an int16 input without scale), in the
 * input's own shape. @throws DataFormatError when the file is no mono wav, or the model takes features and not audio
 */
export function openWav(bytes: Uint8Array, file: string, input: Tensor): DataArray[] {
  const wave = decode(bytes, file);
  const { numChannels, sampleRate } = wave.fmt as { numChannels: number; sampleRate: number };
  if (numChannels !== 1) {
    throw new DataFormatError('WAV_CHANNELS', file, `has ${numChannels} channels`, null, 'mono');
  }
  wave.toBitDepth('32f');
  const data = new Float32Array(wave.getSamples(false, Float64Array));
  const axis = audioAxis(input);
  if (axis === null) {
    const said = `is audio (${data.length} samples at ${sampleRate} Hz), but input ${input.name} takes ${formatShape(input.shapeSignature)}`;
    throw new DataFormatError('WAV_FOR_FEATURES', file, `${said}: compute its features and give them as .npy`);
  }
  const wanted = input.shapeSignature[axis] ?? -1;
  if (wanted > 1 && wanted !== data.length) {
    throw new DataFormatError('WAV_LENGTH', file, `has ${data.length} samples`, null, `${wanted}, as input ${input.name} takes`);
  }
  const shape = input.shape.map((size, index) => (index === axis ? data.length : size));
  return [{ key: null, shape, load: () => ({ dtype: 'float32', shape, data }) }];
}

/** The axis that counts samples: the only one that is not 1. Null where the input takes more than one value per step. */
function audioAxis(input: Tensor): number | null {
  const wide = input.shapeSignature.map((size, index) => (size === 1 ? -1 : index)).filter((index) => index >= 0);
  const only = wide[0];
  return wide.length === 1 && only !== undefined && elementCount(input.shape) >= 1 ? only : null;
}

function decode(bytes: Uint8Array, file: string): WaveFile {
  const id = new TextDecoder('latin1').decode(bytes.subarray(0, 4));
  if (!['RIFF', 'RIFX', 'RF64'].includes(id)) throw new DataFormatError('WAV_MAGIC', file, 'is not a wav file: it does not start with RIFF', 0); // prettier-ignore
  try {
    const wave = new WaveFile();
    wave.fromBuffer(bytes);
    return wave;
  } catch (error) {
    throw new DataFormatError(
      'WAV_DAMAGED',
      file,
      `cannot be read as wav: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
