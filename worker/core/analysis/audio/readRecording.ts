import { openAudio, resample } from '../../data/audio';
import { DataFormatError } from '../../data/dataFormatError';
import type { NamedBytes } from '../../formats/namedBytes';
import { AUDIO_LIMITS } from '../../report/audioDetail';
import type { NamedSignal } from './audioAnswer';

/** A recording at the rate that it is compared at; several channels as their mean. @throws DataFormatError */
export function readRecording({ name, bytes }: NamedBytes, rate: number): NamedSignal {
  const audio = openAudio(bytes, name);
  if (audio.samples > AUDIO_LIMITS.values) {
    throw new DataFormatError('WAV_TOO_LONG', name, `has ${audio.samples} samples`, null, `${AUDIO_LIMITS.values} samples`);
  }
  const samples = audio.read(0, audio.samples, 'mean');
  return { name, signal: Float32Array.from(resample(samples, audio.rate, rate)) };
}
